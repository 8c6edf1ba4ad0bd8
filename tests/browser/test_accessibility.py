"""Every screen of the phone app, and a patient's page, before axe, light and dark."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, sign_in
from tests.servers import ROOT
from tracker.demo.people import CLINICIAN_EMAIL, PATIENT_EMAIL

pytestmark = pytest.mark.browser

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = {
    "today": ("/", "Mood today"),
    "history": ("/history", "Your days"),
    "trends": ("/trends", "Energy"),
    "a day long ago": ("/day/2026-01-10", "Back to all days"),
    "infusions": ("/infusion", "Infusions"),
    "me": ("/me", "Your time zone"),
    "own days on paper": ("/print", "Diary of"),
    "empty sheet": ("/sheet", "Diary sheet"),
    "help": ("/help", "Help now"),
}


def violations(page) -> list[str]:
    """What axe finds, each with the element it is about."""
    found = page.evaluate(
        f"{AXE.read_text()}; axe.run(document, {{runOnly: {json.dumps(STANDARD)}}})"
        ".then((result) => result.violations.map((one) =>"
        " `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`))"
    )
    return [text[:300] for text in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_phones_screens_have_no_barrier_axe_knows(open_page, scheme):
    # A colour on its way to another one is none that anybody reads.
    calm = {"bypass_csp": True, "reduced_motion": "reduce"}
    phone = open_page(PHONE, color_scheme=scheme, **calm)
    phone.goto("/")
    expect(phone.get_by_role("button", name="E-mail me a code")).to_be_visible()
    found = {"sign in": violations(phone)}
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    for name, (path, text) in SCREENS.items():
        phone.goto(path)
        expect(phone.get_by_text(text).first).to_be_visible()
        found[name] = violations(phone)
    phone.evaluate("localStorage.setItem('lock', 'on')")
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Locked")).to_be_visible()
    found["locked"] = violations(phone)

    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_patients_page_has_no_barrier_axe_knows(open_page, scheme):
    desk = open_page(DESKTOP, color_scheme=scheme, bypass_csp=True)
    sign_in(desk, CLINICIAN_EMAIL, "/dashboard/")
    desk.get_by_role("link", name="Ana Demo").first.click()
    expect(desk.locator(".js-plotly-plot").first).to_be_visible()

    assert violations(desk) == []


SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, textarea")]
  .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([one, box]) => box.width && one.closest(".checkin, nav"))
  .filter(([, box]) => box.height < 44 || box.width < 24)
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""


def test_what_a_thumb_touches_is_large_enough(open_page):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Mood today")).to_be_visible()

    assert phone.evaluate(SMALL_TARGETS) == []
    narrow = "() => Math.min(...[...document.querySelectorAll('.segments label')]"
    assert phone.evaluate(f"{narrow}.map((one) => one.clientWidth))") >= 30

"""The whole loop: a patient logs on a phone, a clinician sees it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, sign_in
from tracker.demo.people import CLINICIAN_EMAIL, PATIENT_EMAIL

pytestmark = pytest.mark.browser


def rate(page, question: str, score: int) -> None:
    group = page.get_by_role("group", name=question)
    group.get_by_role("radio", name=re.compile(f"^{score}(,|$)")).click()


def test_day_logged_on_a_phone_is_found_on_the_clinicians_page(open_page):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    expect(phone.get_by_text("Nothing written yet")).to_be_visible()

    # An unremarkable day: eight taps.
    rate(phone, "Mood today", 7)
    rate(phone, "Anxious or tense", 3)
    rate(phone, "Pain, on average", 2)
    rate(phone, "Last night's sleep", 6)
    rate(phone, "Energy today", 5)
    phone.get_by_role("button", name="7 hours").click()
    phone.get_by_role("button", name="None", exact=True).click()
    phone.get_by_label("Note").fill("Walked by the water, found by my doctor.")
    phone.get_by_role("button", name="Save", exact=True).click()
    expect(phone.get_by_text("Sent to your clinic")).to_be_visible()

    desk = open_page(DESKTOP)
    sign_in(desk, CLINICIAN_EMAIL, "/dashboard/")
    desk.get_by_role("link", name="Ana Demo").first.click()
    expect(desk.get_by_role("heading", name="Ana Demo")).to_be_visible()
    row = desk.get_by_role("row").filter(has_text="found by my doctor")
    # The past is drawn after the present.
    expect(row).to_contain_text("7", timeout=30_000)
    # The spell moves by itself: the worker has counted today, no restart.
    expect(desk.locator(".sentence")).to_contain_text(
        re.compile(r"last seen on day 24"), timeout=30_000
    )
    expect(desk.locator(".js-plotly-plot")).to_have_count(4)
    traced = desk.evaluate(
        "() => { const t = document.querySelector('.js-plotly-plot').data[0];"
        " return [t.name, t.y[t.y.length - 1]] }"
    )
    assert traced == ["Mood", 7]


def go_to_yesterday(phone):
    """Both days ask the same questions: wait until the other one is shown."""
    today = phone.get_by_role("heading", level=1).inner_text()
    phone.get_by_role("link", name="Yesterday").click()
    phone.wait_for_url("**/day/**")
    expect(phone.get_by_role("heading", level=1)).not_to_have_text(today)


KEPT_DRAFTS = """() => new Promise((resolve) => {
  const opening = indexedDB.open("respite");
  opening.onsuccess = () => {
    const rows = opening.result.transaction("drafts").objectStore("drafts").count();
    rows.onsuccess = () => { opening.result.close(); resolve(rows.result); };
  };
})"""


def wait_for_draft(phone):
    for _ in range(100):
        if phone.evaluate(KEPT_DRAFTS):
            return
        phone.wait_for_timeout(100)
    raise AssertionError("the half-filled day was not kept on the phone")


def test_half_filled_day_survives_a_reload(open_page):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    go_to_yesterday(phone)
    rate(phone, "Mood today", 4)
    # A person takes longer than the phone to keep it; the test must wait for it.
    wait_for_draft(phone)

    phone.reload()

    expect(phone.get_by_role("radio", name="4", exact=True).first).to_be_checked()
    expect(phone.get_by_text("Not saved yet")).to_be_visible()


def test_day_saved_without_signal_is_kept_and_sent_later(open_page):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    go_to_yesterday(phone)
    rate(phone, "Energy today", 3)
    # Every request fails, as without signal.
    phone.route("**/api/**", lambda route: route.abort())

    phone.get_by_role("button", name="Save", exact=True).click()
    expect(phone.get_by_text("Saved on this phone")).to_be_visible()
    phone.unroute("**/api/**")
    phone.evaluate("dispatchEvent(new Event('online'))")

    expect(phone.get_by_text("Sent to your clinic")).to_be_visible()


def test_patients_and_strangers_get_nothing_of_the_dashboard(open_page):
    stranger = open_page(PHONE)
    answer = stranger.request.get("/dashboard/_dash-layout", max_redirects=0)
    assert answer.status == 401
    stranger.goto("/dashboard/")
    assert "/sign-in?next=" in stranger.url

    sign_in(stranger, PATIENT_EMAIL)
    expect(stranger.get_by_text("Mood today")).to_be_visible()
    for path in ("", "_dash-layout", "_dash-dependencies", "patient/x"):
        assert stranger.request.get(f"/dashboard/{path}").status == 404


def test_phone_app_can_be_installed(open_page):
    phone = open_page(PHONE)
    phone.goto("/")
    session = phone.context.new_cdp_session(phone)
    found = session.send("Page.getInstallabilityErrors")

    errors = {error["errorId"] for error in found["installabilityErrors"]}
    # A browser without a profile cannot install anything; that is all it may say.
    assert errors <= {"in-incognito"}
    assert session.send("Page.getAppManifest")["errors"] == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_screen(open_page, size, scheme):
    page = open_page(size, color_scheme=scheme)
    sign_in(page, CLINICIAN_EMAIL, "/dashboard/")
    page.get_by_role("link", name="Ana Demo").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()

    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"]

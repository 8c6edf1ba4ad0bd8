"""A clinician checks the numbers patients see in a crisis."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, sign_in
from tracker.demo.people import CLINICIAN_EMAIL

pytestmark = pytest.mark.browser


def test_clinician_fills_in_corrects_and_confirms_the_numbers(open_page, site):
    desk = open_page(DESKTOP)
    sign_in(desk, CLINICIAN_EMAIL, "/dashboard/")
    desk.get_by_role("link", name="Clinic", exact=True).click()
    expect(desk.get_by_text("Numbers for a crisis")).to_be_visible()
    lines = desk.get_by_label("Crisis lines")
    lines.fill("024 | soon")
    desk.get_by_role("button", name="We have checked these numbers").click()
    expect(desk.get_by_text("Line 1, phone: soon is given")).to_be_visible()
    expect(lines).to_have_value("024 | soon")

    desk.get_by_role("button", name="Fill in what is known").click()
    expect(desk.get_by_text("Nobody has checked these for you")).to_be_visible()
    desk.get_by_role("button", name="We have checked these numbers").click()

    expect(
        desk.get_by_text("Confirmed: the emergency number and 1 line")
    ).to_be_visible()
    kept = site.run("from tracker.models import CrisisLines;"
                    "print(CrisisLines.objects.get().confirmed_by)")  # fmt: skip
    assert kept.splitlines()[-1] == "Dr Cole"

"""The dashboard's language: chosen in the bar, kept, and spoken by callbacks too."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, sign_in
from tracker.demo.people import CLINICIAN_EMAIL

pytestmark = pytest.mark.browser


def caseload_in_spanish(page):
    sign_in(page, CLINICIAN_EMAIL, "/dashboard/")
    patients = page.locator(".caseload tbody tr").first
    expect(patients).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="ES", exact=True).click()
    expect(page.get_by_role("heading", name="Pacientes a su cargo")).to_be_visible(
        timeout=30_000
    )
    expect(patients).to_be_visible(timeout=30_000)
    return page


def test_switch_in_the_bar_is_kept_and_heard_everywhere(open_page):
    desk = caseload_in_spanish(open_page(DESKTOP))
    expect(desk.locator("html")).to_have_attribute("lang", "es")

    desk.get_by_role("link", name="Ana Demo").first.click()
    expect(desk.get_by_role("heading", name="Cronología")).to_be_visible(timeout=30_000)
    months = desk.locator(".js-plotly-plot .xtick").first
    expect(months).to_have_text(
        re.compile("^(ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)"), timeout=30_000
    )

    # The last part to be drawn: nothing is on its way any more.
    last = desk.get_by_role("heading", name="Los últimos 30 días")
    expect(last).to_be_visible(timeout=30_000)

    desk.get_by_role("button", name="EN", exact=True).click()
    expect(desk.get_by_role("heading", name="Timeline")).to_be_visible(timeout=30_000)


def test_longer_words_fit_a_phone(open_page):
    phone = caseload_in_spanish(open_page(PHONE))

    wider = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0

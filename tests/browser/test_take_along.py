"""What leaves the screen: a sheet of paper, a picture, numbers, and a link."""

import csv
import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, sign_in
from tracker.demo.people import CLINICIAN_EMAIL, NURSE_EMAIL, PATIENT_EMAIL

pytestmark = pytest.mark.browser
PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.fixture
def desk(open_page):
    desk = open_page(DESKTOP, color_scheme="dark")
    sign_in(desk, CLINICIAN_EMAIL, "/dashboard/")
    expect(desk.locator(".caseload tbody tr").first).to_be_visible(timeout=30_000)
    desk.get_by_role("link", name="Ana Demo").first.click()
    expect(desk.locator(".js-plotly-plot").first).to_be_visible(timeout=30_000)
    return desk


def text_of(page, selector: str) -> str:
    return page.locator(selector).first.inner_text()


def test_report_says_what_the_page_says_on_two_sheets_at_most(desk):
    said = [text_of(desk, ".sentence"), text_of(desk, ".outlook-line")]
    desk.get_by_role("link", name="Visit report").click()
    printing = desk.get_by_role("button", name="Print or save as PDF")
    expect(printing).to_be_visible(timeout=30_000)
    expect(desk.locator(".report .js-plotly-plot")).to_be_visible()

    report = desk.locator(".report")
    assert [text_of(desk, ".sentence"), text_of(desk, ".outlook-line")] == said
    paper = report.evaluate("one => getComputedStyle(one).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    pdf = desk.pdf(prefer_css_page_size=True)
    assert 1 <= len(PAGES.findall(pdf)) <= 2


def test_chart_is_taken_as_numbers_picture_and_drawing(desk):
    card = desk.locator(".card").filter(has_text="Timeline").first
    with desk.expect_download() as got:
        card.get_by_role("button", name="Numbers").click()
    assert re.fullmatch(
        r"respite-timeline-\d{4}-\d\d-\d\d\.csv", got.value.suggested_filename
    )
    rows = list(csv.reader(got.value.path().read_text().splitlines()))
    assert rows[0] == ["series", "x", "y"]
    moods = [row for row in rows if row[0] == "Mood" and row[2]]
    assert len(moods) > 100

    for name, kind in (("Picture", "png"), ("Drawing", "svg")):
        with desk.expect_download() as got:
            card.get_by_role("button", name=name).click()
        assert got.value.suggested_filename.endswith(f".{kind}")


def test_link_opens_for_a_colleague_and_for_nobody_else(desk, open_page):
    address = desk.url
    nurse = open_page(DESKTOP)
    sign_in(nurse, NURSE_EMAIL, "/dashboard/")
    expect(nurse.locator(".caseload tbody tr").first).to_be_visible(timeout=30_000)
    nurse.goto(f"{address}/report")
    expect(nurse.get_by_role("heading", name="Ana Demo")).to_be_visible(timeout=30_000)

    patient = open_page(DESKTOP, expected="404")
    sign_in(patient, PATIENT_EMAIL)
    expect(patient.get_by_text("Mood today")).to_be_visible()
    answer = patient.goto(f"{address}/report")
    assert answer is not None
    assert answer.status == 404


def test_other_criteria_move_every_number_and_stay_in_the_link(desk):
    before = text_of(desk, ".sentence")
    desk.get_by_text("Criteria", exact=True).click()
    desk.get_by_label("Relief is lost below, %").fill("")
    begins = desk.get_by_label("Relief begins at a change of, %")
    begins.fill("much")
    desk.get_by_role("button", name="Judge by these").click()
    refused = desk.get_by_text("much is not a number.")
    expect(refused).to_be_visible(timeout=30_000)
    expect(begins).to_have_value("much")

    begins.fill("90")
    desk.get_by_label("Relief is lost below, %").fill("85")
    desk.get_by_role("button", name="Judge by these").click()
    expect(desk.get_by_text("Not the clinic's criteria.")).to_be_visible(timeout=30_000)
    expect(desk).to_have_url(re.compile(r"on=90&off=85"))
    after = text_of(desk, ".sentence")
    assert after != before

    desk.reload()
    expect(desk.get_by_text("Not the clinic's criteria.")).to_be_visible(timeout=30_000)
    assert text_of(desk, ".sentence") == after
    desk.get_by_role("link", name="Visit report").click()
    expect(desk.locator(".report .js-plotly-plot")).to_be_visible(timeout=30_000)
    assert text_of(desk, ".sentence") == after
    expect(desk.get_by_text("Not the clinic's criteria.")).to_be_visible()
    desk.get_by_role("link", name="Back to the patient").click()
    desk.get_by_role("button", name="Back to the clinic's").click()
    expect(desk.get_by_text("Not the clinic's criteria.")).to_have_count(0)
    expect(desk.locator(".sentence").first).to_have_text(before, timeout=30_000)


def test_axis_counts_days_since_each_infusion_and_keeps_its_place(desk):
    axis = "() => document.querySelector('.choosing .js-plotly-plot')._fullLayout.xaxis"
    before = desk.evaluate(f"({axis})().range")

    desk.get_by_role("button", name="Days since infusion").click()
    desk.wait_for_function(f"({axis})().tickmode === 'array'")

    assert desk.evaluate(f"({axis})().range") == before
    places = desk.evaluate(f"({axis})().tickvals")
    days = desk.evaluate(f"({axis})().ticktext")
    given = desk.evaluate(
        "document.querySelector('.choosing .js-plotly-plot').layout.meta.infusions"
    )
    assert days.count("0") >= 2
    for place, day in zip(places, days, strict=True):
        last = max(one for one in given if one <= place)
        assert date.fromisoformat(place) == date.fromisoformat(last) + timedelta(
            days=int(day)
        )

    desk.get_by_role("button", name="Dates", exact=True).click()
    desk.wait_for_function(f"({axis})().tickmode === 'auto'")
    assert desk.evaluate(f"({axis})().range") == before

"""Looking back on the phone: a month, one day with its history, the trends."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.test_offline import day_on, no_signal, save, written_days

pytestmark = pytest.mark.browser


def spoken(on: str) -> str:
    day = date.fromisoformat(on)
    return f"{day:%A} {day.day} {day:%b}".replace("Sep", "Sept")


def test_calendar_leads_to_a_day_whose_changes_are_told(phone, site):
    on = written_days(site)[0]
    phone.goto("/history")
    if on[:7] != phone.evaluate("new Date().toISOString().slice(0, 7)"):
        phone.get_by_role("button", name="Month before").click()
    cell = phone.locator(".calendar").get_by_role(
        "link", name=re.compile(rf"^{spoken(on)}, written")
    )
    cell.click()
    phone.get_by_label("Note").fill("a second thought")
    save(phone)
    expect(phone.get_by_text("Sent to your clinic")).to_be_visible()

    phone.get_by_text("How this day was written").click()

    told = phone.locator(".revisions li")
    expect(told.first).to_contain_text("changed")
    expect(told.first).to_contain_text("Note: a second thought")
    expect(told.last).to_contain_text(re.compile(r"written\b.*Mood \d"))


def test_a_day_too_long_ago_is_read_and_not_changed(phone, site):
    on = (date.fromisoformat(written_days(site)[0]) - timedelta(days=20)).isoformat()
    phone.goto(f"/day/{on}")

    expect(phone.get_by_text("You can fill in days back to")).to_be_visible()
    expect(phone.get_by_role("button", name="Save", exact=True)).to_have_count(0)


def test_trends_draw_and_tell_the_same_values_without_signal(phone, site):
    on = written_days(site)[0]
    phone.goto("/trends")
    expect(phone.locator("figure.trend.mood svg .given")).not_to_have_count(0)
    no_signal(phone)
    phone.get_by_role("link", name="Today").click()
    phone.goto("/trends")

    expect(phone.locator("figure.trend.mood svg .dots")).to_be_visible()
    phone.get_by_text("The same as a table").click()
    row = phone.get_by_role("row", name=re.compile(rf"^{spoken(on)}"))
    expect(row.get_by_role("cell").first).to_have_text(str(day_on(site, on)["mood"]))


def test_past_relief_is_told_in_days_and_nothing_more(phone):
    phone.goto("/trends")

    card = phone.locator("section").filter(has_text="How long relief lasted")
    expect(
        card.get_by_text(re.compile(r"days so far|between|at least")).first
    ).to_be_visible()
    expect(card.get_by_text("your clinic decides with you")).to_be_visible()
    expect(card.get_by_text("may fade")).to_have_count(0)

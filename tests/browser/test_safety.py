"""The safety card: there in a bad hour, without signal, and nobody else's to read."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.test_loop import rate
from tests.browser.test_offline import ALL_ROWS, no_signal, signal, wait_until
from tracker.demo.people import PATIENT_EMAIL

pytestmark = pytest.mark.browser
HELP = "Call Eva if the nights get long."


def stored_plan(site) -> str:
    return site.run(
        "from tracker.models import SafetyPlan;"
        "print('plan:', *SafetyPlan.objects.values_list('helps', flat=True))"
    ).splitlines()[-1]


def test_card_and_plan_are_there_from_a_cold_start_without_signal(phone, site):
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(phone, lambda: json.loads(phone.evaluate(ALL_ROWS))["lists"])
    no_signal(phone)
    phone.goto("/help")
    emergency = phone.get_by_role("link", name="Call 112")
    expect(emergency).to_have_attribute("href", "tel:112")
    expect(phone.get_by_role("link", name="Call 024")).to_be_visible()
    expect(phone.get_by_text(re.compile("closed, opens|open until"))).to_be_visible()

    phone.get_by_role("button", name="Change my plan").click()
    phone.get_by_label("Somebody I can call").fill("Eva")
    phone.get_by_label("Their number").fill("+34 600 000 000")
    phone.get_by_label("What helps me").fill(HELP)
    phone.get_by_role("button", name="Save my plan").click()
    expect(phone.get_by_text(HELP)).to_be_visible()
    phone.goto("/help")
    expect(phone.get_by_text(HELP)).to_be_visible()
    eva = phone.get_by_role("link", name="Call +34 600 000 000")
    expect(eva).to_have_attribute("href", "tel:+34600000000")
    rows = phone.evaluate(ALL_ROWS)
    assert HELP not in rows
    assert "Eva" not in rows
    assert HELP not in stored_plan(site)

    signal(phone)
    phone.evaluate("dispatchEvent(new Event('online'))")
    wait_until(phone, lambda: HELP in stored_plan(site))


def test_a_number_nobody_can_call_is_told_beside_its_field(phone):
    phone.goto("/help")
    phone.get_by_role("button", name=re.compile("my plan")).click()
    phone.get_by_label("Their number").fill("ask Eva")
    phone.get_by_role("button", name="Save my plan").click()

    field = phone.get_by_label("Their number")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("ask Eva")


def test_a_red_flag_shows_the_card_at_once_and_keeps_the_day(phone):
    phone.get_by_role("link", name="Yesterday").click()
    rate(phone, "Mood today", 2)
    phone.get_by_role("button", name="Add", exact=True).click()
    phone.get_by_role("button", name="Chest pain").click()

    card = phone.get_by_role("region", name="Safety card")
    expect(card.get_by_role("link", name="Call 112")).to_be_visible()
    group = phone.get_by_role("group", name="Mood today")
    expect(group.get_by_role("radio", name="2", exact=True)).to_be_checked()


def write_plan(phone, helps: str, number: str = "") -> None:
    phone.get_by_role("button", name=re.compile("(Write|Change) my plan")).click()
    phone.get_by_label("What helps me").fill(helps)
    phone.get_by_label("Their number").fill(number)
    phone.get_by_role("button", name="Save my plan").click()


def test_a_plan_the_clinic_has_can_be_changed(phone, site):
    phone.goto("/help")
    expect(phone.get_by_role("link", name="Call 112")).to_be_visible()
    write_plan(phone, "A bath.")
    wait_until(phone, lambda: "A bath." in stored_plan(site))
    phone.goto("/help")
    write_plan(phone, "A nap.")

    wait_until(phone, lambda: "A nap." in stored_plan(site))
    expect(phone.get_by_role("button", name="Change my plan")).to_be_visible()


def test_a_late_answer_does_not_drop_what_was_written_since(phone):
    held = []

    def first_late_then_none(route):
        if held:
            route.abort()
        else:
            held.append(route)

    phone.goto("/help")
    expect(phone.get_by_role("link", name="Call 112")).to_be_visible()
    no_signal(phone)
    write_plan(phone, "A walk first.")
    expect(phone.get_by_text("A walk first.")).to_be_visible()
    phone.context.route("**/api/v1/safety/plan/", first_late_then_none)
    signal(phone)
    wait_until(phone, lambda: held)
    write_plan(phone, "Music now.")
    phone.wait_for_timeout(500)
    held[0].continue_()
    phone.wait_for_timeout(1500)

    phone.goto("/help")
    expect(phone.get_by_text("Music now.")).to_be_visible()


def test_two_versions_of_a_plan_show_the_contact_they_differ_in(phone, open_page):
    other = open_page(PHONE, expected="409")
    sign_in(other, PATIENT_EMAIL)
    expect(other.get_by_text("Synthetic demo data")).to_be_visible()
    other.goto("/help")
    expect(other.get_by_role("link", name="Call 112")).to_be_visible()
    no_signal(other)
    phone.goto("/help")
    # What is not there yet is hidden too: the answer says that it was sent.
    with phone.expect_response("**/api/v1/safety/plan/"):
        write_plan(phone, "Tea.", "600 000 001")
    write_plan(other, "Tea.", "600 000 002")
    signal(other)

    asked = other.get_by_role("alert")
    expect(asked.get_by_text("600 000 001")).to_be_visible()
    expect(asked.get_by_text("600 000 002")).to_be_visible()

"""The safety card: there in a bad hour, without signal, and nobody else's to read."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_loop import rate, sign_in
from tests.browser.test_offline import ALL_ROWS, no_signal, signal, wait_until
from tracker.demo.people import PATIENT_EMAIL

pytestmark = pytest.mark.browser
HELP = "Call Eva if the nights get long."


@pytest.fixture
def phone(open_page):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    return phone


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

    phone.get_by_role("button", name="Write my plan").click()
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

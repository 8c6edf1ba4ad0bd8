"""A session that ended keeps what was written, and its writer says what becomes of it."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in_ana
from tests.browser.test_loop import rate
from tests.browser.test_offline import ALL_ROWS, no_signal, save, signal

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(open_page, ana):
    """Ana wrote a day without signal, and her clinic ended her session meanwhile."""
    phone = open_page(PHONE, base_url=ana.site.url, expected="401 (Unauthorized)")
    sign_in_ana(phone)
    expect(phone.get_by_text("Nothing written yet")).to_be_visible()
    no_signal(phone)
    rate(phone, "Mood today", 4)
    save(phone)
    expect(phone.get_by_text("Saved on this phone")).to_be_visible()
    # All of them: Ana is the only one who is signed in there.
    ana.site.run(
        "from django.contrib.sessions.models import Session;"
        "Session.objects.all().delete()"
    )
    signal(phone)
    phone.goto("/")
    expect(phone.get_by_text("Ana was signed out.")).to_be_visible()
    expect(phone.get_by_text("1 day waits to be sent.")).to_be_visible()
    return phone


def test_what_waited_is_sent_after_signing_in_again(phone, ana):
    sign_in_ana(phone)

    expect(phone.get_by_text("Sent to your clinic")).to_be_visible()
    assert [day["mood"] for day in ana.days().json()["results"]] == [4]


def test_what_waited_leaves_as_a_file_and_is_then_removed(phone, ana):
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Save as a file").click()
    kept = json.loads(download.value.path().read_text())
    assert [day["mood"] for day in kept] == [4]

    phone.get_by_role("button", name="Remove it from this phone").click()
    phone.get_by_role("button", name="Yes, remove it unsent").click()

    expect(phone.get_by_text("Ana was signed out.")).to_have_count(0)
    assert not any(json.loads(phone.evaluate(ALL_ROWS)).values())
    assert ana.days().json()["results"] == []

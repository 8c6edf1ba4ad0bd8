"""Coming in by passkey and by code, the app's lock, and ended sessions."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, sign_in_ana, type_password
from tests.servers import Person

INVITE = """
from django.utils import timezone
from tracker import actions
from tracker.models import User
user = User.objects.get(email="ana@test.example")
print(actions.invite(None, user, now=timezone.now()))
"""
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Owner:
    """Whoever holds the phone, and whether its lock knows them."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        self._id = self._devtools.send(
            "WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR}
        )["authenticatorId"]

    def is_known(self, known: bool) -> None:
        self._devtools.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self._id, "isUserVerified": known},
        )


@pytest.fixture
def at_localhost(ana: Person, open_page) -> Callable[[str], Page]:
    """Ana's phone, at a name: an address of numbers can have no passkeys."""

    def open_at(path: str, page: Page | None = None) -> Page:
        page = page or open_page(PHONE, expected="Failed to load resource")
        if not hasattr(page, "owner"):
            page.owner = Owner(page)  # type: ignore[attr-defined]
        page.goto(f"http://localhost:{ana.site.port}{path}")
        return page

    return open_at


def accept_with_passkey(ana: Person, at_localhost) -> Page:
    phone = at_localhost(f"/welcome#{ana.site.run(INVITE)}")
    phone.get_by_role("button", name="With this phone's lock").click()
    expect(phone.get_by_role("link", name="Today")).to_be_visible()
    return phone


def test_invited_patient_makes_a_passkey_and_comes_back_by_it(ana, at_localhost):
    phone = accept_with_passkey(ana, at_localhost)
    phone.get_by_role("link", name="Me").click()
    expect(phone.get_by_text("Your passkeys")).to_be_visible()
    phone.get_by_role("button", name="Sign out").click()

    phone.get_by_role("button", name="Use a passkey").click()

    expect(phone.get_by_role("link", name="Today")).to_be_visible()


def test_phone_that_does_not_confirm_keeps_the_invited_patient_in(ana, at_localhost):
    phone = at_localhost("/help")
    phone.owner.is_known(False)
    phone = at_localhost(f"/welcome#{ana.site.run(INVITE)}", phone)

    phone.get_by_role("button", name="With this phone's lock").click()

    expect(phone.get_by_text("Your phone did not confirm it")).to_be_visible()
    phone.get_by_role("button", name="Go on without").click()
    expect(phone.get_by_role("link", name="Today")).to_be_visible()


def test_lock_opens_without_signal_for_the_owner_only(ana, at_localhost):
    phone = accept_with_passkey(ana, at_localhost)
    phone.get_by_role("link", name="Me").click()
    phone.get_by_label("Ask for this phone's lock").check()
    phone.evaluate("navigator.serviceWorker.ready")
    phone.context.set_offline(True)
    phone.goto(phone.url.replace("/me", "/"))
    phone.owner.is_known(False)

    phone.get_by_role("button", name="Open with this phone's lock").click()

    expect(phone.get_by_text("The app stays locked")).to_be_visible()
    expect(phone.get_by_role("link", name="Today")).to_have_count(0)
    phone.get_by_role("link", name="Need help now?").click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    phone.go_back()
    phone.owner.is_known(True)
    phone.get_by_role("button", name="Open with this phone's lock").click()
    expect(phone.get_by_role("link", name="Today")).to_be_visible()


def test_code_from_the_letter_opens_the_diary(ana, at_localhost):
    phone = at_localhost("/")
    phone.get_by_label("E-mail").fill("ana@test.example")
    phone.get_by_role("button", name="E-mail me a code").click()
    field = phone.get_by_label("The code in the letter")
    field.fill("0000-0000")
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_text("This is not the code")).to_be_visible()
    assert field.input_value() == "0000-0000"
    # The phone closed the app while its owner looked at the mail.
    phone.reload()
    letters = sorted((ana.site.folder / "mail").iterdir())
    code = re.search(r"\b\d{4}-\d{4}\b", letters[-1].read_text("utf-8"))
    assert code
    field.fill(code[0])
    phone.get_by_role("button", name="Sign in", exact=True).click()

    expect(phone.get_by_role("link", name="Today")).to_be_visible()


def test_old_session_asks_to_sign_in_before_a_new_passkey(ana, at_localhost):
    phone = at_localhost("/")
    sign_in_at(phone)
    ana.site.run(
        "from django.contrib.sessions.models import Session\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "for row in Session.objects.all():\n"
        "    s = SessionStore(row.session_key)\n"
        "    s['account_authentication_methods'] = []\n"
        "    s.save()\n"
    )
    phone.get_by_role("link", name="Me").click()
    phone.get_by_role("button", name="Make a passkey on this phone").click()
    phone.get_by_role("link", name="Sign in again").click()
    sign_in_at(phone)

    phone.get_by_role("button", name="Make a passkey on this phone").click()

    expect(phone.get_by_text("Your passkeys")).to_be_visible()


def sign_in_at(phone: Page) -> None:
    type_password(phone, "ana@test.example", "a-calm-password")
    expect(phone.get_by_role("link", name="Me")).to_be_visible()


def test_session_is_ended_from_another_device(ana, open_page):
    here = {"base_url": ana.site.url}
    lost, tablet = open_page(PHONE, **here), open_page(PHONE, **here)
    for page in (lost, tablet):
        sign_in_ana(page)
        expect(page.get_by_role("link", name="Me")).to_be_visible()

    tablet.get_by_role("link", name="Me").click()
    tablet.get_by_role("button", name="End it there").first.click()
    expect(tablet.get_by_role("button", name="End it there")).to_have_count(0)

    lost.reload()
    expect(lost.get_by_text("Ana was signed out.")).to_be_visible()


def test_nurse_makes_a_new_link_to_point_a_camera_at(ana, open_page):
    desk = open_page(DESKTOP, base_url=ana.site.url)
    desk.goto("/dashboard/")
    type_password(desk, "nora@test.example", "a-calm-password")
    # The first page of the dashboard loads Dash.
    expect(desk.get_by_role("link", name="Ana")).to_be_visible(timeout=30_000)
    desk.goto(f"/dashboard/patient/{ana.patient}")
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.get_by_text("The patient's phone").click()

    desk.get_by_role("button", name="Make a new invitation link").click()

    expect(desk.get_by_role("img", name="Invitation as a QR code")).to_be_visible()
    size = desk.evaluate("document.querySelector('img.qr').naturalWidth")
    assert size > 0

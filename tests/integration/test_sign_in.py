"""Ways to sign in, where one is signed in, and being signed out there."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from dashboard.pages import phone_access
from tests.factories import PASSWORD
from tracker import actions
from tracker.models import AuditEvent, PushSubscription, Reminder, User
from tracker.problems import NotFound

CODE = re.compile(r"\b\d{4}-\d{4}\b")


class Browser:
    """A browser of its own: it keeps its cookies and sends the CSRF token."""

    def __init__(self, agent: str = "A phone") -> None:
        self.client = Client(enforce_csrf_checks=True, headers={"User-Agent": agent})
        self.client.get("/api/v1/session/")

    def send(self, method: str, path: str, body: object = None):
        return getattr(self.client, method)(
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers={"X-CSRFToken": self.client.cookies["csrftoken"].value},
        )

    def sign_in(self, user: User) -> "Browser":
        body = {"email": user.email, "password": PASSWORD}
        assert self.send("post", "session/", body).status_code == 200
        return self

    def is_in(self) -> bool:
        return self.client.get("/api/v1/session/").json()["signed_in"]

    def ask_code(self, email: str):
        answer = self.send("post", "session/code/", {"email": email})
        for thread in threading.enumerate():
            if thread.name.endswith("(_send)"):
                thread.join()
        return answer


def code_in(message) -> str:
    return CODE.search(message.body)[0]


def test_code_of_the_letter_signs_a_patient_in(ana):
    phone = Browser()

    asked = phone.ask_code(ana.user.email.upper())
    answer = phone.send(
        "post", "session/code/confirm/", {"code": code_in(mail.outbox[0])}
    )

    assert asked.status_code == 204
    assert answer.json()["patient"]["name"] == "Ana"
    assert phone.is_in()
    assert mail.outbox[0].to == [ana.user.email]
    events = AuditEvent.objects.filter(action="sign_in", actor_id=ana.user_id)
    assert [event.detail for event in events] == ["code"]


def test_letter_speaks_the_patients_language(ana):
    ana.language = "es"
    ana.save()

    Browser().ask_code(ana.user.email)

    assert mail.outbox[0].subject.startswith("Tu código")


def test_code_is_for_the_browser_that_asked_and_for_once(ana):
    phone, thief = Browser(), Browser()
    phone.ask_code(ana.user.email)
    code = {"code": code_in(mail.outbox[0])}

    stolen = thief.send("post", "session/code/confirm/", code)
    used = phone.send("post", "session/code/confirm/", code)
    phone.send("delete", "session/")
    again = phone.send("post", "session/code/confirm/", code)

    assert [stolen.status_code, used.status_code, again.status_code] == [400, 200, 400]
    assert not thief.is_in()


def test_third_wrong_code_ends_it(ana):
    phone = Browser()
    phone.ask_code(ana.user.email)
    wrong = [
        phone.send("post", "session/code/confirm/", {"code": "0000-0000"})
        for _ in range(3)
    ]
    right = phone.send(
        "post", "session/code/confirm/", {"code": code_in(mail.outbox[0])}
    )

    assert {answer.status_code for answer in wrong} == {400}
    assert wrong[0].json()["problems"][0]["field"] == "code"
    assert right.status_code == 400
    assert "0000" not in wrong[0].content.decode()


@pytest.mark.parametrize("who", ["unknown", "staff", "inactive"])
def test_nobody_learns_whose_address_has_an_account(ana, ben, nurse_nora, who):
    User.objects.filter(pk=ben.user_id).update(is_active=False)
    address = {
        "unknown": "nobody@test.example",
        "staff": nurse_nora.email,
        "inactive": ben.user.email,
    }[who]
    known, other = Browser(), Browser()

    answers = [known.ask_code(ana.user.email), other.ask_code(address)]
    guesses = [
        browser.send("post", "session/code/confirm/", {"code": "1234-5678"})
        for browser in (known, other)
    ]

    assert [message.to for message in mail.outbox] == [[ana.user.email]]
    assert answers[0].status_code == answers[1].status_code == 204
    assert guesses[0].json() == guesses[1].json()


def test_codes_for_one_address_are_few(ana):
    answers = [Browser().ask_code(ana.user.email) for _ in range(6)]

    assert [answer.status_code for answer in answers[:5]] == [204] * 5
    assert answers[5].status_code == 429
    assert len(mail.outbox) == 5


def test_mail_server_that_fails_is_logged_without_the_address(
    ana, settings, caplog, monkeypatch
):
    def fail(self, fail_silently=False):
        raise ConnectionRefusedError(ana.user.email)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)

    answer = Browser().ask_code(ana.user.email)

    assert answer.status_code == 204
    assert "ConnectionRefusedError" in caplog.text
    assert ana.user.email not in caplog.text


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": "x"},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key",
         "response": {"clientDataJSON": "e30", "authenticatorData": "AA",
                      "signature": "AA", "userHandle": "AA"}},
        {"id": 5, "rawId": None, "type": [], "response": "no"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["session/passkey/", "passkeys/"])
def test_made_up_passkey_is_refused(ana, path, credential):
    phone = Browser().sign_in(ana.user) if path == "passkeys/" else Browser()
    options = "passkeys/options/" if path == "passkeys/" else path
    assert phone.send("get", options).json()["options"]["publicKey"]["challenge"]

    body = {"credential": credential}
    answer = phone.send("post", path, body | ({"name": "x"} if "keys" in path else {}))

    assert answer.status_code == 400
    assert answer.json()["problems"]
    assert not Authenticator.objects.exists()


def test_passkey_is_added_by_who_signed_in_just_now(ana, monkeypatch):
    phone = Browser().sign_in(ana.user)
    assert phone.send("get", "passkeys/options/").status_code == 200

    later = timezone.now().timestamp() + 16 * 60
    monkeypatch.setattr("api.sign_in.adapters.time.time", lambda: later)

    answer = phone.send("get", "passkeys/options/")
    assert answer.status_code == 403
    assert "Sign in again" in answer.json()["message"]


def test_token_makes_no_passkey(ana, client_for):
    answer = client_for(ana.user).get("/api/v1/passkeys/options/")

    assert answer.status_code == 403


def make_passkey(user: User) -> Authenticator:
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Phone", "credential": {}}
    )


def test_passkeys_are_listed_and_removed_by_their_owner_only(ana, ben):
    mine, other = make_passkey(ana.user), make_passkey(ben.user)
    phone = Browser().sign_in(ana.user)

    listed = phone.send("get", "passkeys/").json()["results"]
    assert [(row["id"], row["name"]) for row in listed] == [(mine.pk, "Phone")]
    assert phone.send("delete", f"passkeys/{other.pk}/").status_code == 404
    assert phone.send("delete", f"passkeys/{mine.pk}/").status_code == 204
    assert list(Authenticator.objects.all()) == [other]


def test_session_is_ended_from_another_device(ana, ben):
    phone, tablet = Browser("Old phone").sign_in(ana.user), Browser("A tablet")
    tablet.sign_in(ana.user)
    stranger = Browser().sign_in(ben.user)
    PushSubscription.objects.create(user=ana.user, endpoint="https://push.example/1")

    rows = tablet.send("get", "sessions/").json()["results"]
    there = next(row for row in rows if not row["here"])
    foreign = stranger.send("delete", f"sessions/{there['id']}/")
    ended = tablet.send("delete", f"sessions/{there['id']}/")

    assert {row["browser"] for row in rows} == {"Old phone", "A tablet"}
    assert foreign.status_code == 404
    assert ended.status_code == 204
    assert not phone.is_in()
    assert tablet.is_in()
    assert not PushSubscription.objects.exists()


def test_session_keeps_when_it_was_last_used_and_lasts_from_then(ana):
    phone = Browser().sign_in(ana.user)
    long_ago = timezone.now() - timedelta(days=40)
    UserSession.objects.update(last_seen_at=long_ago)

    answer = phone.client.get("/api/v1/session/")

    row = phone.send("get", "sessions/").json()["results"][0]
    assert row["last_used"] > (timezone.now() - timedelta(minutes=1)).isoformat()
    assert answer.cookies["sessionid"]["max-age"] > 80 * 24 * 60 * 60


def test_clinic_signs_a_patient_out_everywhere(ana, nurse_nora, client_for):
    phone = Browser().sign_in(ana.user)
    unlisted = Browser().sign_in(ana.user)
    UserSession.objects.all().delete()

    answer = client_for(nurse_nora).delete(f"/api/v1/patients/{ana.pk}/sessions/")

    assert answer.status_code == 204
    assert not phone.is_in()
    assert not unlisted.is_in()
    event = AuditEvent.objects.get(action="sign_out", patient_id=ana.pk)
    assert event.actor_id == nurse_nora.pk


def test_patient_needs_no_password(ana, nurse_nora):
    token = actions.invite(nurse_nora, ana.user, now=timezone.now())
    phone = Browser()

    answer = phone.send("post", "invitations/accept/", {"token": token})

    assert answer.json()["patient"]["name"] == "Ana"
    assert phone.is_in()
    ana.user.refresh_from_db()
    assert not ana.user.has_usable_password()


def test_staff_need_one(nurse_nora):
    token = actions.invite(None, nurse_nora, now=timezone.now())

    answer = Browser().send("post", "invitations/accept/", {"token": token})

    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == "password"
    assert actions.open_invitation(token, now=timezone.now())


def test_who_is_invited_again_begins_anew(ana, nurse_nora):
    lost = Browser().sign_in(ana.user)
    make_passkey(ana.user)
    token = actions.invite(nurse_nora, ana.user, now=timezone.now())

    found = Browser()
    found.send("post", "invitations/accept/", {"token": token})

    assert found.is_in()
    assert not lost.is_in()
    assert not Authenticator.objects.exists()


def test_ways_in_need_the_csrf_token(ana):
    client = Client(enforce_csrf_checks=True)
    for path in ("session/code/", "session/code/confirm/", "session/passkey/"):
        answer = client.post(f"/api/v1/{path}", {}, content_type="application/json")
        assert answer.status_code == 403


@pytest.mark.parametrize("who", ["dr_dane", "admin_abe", "stranger"])
def test_dashboard_lets_the_clinics_staff_only_invite_and_sign_out(
    request, ana, nurse_nora, who
):
    now = timezone.now()
    phone = Browser().sign_in(ana.user)
    for act in (
        lambda user: phone_access.invite_again(user, str(ana.pk), now=now),
        lambda user: phone_access.sign_out(user, str(ana.pk)),
    ):
        with pytest.raises(NotFound):
            act(request.getfixturevalue(who))
    assert phone.is_in()

    token = phone_access.invite_again(nurse_nora, str(ana.pk), now=now)
    phone_access.sign_out(nurse_nora, str(ana.pk))

    assert actions.open_invitation(token, now=now).user == ana.user
    assert not phone.is_in()


def test_staff_see_how_reminders_fared(ana):
    at = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    on = at.date()
    Reminder.objects.create(
        patient=ana, date=on, kind="first", channel="push", intended_at=at,
        sent_at=at, shown_at=at, answered_at=at, answer="skipped",
    )  # fmt: skip
    Reminder.objects.create(
        patient=ana, date=on, kind="repeat", channel="push", intended_at=at,
        failure="status 410",
    )  # fmt: skip

    shown = str(phone_access.section(ana))

    # In the patient's own zone.
    assert "19:30" in shown
    assert "Not today" in shown
    assert "failed (status 410)" in shown

"""Reminders: encrypted pushes, letters, and what becomes of each."""

import base64
import json
import os
import threading
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.utils import timezone

from tests.factories import save_entry
from tracker.models import Appointment, AuditEvent, PushSubscription, Reminder
from tracker.reminders import deliver, endpoints, vapid
from tracker.vocabulary import PatientState

JSON = "application/json"
TRY = "/api/v1/reminders/try/"
# Half past seven in the evening in Madrid, ana's zone.
EVENING = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
DAY = EVENING.date()


class Browser:
    """A subscriber with keys of its own, as a browser makes them."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962,
            serialization.PublicFormat.UncompressedPoint,
        )
        return {"p256dh": text(point), "auth": text(self.auth)}

    def read(self, body: bytes) -> dict:
        plain = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return json.loads(plain)


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class PushService:
    """A push service of the test's own: answers as it is told, keeps what came."""

    def __init__(self) -> None:
        self.status, self.headers = 201, {}
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"] or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.came.append((self.path, headers, self.rfile.read(length)))
                self.send_response(service.status)
                for name, value in service.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service(monkeypatch):
    service = PushService()
    # It speaks plain HTTP on some port; the list of known services is tested below.
    monkeypatch.setattr(
        endpoints, "is_allowed", lambda url: url.startswith(service.url)
    )
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture
def reminded(ana):
    ana.reminder_time, ana.reminder_channel, ana.language = time(19, 30), "push", "es"
    ana.save()
    return ana


def subscribe(patient, service, path="/a", browser=None):
    browser = browser or Browser()
    PushSubscription.objects.create(
        user=patient.user, endpoint=service.url + path, **browser.keys()
    )
    return browser


def test_push_is_encrypted_signed_and_says_nothing_of_health(reminded, service):
    browser = subscribe(reminded, service)

    assert deliver.send_due(now=EVENING) == 1

    [(_, headers, body)] = service.came
    said = browser.read(body)
    assert said["day"] == str(DAY)
    assert said["title"] == "¿Un momento para tu diario?"
    scheme, value = headers["authorization"].split(" ", 1)
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in value.split(","))
    public = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(),
        base64.urlsafe_b64decode(parts["k"] + "=="),
    )
    claims = jwt.decode(
        parts["t"],
        public,
        algorithms=["ES256"],
        audience=service.url,
        options={"verify_exp": False},
    )
    assert claims["sub"]
    assert parts["k"] == vapid.public_key()
    assert headers["content-encoding"] == "aes128gcm"
    assert int(headers["ttl"]) > 0
    for word in ("Ana", "ketamine", "mood", "clinic"):
        assert word not in json.dumps(said)


def test_site_key_is_made_once_and_for_this_account_only(settings):
    first = vapid.public_key()
    path = settings.DATA_DIR / "vapid-private-key.pem"

    assert vapid.public_key() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.glob("vapid*")] == [path.name]


def test_worker_that_looks_often_sends_first_and_repeat_once(reminded, service):
    subscribe(reminded, service)
    for minutes in range(0, 240, 5):
        deliver.send_due(now=EVENING + timedelta(minutes=minutes))

    assert len(service.came) == 2
    kinds = Reminder.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["first", "repeat"]


def test_worker_killed_before_sending_sends_no_second_one(reminded, service):
    subscribe(reminded, service)
    Reminder.objects.create(
        patient=reminded, date=DAY, kind="first", channel="push", intended_at=EVENING
    )

    deliver.send_due(now=EVENING + timedelta(minutes=1))

    assert service.came == []


def test_worker_killed_among_many_loses_the_one_it_was_at(
    reminded, ben, service, monkeypatch
):
    subscribe(reminded, service, "/ana")
    ben.reminder_time, ben.reminder_channel = time(19, 30), "push"
    ben.save()
    subscribe(ben, service, "/ben")

    def die(reminder):
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(deliver, "push", die)
        with pytest.raises(KeyboardInterrupt):
            deliver.send_due(now=EVENING)
    assert Reminder.objects.count() == 1

    assert deliver.send_due(now=EVENING + timedelta(minutes=1)) == 1
    assert len(service.came) == 1


@pytest.mark.parametrize(
    "state", [one for one in PatientState.values if one != PatientState.ACTIVE]
)
def test_only_active_patients_are_reminded(reminded, service, state):
    subscribe(reminded, service)
    reminded.state = state
    reminded.save()

    assert deliver.send_due(now=EVENING) == 0
    assert service.came == []


def test_written_day_needs_no_reminder(reminded, service):
    subscribe(reminded, service)
    save_entry(reminded, DAY, mood=5)

    assert deliver.send_due(now=EVENING) == 0


def test_retry_stops_when_somebody_wants_no_reminders_any_more(reminded, service):
    subscribe(reminded, service)
    service.status = 503
    deliver.send_due(now=EVENING)
    service.status = 201
    reminded.reminder_channel = ""
    reminded.save()

    deliver.send_due(now=EVENING + timedelta(hours=1))

    assert len(service.came) == 1


def test_retry_stops_when_somebody_died_in_between(reminded, service):
    subscribe(reminded, service)
    service.status = 503
    deliver.send_due(now=EVENING)
    service.status = 201
    reminded.state = PatientState.DECEASED
    reminded.save()

    deliver.send_due(now=EVENING + timedelta(hours=1))

    assert len(service.came) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_subscription_that_is_gone_is_removed_and_the_other_is_reached(
    reminded, service, status
):
    subscribe(reminded, service, "/old")
    service.status = status
    deliver.send_due(now=EVENING)

    assert not PushSubscription.objects.exists()
    reminder = Reminder.objects.get()
    assert (reminder.sent_at, reminder.failure) == (None, "no browser to reach")


def test_passing_fault_is_tried_again_after_the_time_asked_for(reminded, service):
    subscribe(reminded, service)
    service.status, service.headers = 429, {"Retry-After": "600"}
    deliver.send_due(now=EVENING)
    service.status = 201

    assert deliver.send_due(now=EVENING + timedelta(minutes=9)) == 0
    assert deliver.send_due(now=EVENING + timedelta(minutes=10)) == 1
    assert Reminder.objects.get().attempts == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(reminded, service, status):
    subscribe(reminded, service)
    service.status, service.headers = status, {"Location": f"{service.url}/inside"}

    deliver.send_due(now=EVENING)

    assert [path for path, *_ in service.came] == ["/a"]


BAD = [
    "http://fcm.googleapis.com/x",
    "http://127.0.0.1/x",
    "https://169.254.169.254/latest",
    "https://[::1]/x",
    "https://2130706433/x",
    "https://fcm.googleapis.com:22/x",
    "https://user@fcm.googleapis.com/x",
    "https://fcm.googleapis.com@evil.example/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evilnotify.windows.com.example/x",
    "https://push.apple.com.evil.example/x",
    "https://evilpush.apple.com/x",
    "https://fcm.googleapis.com\\@evil.example/x",
    "https://fcm.googleapis.com:99999/x",
    "file:///etc/passwd",
    "https://fcm.googleapis.com/" + "x" * 1024,
    "",
]


@pytest.mark.parametrize("address", BAD)
def test_foreign_address_is_refused_at_subscribing_and_at_sending(
    reminded, client_for, address
):
    keys = Browser().keys()
    answer = client_for(reminded.user).post(
        "/api/v1/reminders/subscribe/",
        {"endpoint": address, **keys},
        content_type=JSON,
    )
    assert answer.status_code == 400
    assert not PushSubscription.objects.exists()

    PushSubscription.objects.create(user=reminded.user, endpoint=address[:1024], **keys)
    if len(address) <= 1024:
        deliver.send_due(now=EVENING)
        assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://db5p.notify.windows.com/w/?token=abc",
    ],
)
def test_known_push_services_are_taken_and_ten_at_most(reminded, client_for, address):
    client, keys = client_for(reminded.user), Browser().keys()
    for number in range(12):
        answer = client.post(
            "/api/v1/reminders/subscribe/",
            {"endpoint": f"{address}{number}", **keys},
            content_type=JSON,
        )
        assert answer.status_code == 204, answer.content
    assert PushSubscription.objects.count() == 10
    client.post(
        "/api/v1/reminders/unsubscribe/",
        {"endpoint": f"{address}11"},
        content_type=JSON,
    )
    assert PushSubscription.objects.count() == 9
    assert AuditEvent.objects.filter(subject="reminders").count() == 13


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"p256dh": "x"}, "p256dh"),
        ({"p256dh": text(b"\x04" + b"\x01" * 64)}, "p256dh"),
        ({"auth": text(b"short")}, "auth"),
        ({"auth": "ä" * 22}, "auth"),
    ],
)
def test_keys_nothing_can_be_encrypted_for_are_refused(
    reminded, client_for, change, field
):
    address = "https://fcm.googleapis.com/abc"
    body = {"endpoint": address, **Browser().keys(), **change}

    answer = client_for(reminded.user).post(
        "/api/v1/reminders/subscribe/", body, content_type=JSON
    )

    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == field


def test_one_broken_subscription_keeps_nobody_else_waiting(reminded, ben, service):
    PushSubscription.objects.create(
        user=reminded.user, endpoint=service.url + "/broken", p256dh="x", auth="y"
    )
    ben.reminder_time, ben.reminder_channel = time(19, 30), "push"
    ben.save()
    subscribe(ben, service, "/ben")

    assert deliver.send_due(now=EVENING) == 1
    assert [path for path, *_ in service.came] == ["/ben"]


def test_nobody_ends_somebody_elses_subscription(reminded, ben, client_for):
    address = "https://fcm.googleapis.com/abc"
    PushSubscription.objects.create(
        user=reminded.user, endpoint=address, **Browser().keys()
    )

    client_for(ben.user).post(
        "/api/v1/reminders/unsubscribe/", {"endpoint": address}, content_type=JSON
    )

    assert PushSubscription.objects.get().user == reminded.user


def test_phone_says_what_became_of_its_own_reminder_only(reminded, service, client_for):
    browser = subscribe(reminded, service)
    deliver.send_due(now=EVENING)
    token = browser.read(service.came[0][2])["token"]
    stranger = client_for(None)

    def say(act, token=token):
        return stranger.post(
            "/api/v1/reminders/answer/",
            {"token": token, "act": act},
            content_type=JSON,
        ).status_code

    assert [say("shown"), say("later"), say("skipped")] == [204, 204, 204]
    reminder = Reminder.objects.get()
    assert reminder.shown_at
    assert reminder.answer == "later"
    assert say("opened", token[:-2] + "xx") == 404
    assert say("deleted") == 400


def test_letter_has_a_link_and_nothing_of_health(reminded, settings):
    settings.SITE_URL = "https://diary.example"
    reminded.reminder_channel = "email"
    reminded.save()

    assert deliver.send_due(now=EVENING) == 1

    [letter] = mail.outbox
    assert letter.to == [reminded.user.email]
    assert letter.subject == "Tu nota diaria"
    assert f"https://diary.example/day/{DAY}" in letter.body
    assert "https://diary.example/me" in letter.body
    for word in ("Ana", reminded.clinic.name, "ketamin"):
        assert word not in letter.subject + letter.body


def book(patient, at, status="booked"):
    reason = "" if status == "booked" else "asked for"
    return Appointment.objects.create(
        patient=patient, planned_at=at, phase="booster", status=status, reason=reason
    )


def test_day_before_an_infusion_has_a_word_of_its_own(reminded, service):
    browser = subscribe(reminded, service)
    book(reminded, EVENING + timedelta(hours=14))
    save_entry(reminded, DAY, now=EVENING - timedelta(hours=1), mood=6)

    assert deliver.send_due(now=EVENING) == 1
    assert deliver.send_due(now=EVENING + timedelta(minutes=5)) == 0

    told = browser.read(service.came[0][2])
    assert told["title"] == "Mañana tienes algo previsto"
    assert told["path"] == "/infusion"
    assert Reminder.objects.get().kind == "eve"


def test_diary_and_day_before_do_not_take_each_others_place(reminded, service):
    browser = subscribe(reminded, service)
    book(reminded, EVENING + timedelta(hours=14))

    assert deliver.send_due(now=EVENING) == 2

    tags = {browser.read(came[2])["tag"] for came in service.came}
    assert tags == {"eve", "diary"}


@pytest.mark.parametrize(
    ("hours", "status"),
    [(14, "cancelled"), (14, "done"), (2, "booked"), (40, "booked")],
)
def test_no_word_for_what_is_not_tomorrow_or_not_booked(
    reminded, service, hours, status
):
    subscribe(reminded, service)
    book(reminded, EVENING + timedelta(hours=hours), status)
    save_entry(reminded, DAY, now=EVENING - timedelta(hours=1), mood=6)

    assert deliver.send_due(now=EVENING) == 0


def test_word_tried_again_is_dropped_when_the_booking_is(reminded, service):
    subscribe(reminded, service)
    booking = book(reminded, EVENING + timedelta(hours=14))
    save_entry(reminded, DAY, now=EVENING - timedelta(hours=1), mood=6)
    service.status = 503
    assert deliver.send_due(now=EVENING) == 0
    service.status = 201
    Appointment.objects.filter(pk=booking.pk).update(status="cancelled", reason="ill")

    assert deliver.send_due(now=EVENING + timedelta(minutes=5)) == 0
    assert Reminder.objects.get().failure == "no longer wanted"


def test_mail_program_stops_the_letters_by_one_click(reminded, ben, client_for):
    for patient in (reminded, ben):
        patient.reminder_channel = "email"
        patient.save()
    deliver.send_due(now=EVENING)
    head = mail.outbox[0].extra_headers
    path = head["List-Unsubscribe"].strip("<>").split("8000", 1)[1]
    program = client_for(None)

    form = {"List-Unsubscribe": "One-Click"}
    answers = [program.post(path, form), program.post(path, form)]
    forged = program.post(path[:-4] + "xxx/", form)

    assert [answer.status_code for answer in (*answers, forged)] == [204, 204, 404]
    assert program.get(path).status_code == 405
    reminded.refresh_from_db()
    ben.refresh_from_db()
    assert (reminded.reminder_channel, ben.reminder_channel) == ("", "email")


def test_mail_server_that_is_down_is_tried_again(reminded, settings):
    reminded.reminder_channel = "email"
    reminded.save()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert deliver.send_due(now=EVENING) == 0

    reminder = Reminder.objects.get()
    assert reminder.failure == "ConnectionRefusedError"
    assert reminder.retry_at


def test_many_patients_take_few_statements(
    reminded, ben, service, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        deliver.send_due(now=EVENING - timedelta(hours=3))


def test_one_can_be_tried_again_and_again_though_the_day_is_written(
    reminded, service, client_for
):
    browser = subscribe(reminded, service)
    client = client_for(reminded.user)
    save_entry(reminded, reminded.diary_date(timezone.now()), mood=5)

    for _ in range(2):
        assert client.post(TRY).status_code == 204
        assert deliver.send_due(now=timezone.now()) == 1

    told = [browser.read(body) for _, _, body in service.came]
    assert [(one["title"], one["path"]) for one in told] == [
        ("¿Un momento para tu diario?", "/me")
    ] * 2
    assert Reminder.objects.get().kind == "trial"


def test_none_can_be_tried_before_a_way_is_chosen(ana, client_for):
    answer = client_for(ana.user).post(TRY)

    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == "reminder_channel"
    assert not Reminder.objects.exists()


def test_what_was_tried_leaves_the_days_own_reminder_alone(
    reminded, service, client_for
):
    subscribe(reminded, service)
    Reminder.objects.create(
        patient=reminded, date=DAY, kind="trial", channel="push", intended_at=EVENING
    )

    assert deliver.send_due(now=EVENING) == 1
    assert Reminder.objects.filter(date=DAY, kind="first").exists()

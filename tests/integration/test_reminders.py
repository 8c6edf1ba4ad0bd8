"""Reminders: encrypted pushes, letters, and what becomes of each."""

import base64
import json
from datetime import time, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.factories import save_entry
from tests.reminders import DAY, EVENING, JSON, subscribe
from tracker.models import Reminder
from tracker.reminders import deliver, vapid
from tracker.vocabulary import PatientState


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


def test_many_patients_take_few_statements(
    reminded, ben, service, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        deliver.send_due(now=EVENING - timedelta(hours=3))

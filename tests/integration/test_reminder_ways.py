"""Where reminders may be sent, and what a service that fails, moves or is made up brings."""

from datetime import time, timedelta

import pytest

from tests.reminders import EVENING, JSON, Browser, subscribe, text
from tracker.models import AuditEvent, PushSubscription, Reminder
from tracker.reminders import deliver


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

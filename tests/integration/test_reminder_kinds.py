"""The day before an infusion, and the reminder one asks for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import save_entry
from tests.reminders import DAY, EVENING, TRY, subscribe
from tracker.models import Appointment, Reminder
from tracker.reminders import deliver


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

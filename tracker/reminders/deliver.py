"""Sending reminders: push to the phone or an e-mail, each once, failures apart."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import requests
from django.conf import settings
from django.db import IntegrityError, transaction
from py_vapid import VapidException
from pywebpush import WebPusher, WebPushException

from tracker.days import diary_date, zone
from tracker.models import Appointment, DiaryEntry, Patient, PushSubscription, Reminder
from tracker.reminders import endpoints, messages, plan, vapid
from tracker.vocabulary import PatientState, ReminderChannel

logger = logging.getLogger("tracker.reminders")

# (connect, read): a push service that hangs must not hold up the others.
TIMEOUT_SECONDS = (3, 5)
KEEP_SECONDS = 4 * 60 * 60
MOST_ATTEMPTS = 4
FIRST_RETRY = timedelta(minutes=1)
# How long an answer counts; also how far back unanswered days are looked for.
DAYS_LOOKED_BACK = 40
# Farther than the end of tomorrow, whatever the zone and the day start.
BOOKED_LOOKED_AHEAD = timedelta(days=3)
GONE = {404, 410}


class NoRedirects(requests.Session):
    """Follows nobody anywhere, and takes no proxy from the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Passing(Exception):
    """Nobody could be reached; worth trying again after `wait`."""

    def __init__(self, word: str, wait: timedelta | None = None) -> None:
        self.word, self.wait = word, wait
        super().__init__(word)


class Lasting(Exception):
    """Trying again would fail the same way."""


def send_due(*, now: datetime) -> int:
    """Send what is due at `now`, and again what failed in passing; gives how many.

    A reminder is stored before it is sent: a worker that is killed in between
    loses one at most, and none is ever sent twice.
    """
    again = Reminder.objects.filter(retry_at__lte=now).select_related("patient__user")
    # One after the other: what is claimed is sent before the next one is claimed.
    return sum(_send(reminder, now) for reminder in chain(_claim_due(now), again))


def _claim_due(now: datetime) -> Iterator[Reminder]:
    patients = [one for one in _reminded() if _may_be_due(one, now)]
    past, logged = _past_of(patients, now), _logged_of(patients, now)
    booked = _booked_of(patients, now)
    for patient in patients:
        habit, days = _habit(patient), logged[patient.pk]
        before = [_as_past(one, one.date in days) for one in past[patient.pk]]
        written = patient.diary_date(now) in days
        for found in (
            plan.eve_due(habit, before, booked_on=booked[patient.pk], as_of=now),
            plan.due(habit, before, logged_today=written, as_of=now),
        ):
            reminder = found and _claim(patient, found, now)
            if reminder:
                yield reminder


def _reminded() -> list[Patient]:
    """Who is reminded at all: active people with an hour, a way and an account."""
    patients = Patient.objects.filter(
        state=PatientState.ACTIVE, user__is_active=True
    ).exclude(reminder_time=None)
    return list(patients.exclude(reminder_channel="").select_related("user"))


def _may_be_due(patient: Patient, now: datetime) -> bool:
    habit = _habit(patient)
    today = diary_date(now, habit.time_zone, habit.day_start)
    begin = plan.moment_of(today, habit)
    return begin <= now < begin + plan.LATEST


def _habit(patient: Patient) -> plan.Habit:
    assert patient.reminder_time is not None  # as they were selected
    return plan.Habit(patient.reminder_time, patient.time_zone, patient.day_start)


def _past_of(patients: list[Patient], now: datetime) -> Mapping[UUID, list[Reminder]]:
    past: dict[UUID, list[Reminder]] = defaultdict(list)
    keys = [patient.pk for patient in patients]
    stored = Reminder.objects.filter(patient__in=keys, date__gte=_oldest(now))
    for reminder in stored:
        past[reminder.patient_id].append(reminder)
    return past


def _logged_of(patients: list[Patient], now: datetime) -> Mapping[UUID, set[date]]:
    logged: dict[UUID, set[date]] = defaultdict(set)
    keys = [patient.pk for patient in patients]
    days = DiaryEntry.objects.filter(patient__in=keys, date__gte=_oldest(now))
    for patient, day in days.values_list("patient_id", "date"):
        logged[patient].add(day)
    return logged


def _booked_of(patients: list[Patient], now: datetime) -> Mapping[UUID, set[date]]:
    """On which dates, by each patient's own clock, something is booked soon."""
    zones = {patient.pk: zone(patient.time_zone) for patient in patients}
    booked: dict[UUID, set[date]] = defaultdict(set)
    soon = Appointment.objects.filter(
        patient__in=list(zones),
        status=Appointment.Status.BOOKED,
        planned_at__gt=now,
        planned_at__lt=now + BOOKED_LOOKED_AHEAD,
    )
    for patient, at in soon.values_list("patient_id", "planned_at"):
        booked[patient].add(at.astimezone(zones[patient]).date())
    return booked


def _oldest(now: datetime) -> date:
    return now.date() - timedelta(days=DAYS_LOOKED_BACK)


def _as_past(one: Reminder, logged: bool) -> plan.Past:
    return plan.Past(
        one.date, one.kind, one.intended_at, one.answer, one.answered_at, logged
    )


def _claim(patient: Patient, found: plan.Due, now: datetime) -> Reminder | None:
    try:
        with transaction.atomic():
            return Reminder.objects.create(
                patient=patient,
                date=found.date,
                kind=found.kind,
                channel=patient.reminder_channel,
                intended_at=now,
            )
    except IntegrityError:
        # Another worker has it.
        return None


def _send(reminder: Reminder, now: datetime) -> bool:
    """Whether it went out."""
    if not _still_wanted(reminder):
        Reminder.objects.filter(pk=reminder.pk).update(
            retry_at=None, failure="no longer wanted"
        )
        return False
    reminder.attempts += 1
    reminder.retry_at, reminder.failure = None, ""
    try:
        if reminder.channel == ReminderChannel.PUSH:
            push(reminder)
        else:
            mail(reminder)
        reminder.sent_at = now
    except Passing as passing:
        reminder.failure = passing.word
        if reminder.attempts < MOST_ATTEMPTS:
            doubled = FIRST_RETRY * 2 ** (reminder.attempts - 1)
            reminder.retry_at = now + max(passing.wait or doubled, doubled)
    except Lasting as lasting:
        reminder.failure = str(lasting)
    reminder.save(update_fields=["attempts", "retry_at", "failure", "sent_at"])
    return reminder.sent_at is not None


def _still_wanted(reminder: Reminder) -> bool:
    """A retry may come after the day was written, a change of mind, or a death."""
    wanted = Patient.objects.filter(
        pk=reminder.patient_id,
        state=PatientState.ACTIVE,
        user__is_active=True,
        reminder_channel=reminder.channel,
    )
    patient = wanted.first()
    if patient is None:
        return False
    if reminder.kind == Reminder.Kind.TRIAL:
        return True
    if reminder.kind == Reminder.Kind.EVE:
        booked = _booked_of([patient], reminder.intended_at)[patient.pk]
        return reminder.date + timedelta(days=1) in booked
    return not DiaryEntry.objects.filter(patient=patient, date=reminder.date).exists()


def push(reminder: Reminder) -> None:
    """Push to every browser of the person; one that works is enough.

    Raises
    ------
    Passing
        No browser was reached, and one of them only in passing.
    Lasting
        There is no browser to reach any more.
    """
    user = reminder.patient.user_id
    subscriptions = list(PushSubscription.objects.filter(user=user))
    body = json.dumps(messages.payload_of(reminder))
    topic = messages.about(reminder).topic
    reached, passing = False, None
    for subscription in subscriptions:
        try:
            _push_to(subscription, body, topic)
            reached = True
        except Passing as failed:
            passing = failed
        except Lasting:
            logger.info("A push subscription is gone and was removed.")
            subscription.delete()
    if reached:
        return
    if passing:
        raise passing
    raise Lasting("no browser to reach")


def _push_to(subscription: PushSubscription, body: str, topic: str) -> None:
    if not endpoints.is_allowed(subscription.endpoint):
        raise Lasting("address not allowed")
    info = {
        "endpoint": subscription.endpoint,
        "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
    }
    parts = urlsplit(subscription.endpoint)
    origin = f"{parts.scheme}://{parts.netloc}"
    try:
        headers = vapid.key().sign({"aud": origin, "sub": settings.CONTACT})
    except (VapidException, OSError) as fault:
        logger.exception("Pushes cannot be signed; look at RESPITE_CONTACT.")
        raise Passing(type(fault).__name__) from None
    try:
        answer = WebPusher(info, requests_session=NoRedirects()).send(
            body,
            headers={**headers, "Urgency": "normal", "Topic": topic},
            ttl=KEEP_SECONDS,
            timeout=TIMEOUT_SECONDS,
        )
    except requests.RequestException as fault:
        raise Passing(type(fault).__name__) from None
    except (WebPushException, ValueError):
        # Its keys are none; checked at subscribing, but rows outlive checks.
        raise Lasting("keys cannot be used") from None
    _judge(answer)


def _judge(answer: Any) -> None:
    status = answer.status_code
    if status in GONE:
        raise Lasting("gone")
    if status == 429 or status >= 500:
        wait = answer.headers.get("Retry-After", "")
        seconds = min(int(wait), 3600) if wait.isascii() and wait.isdigit() else 0
        raise Passing(f"status {status}", timedelta(seconds=seconds))
    if not 200 <= status < 300:
        # A refusal of this message or of our key: the browser itself may be fine.
        raise Passing(f"status {status}")


def mail(reminder: Reminder) -> None:
    """Write the person an e-mail that says no more than that a reminder is due.

    Raises
    ------
    Passing
        The mail server did not take it.
    """
    try:
        messages.letter_of(reminder).send()
    except OSError as fault:
        # smtplib's errors are among them.
        raise Passing(type(fault).__name__) from None

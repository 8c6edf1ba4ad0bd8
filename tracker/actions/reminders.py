"""A person's reminders: which browsers get them, and what became of each."""

from datetime import datetime
from uuid import UUID

from django.core import signing
from django.db import transaction

from tracker import audit
from tracker.models import Patient, PushSubscription, Reminder
from tracker.problems import NotFound, one
from tracker.reminders import endpoints
from tracker.reminders.messages import SALT, STOP_SALT
from tracker.vocabulary import ReminderChannel

# Old browsers leave subscriptions behind; nobody uses so many.
MOST_SUBSCRIPTIONS = 10
LONGEST_ANSWER_SECONDS = 2 * 24 * 60 * 60
SHOWN = "shown"


def subscribe(
    patient: Patient, *, endpoint: str, p256dh: str, auth: str, now: datetime
) -> PushSubscription:
    """Let a browser be reminded; the oldest one goes when there are too many.

    Raises
    ------
    Invalid
        The address is no known push service's, or the keys are none.
    """
    endpoints.check(endpoint)
    endpoints.check_keys(p256dh, auth)
    assert patient.user is not None  # somebody is signed in on that browser
    with transaction.atomic():
        # A phone that changed hands belongs to who is signed in on it now.
        subscription, _ = PushSubscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={
                "user": patient.user,
                "p256dh": p256dh,
                "auth": auth,
                "created_at": now,
            },
        )
        mine = PushSubscription.objects.filter(user=patient.user_id)
        kept = mine.order_by("-created_at").values_list("pk", flat=True)
        mine.exclude(pk__in=list(kept[:MOST_SUBSCRIPTIONS])).delete()
        _record(patient, "subscribed")
    return subscription


def unsubscribe(patient: Patient, *, endpoint: str) -> None:
    """Remind this browser no more; harmless when it was not reminded."""
    with transaction.atomic():
        mine = PushSubscription.objects.filter(user=patient.user_id, endpoint=endpoint)
        mine.delete()
        _record(patient, "unsubscribed")


def try_reminder(patient: Patient, *, now: datetime) -> None:
    """Let one reminder come at once, by the way the person chose, to see that it does.

    It waits for the worker like every other: what shows that one works shows that
    all of them do.

    Raises
    ------
    Invalid
        The person has chosen no way to be reminded.
    """
    if not patient.reminder_channel:
        raise one(
            "reminder_channel",
            "a notification or an e-mail",
            "",
            "Choose first how you want to be reminded.",
        )
    with transaction.atomic():
        Reminder.objects.update_or_create(
            patient=patient,
            date=patient.diary_date(now),
            kind=Reminder.Kind.TRIAL,
            defaults={
                "channel": patient.reminder_channel,
                "intended_at": now,
                "retry_at": now,
                "attempts": 0,
                "sent_at": None,
                "shown_at": None,
                "answered_at": None,
                "answer": Reminder.Answer.NONE,
                "failure": "",
            },
        )
        _record(patient, "tried")


def answer_reminder(token: str, act: str, *, now: datetime) -> None:
    """Note what a phone says of one reminder: shown, opened, later or skipped.

    The first answer counts; a token knows its own reminder alone.

    Raises
    ------
    NotFound
        The token is none of ours, too old, or its reminder is gone.
    """
    try:
        key = UUID(signing.loads(token, salt=SALT, max_age=LONGEST_ANSWER_SECONDS))
    except (signing.BadSignature, ValueError):
        raise NotFound("There is no such reminder.") from None
    reminder = Reminder.objects.filter(pk=key)
    if not reminder.exists():
        raise NotFound("There is no such reminder.")
    if act == SHOWN:
        reminder.filter(shown_at=None).update(shown_at=now)
    else:
        reminder.filter(answer="").update(answer=act, answered_at=now)


def stop_letters(token: str) -> None:
    """End a person's e-mail reminders, as their mail program asks (RFC 8058).

    Harmless when repeated, and to who gets notifications by now.

    Raises
    ------
    NotFound
        The token is none of ours.
    """
    try:
        key = UUID(signing.loads(token, salt=STOP_SALT))
    except (signing.BadSignature, ValueError):
        raise NotFound("There are no such reminders.") from None
    with transaction.atomic():
        mine = Patient.objects.filter(pk=key, reminder_channel=ReminderChannel.EMAIL)
        patient = mine.first()
        if patient is not None:
            mine.update(reminder_channel="")
            _record(patient, "stopped by mail")


def _record(patient: Patient, detail: str) -> None:
    audit.record(
        audit.Action.WRITE,
        "reminders",
        actor_id=patient.user_id,
        patient_id=patient.pk,
        subject_id=patient.pk,
        detail=detail,
    )

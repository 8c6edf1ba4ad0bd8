"""What a reminder says, on the phone and in a letter; never anything of health."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage

from tracker.models import Patient, Reminder
from tracker.reminders.words import words_for

SALT = "reminder"
STOP_SALT = "stop reminders"


@dataclass(frozen=True)
class About:
    """What one kind of reminder says, and which screen it opens."""

    title: str
    body: str
    subject: str
    mail: str
    topic: str
    path: str


def about(reminder: Reminder) -> About:
    if reminder.kind == Reminder.Kind.TRIAL:
        return About("title", "body", "subject", "mail", "trial", "/me")
    if reminder.kind == Reminder.Kind.EVE:
        return About(
            "eve_title", "eve_body", "eve_subject", "eve_mail", "eve", "/infusion"
        )
    day = f"/day/{reminder.date}"
    return About("title", "body", "subject", "mail", "diary", day)


def token_of(reminder: Reminder) -> str:
    """Lets a phone say what became of this one reminder, and nothing else."""
    return signing.dumps(str(reminder.pk), salt=SALT)


def payload_of(reminder: Reminder) -> dict[str, Any]:
    """What the notification says: a nudge, nothing about anybody's health."""
    words = words_for(reminder.patient.language)
    says = about(reminder)
    return {
        "title": words[says.title],
        "body": words[says.body],
        "tag": says.topic,
        "path": says.path,
        "actions": {name: words[name] for name in ("now", "later", "skip")},
        "lang": reminder.patient.language or "en",
        "day": reminder.date.isoformat(),
        "token": token_of(reminder),
    }


def letter_of(reminder: Reminder) -> EmailMessage:
    """An e-mail that says no more than that a reminder is due."""
    patient = reminder.patient
    assert patient.user is not None  # as they were selected
    words, says = words_for(patient.language), about(reminder)
    text = words[says.mail].format(
        link=f"{settings.SITE_URL}{says.path}",
        settings=f"{settings.SITE_URL}/me",
    )
    return EmailMessage(
        words[says.subject],
        text,
        to=[patient.user.email],
        headers=_stop_headers(patient),
    )


def _stop_headers(patient: Patient) -> dict[str, str]:
    """What lets a mail program show a button that stops these letters (RFC 8058)."""
    token = signing.dumps(str(patient.pk), salt=STOP_SALT)
    return {
        "List-Unsubscribe": f"<{settings.SITE_URL}/api/v1/reminders/stop/{token}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }

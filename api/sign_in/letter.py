"""The letter with a code, in the person's language."""

import logging
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from tracker.models import User
from tracker.reminders.words import words_for

logger = logging.getLogger(__name__)


def letter(user: User, code: str) -> EmailMessage:
    patient = getattr(user, "patient", None)
    language = patient.language if patient else "en"
    words = words_for(language, "sign_in_code")
    values: dict[str, Any] = {
        "code": code,
        "site": settings.SITE_URL,
        "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
    }
    return EmailMessage(
        words["subject"].format(**values),
        words["mail"].format(**values),
        to=[user.email],
    )


def post(message: EmailMessage) -> Thread:
    """Send in the background: waiting for a mail server tells who has an account."""
    sending = Thread(target=_send, args=(message,))
    sending.start()
    return sending


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError as fault:
        # smtplib's errors are among them; the address stays out of the log.
        logger.error("A sign-in code could not be sent: %s", type(fault).__name__)

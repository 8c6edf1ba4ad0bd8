"""The letter with a code, in the person's language."""

import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

import tracker
from tracker.models import User

logger = logging.getLogger(__name__)

FILE = Path(tracker.__file__).parent / "data" / "sign_in_code.json"


@lru_cache(1)
def all_words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = json.loads(FILE.read_text("utf-8"))
    return words


def letter(user: User, code: str) -> EmailMessage:
    patient = getattr(user, "patient", None)
    language = patient.language if patient else "en"
    words = all_words().get(language, all_words()["en"])
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

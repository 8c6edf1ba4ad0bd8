"""Bounds of a patient's record, checked before the database is asked.

Its constraints refuse the same, but cannot say which field is wrong.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from tracker.days import DEFAULT_DAY_START, diary_date
from tracker.language import t
from tracker.models import Clinic, Patient, User
from tracker.problems import Invalid, Problem, one

# Later, a day would begin when people take it to be half over.
DAY_STARTS_BEFORE = time(12)


def check_enrolment(
    clinic: Clinic, values: Mapping[str, Any], *, email: str, now: datetime
) -> None:
    """Refuse a new patient whose record could not be stored, or not be meant.

    Raises
    ------
    Invalid
        With every field at fault, its rule and its value.
    """
    problems = [
        *_email(email),
        *_reference(clinic, values),
        *_dates(values, now),
        *_day_start(values),
        *_each_once(values),
    ]
    if problems:
        raise Invalid(problems)


def check_settings(values: Mapping[str, Any]) -> None:
    """Refuse settings of a patient that could not be stored."""
    problems = list(_day_start(values))
    if problems:
        raise Invalid(problems)


def check_since(patient: Patient, since: date, *, today: date) -> None:
    """Refuse a change of state before the patient's life or still to come."""
    if not patient.born_on <= since <= today:
        rule = f"a day from {patient.born_on} to {today}"
        raise one(
            "since", rule, since.isoformat(), f"{since} is not possible; {rule} is."
        )


def _email(email: str) -> Iterator[Problem]:
    if User.objects.filter(email=email.strip().lower()).exists():
        yield Problem(
            "email",
            "an address not yet in use",
            email,
            t("This address has an account."),
        )


def _reference(clinic: Clinic, values: Mapping[str, Any]) -> Iterator[Problem]:
    reference = values.get("reference", "")
    if reference and clinic.patients.filter(reference=reference).exists():
        yield Problem(
            "reference",
            "each record number once in a clinic",
            reference,
            t(
                "{reference} is the record number of another patient.",
                reference=reference,
            ),
        )


def _dates(values: Mapping[str, Any], now: datetime) -> Iterator[Problem]:
    born, enrolled = values["born_on"], values["enrolled_on"]
    day_start = values.get("day_start", DEFAULT_DAY_START)
    today = diary_date(now, values["time_zone"], day_start)
    if born > today:
        rule = f"a day up to {today}"
        yield Problem(
            "born_on",
            rule,
            born.isoformat(),
            t(
                "{day} is still to come; a day up to {today} is possible.",
                day=born,
                today=today,
            ),
        )
    if enrolled < born:
        rule = "a day from the birth on"
        yield Problem(
            "enrolled_on",
            rule,
            enrolled.isoformat(),
            t(
                "The enrolment on {enrolled} is before the birth on {born}.",
                enrolled=enrolled,
                born=born,
            ),
        )


def _day_start(values: Mapping[str, Any]) -> Iterator[Problem]:
    start = values.get("day_start")
    if start is not None and start >= DAY_STARTS_BEFORE:
        yield Problem(
            "day_start",
            "a time before 12:00",
            f"{start:%H:%M}",
            f"The day starts at {start:%H:%M}; a time before 12:00 is possible.",
        )


def _each_once(values: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("conditions", "other_outcomes"):
        words = list(values.get(name, ()))
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            said = ", ".join(twice)
            yield Problem(
                name, "each one once", said, t("{what} is named twice.", what=said)
            )

"""Storing a diary day: one function, whoever sends it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tracker import diary_store
from tracker.access import DiaryPatient
from tracker.diary_day import Day
from tracker.diary_store import Stored, Writing
from tracker.ids import uuid7
from tracker.models import DiaryEntry, Revision, User
from tracker.problems import NotAllowed, one
from tracker.vocabulary import PatientState, Source

# A patient in one of these no longer writes; staff may still complete the record.
CLOSED_STATES = frozenset(
    {PatientState.DISCHARGED, PatientState.TRANSFERRED, PatientState.DECEASED}
)


@dataclass(frozen=True)
class Saved:
    """What became of a diary day."""

    outcome: Revision.Outcome
    entry: Stored


class Stale(Exception):
    """The day was changed elsewhere since the version this one was based on."""

    def __init__(self, entry: DiaryEntry) -> None:
        self.entry = entry
        super().__init__("the day was changed elsewhere")


def save_day(
    author: User,
    patient: DiaryPatient,
    on: date,
    day: Day,
    *,
    source: Source,
    based_on: int | None = None,
    now: datetime,
) -> Saved:
    """Store one diary day, whole: an item left out is blank.

    The entry, its revision, the audit row and the mark that spells are to be
    computed again are one transaction; a trigger adds the last two to every
    revision. The same content again changes nothing.

    Parameters
    ----------
    based_on
        The version the writer had seen, 0 for none; None lets the last one win.

    Raises
    ------
    Invalid
        `on` lies outside the window of `source`.
    Stale
        `based_on` is not the present version; the arrival is kept as a revision.
    """
    today = patient.today(now)
    check_window(patient, on, source, today)
    writing = Writing(
        revision_id=uuid7(),
        entry_id=uuid7(),
        patient_id=patient.id,
        author_id=author.pk,
        date=on,
        source=source,
        days_late=(today - on).days,
        arrived_at=now,
        diary_zone=patient.time_zone,
        day_start=patient.day_start,
        based_on=based_on,
    )
    if diary_store.is_one_statement():
        stored = diary_store.store(writing, day)
    else:
        with transaction.atomic():
            stored = diary_store.store(writing, day)
    if stored is None:
        raise _stale(writing, day)
    return Saved(diary_store.outcome_of(stored, writing), stored)


def _stale(writing: Writing, day: Day) -> Stale:
    """Keep what came in as a revision, and say what is stored instead."""
    with transaction.atomic():
        entry = DiaryEntry.with_deleted.get(
            patient=writing.patient_id, date=writing.date
        )
        diary_store.add_revision(
            writing, day, entry.id, entry.version, Revision.Outcome.CONFLICT
        )
    return Stale(entry)


def check_window(patient: DiaryPatient, on: date, source: Source, today: date) -> None:
    """Refuse a day that `source` may not write.

    The phone is bound by enrolment and the clinic's back-fill limit; staff and
    imports by the patient's birth, so that the days before the first infusion
    can always be completed.
    """
    by_phone = source == Source.PHONE
    earliest = patient.earliest_by_phone(today) if by_phone else patient.born_on
    if earliest <= on <= today:
        if by_phone and patient.state in CLOSED_STATES:
            raise NotAllowed("This diary is closed; ask your clinic to open it.")
        return
    rule = f"a day from {earliest} to {today}"
    what = "is still to come" if on > today else "is too far back"
    raise one("date", rule, on.isoformat(), f"{on} {what}; {rule} is possible.")

"""Settling what a phone sends after time without signal.

Each change is answered in the order sent. All of them are one transaction: either
the phone gets an answer and everything it tells of is stored, or nothing is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tracker import diary_bulk, diary_store
from tracker.access import DiaryPatient, earliest_by_phone
from tracker.actions.diary import CLOSED_STATES
from tracker.diary_bulk import Present
from tracker.diary_day import Day, DayContent, content_json, content_of, make_day
from tracker.diary_merge import ITEMS, merge
from tracker.ids import uuid7
from tracker.models import Revision, User
from tracker.problems import NotAllowed, Refused, one
from tracker.sync_batch import Act, BadChange, Batch, Change
from tracker.vocabulary import Source

Outcome = Revision.Outcome
_PHONE = Source.PHONE.value

# What a phone wrote in time is still taken this much later.
ARRIVES_WITHIN = timedelta(days=400)
RESTORED_WITHIN = timedelta(days=30)
# A clock this far from ours may have chosen the wrong day.
SKEW_DOUBTFUL = timedelta(minutes=10)
DAYS_PER_ANSWER = 400


@dataclass(frozen=True)
class Answer:
    """What became of one change; `day` is the day as it now stands, if there is one."""

    id: str | None
    outcome: str
    day: Present | None = None
    clashes: tuple[str, ...] = ()
    refusal: Refused | None = None


@dataclass(frozen=True)
class Synced:
    """Answers to a batch, and what else has changed since the device last asked.

    `is_reset` says that the device knew more than the server does, as after a
    restored backup: `days` then begins from nothing.
    """

    answers: list[Answer]
    days: list[Present]
    cursor: int | None
    has_more: bool
    is_reset: bool
    clock_skew_s: int


def sync_days(
    author: User, patient: DiaryPatient, batch: Batch, *, now: datetime
) -> Synced:
    """Settle a batch of changes of the author's own diary, and tell what is new.

    A change sent again is found by its key and answered again without being done
    again. A change based on an older version is merged by item with what came in
    since; where both changed one item, nothing is applied, both stay in the history,
    and the answer is "conflict".
    """
    skew_s = round((batch.device_time - now).total_seconds())
    with transaction.atomic():
        count = len(batch.changes)
        top = diary_store.advance_clock(patient.id, count)
        before = top - count
        answers = _Settling(author, patient, batch, now, skew_s, before).settle()
    if batch.cursor is None:
        return Synced(answers, [], None, False, False, skew_s)
    is_reset = batch.cursor > before
    cursor = 0 if is_reset else batch.cursor
    changed = _changed_after(patient, cursor, now) if cursor < before else []
    has_more = len(changed) > DAYS_PER_ANSWER
    changed = changed[:DAYS_PER_ANSWER]
    reached = changed[-1].sequence if has_more else top
    return Synced(answers, changed, reached, has_more, is_reset, skew_s)


def _changed_after(patient: DiaryPatient, cursor: int, now: datetime) -> list[Present]:
    first = patient.today(now) - ARRIVES_WITHIN
    return diary_bulk.days_after(patient.id, cursor, first, DAYS_PER_ANSWER + 1)


class _Settling:
    """One batch, while its patient's diary clock is held."""

    def __init__(
        self,
        author: User,
        patient: DiaryPatient,
        batch: Batch,
        now: datetime,
        skew_s: int,
        sequence: int,
    ) -> None:
        self._author = author
        self._patient = patient
        self._batch = batch
        self._now = now
        self._skew_s = skew_s
        self._sequence = sequence
        self._today = patient.today(now)
        self._revisions: list[tuple[Any, ...]] = []
        self._key, self._moment = diary_bulk.writers()
        self._same_for_all = self._columns_of_the_batch()
        self._made: dict[tuple[UUID, int], DayContent] = {}
        changes = [change for change in batch.changes if isinstance(change, Change)]
        self._present = diary_bulk.read_days(
            patient.id, {change.date for change in changes}
        )
        self._known = _known_changes(
            [key for change in changes for key in (change.id, *change.follows)]
        )
        self._earlier = diary_bulk.contents_at(self._stale_bases(changes))

    def _columns_of_the_batch(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The columns all revisions share, before and after what differs."""
        before = (self._key(self._patient.id),)
        after = (
            _PHONE,
            self._key(self._author.pk),
            self._key(self._batch.device_id),
            self._batch.time_zone,
            self._skew_s,
            self._moment(self._now),
            self._patient.time_zone,
            str(self._patient.day_start),
        )
        return before, after

    def settle(self) -> list[Answer]:
        answers = [self._answer(change) for change in self._batch.changes]
        changed = [day for day in self._present.values() if day.is_changed]
        diary_bulk.store_days(self._patient.id, changed)
        diary_bulk.store_revisions(self._revisions)
        return answers

    def _stale_bases(self, changes: list[Change]) -> list[tuple[UUID, date, int]]:
        found = []
        for change in changes:
            day = self._present.get(change.date)
            based_on = self._based_on(change)
            if day is not None and 0 < based_on < day.version:
                found.append((day.id, day.date, based_on))
        return found

    def _based_on(self, change: Change) -> int:
        """The version it was made on top of, by what the device could not know."""
        arrived = [self._known[key] for key in change.follows if key in self._known]
        seen = [
            known.version
            for known in arrived
            if known.outcome != Outcome.CONFLICT
            and (known.patient_id, known.date) == (self._patient.id, change.date)
        ]
        return max([change.based_on, *seen])

    def _answer(self, change: Change | BadChange) -> Answer:
        if isinstance(change, BadChange):
            return Answer(change.id, "refused", refusal=change.refusal)
        try:
            known = self._known.get(change.id)
            if known is not None:
                return self._again(change, known)
            if change.follows:
                change = replace(change, based_on=self._based_on(change))
            outcome, clashes = _ACTS[change.act](self, change)
        except Refused as refusal:
            return Answer(str(change.id), "refused", refusal=refusal)
        return Answer(
            str(change.id),
            str(outcome),
            self._present.get(change.date),
            clashes,
        )

    def _again(self, change: Change, known: "_Known") -> Answer:
        ours = (known.patient_id, known.date) == (self._patient.id, change.date)
        told = change.act != Act.WRITE or known.content == change.day.content
        if not (ours and told):
            raise one(
                "id",
                "a key no other change has",
                str(change.id),
                "Another change has this key.",
            )
        day = self._present.get(change.date)
        if known.outcome != Outcome.CONFLICT or day is None:
            # As it was answered the first time, when nobody may have heard it.
            return Answer(str(change.id), known.outcome, day)
        clashes = _differing(day.content, change.day.content)
        return Answer(str(change.id), str(Outcome.CONFLICT), day, clashes)

    def _write(self, change: Change) -> tuple[Outcome, tuple[str, ...]]:
        written_on, doubtful = self._written(change)
        self._check_window(change.date, written_on)
        day = self._present.get(change.date)
        if day is None:
            day = self._new_day(change, written_on, doubtful)
            self._present[change.date] = day
            return self._keep(change, day, Outcome.NEW, doubtful), ()
        if day.deleted_at is None and day.content == change.day.content:
            return self._keep(change, day, Outcome.IDENTICAL, doubtful), ()
        if change.based_on == day.version:
            day = self._apply(day, change, change.day, doubtful)
            return self._keep(change, day, Outcome.CHANGED, doubtful), ()
        if day.deleted_at is not None:
            # Deleted elsewhere: nothing brings a day back unasked.
            return self._keep(change, day, Outcome.CONFLICT, doubtful), ()
        return self._merge(change, day, doubtful)

    def _merge(
        self, change: Change, day: Present, doubtful: bool
    ) -> tuple[Outcome, tuple[str, ...]]:
        at = (day.id, change.based_on)
        base = self._made.get(at) or self._earlier.get(at)
        merged = merge(base, day.content, change.day.content)
        if merged.clashes:
            self._keep(change, day, Outcome.CONFLICT, doubtful)
            return Outcome.CONFLICT, merged.clashes
        if merged.content == day.content:
            return self._keep(change, day, Outcome.IDENTICAL, doubtful), ()
        day = self._apply(day, change, make_day(merged.content), doubtful)
        return self._keep(change, day, Outcome.MERGED, doubtful), ()

    def _delete(self, change: Change) -> tuple[Outcome, tuple[str, ...]]:
        _, doubtful = self._written(change)
        self._check_open()
        day = self._present.get(change.date)
        if day is None or day.deleted_at is not None:
            return Outcome.IDENTICAL, ()
        if change.based_on != day.version:
            return self._keep(change, day, Outcome.CONFLICT, doubtful), ()
        day = self._apply(day, change, make_day(day.content), doubtful)
        day.deleted_at, day.content_hash = self._now, ""
        # Who writes on top of a deleted day begins from nothing.
        self._made[(day.id, day.version)] = DayContent()
        return self._keep(change, day, Outcome.DELETED, doubtful), ()

    def _restore(self, change: Change) -> tuple[Outcome, tuple[str, ...]]:
        _, doubtful = self._written(change)
        self._check_open()
        day = self._present.get(change.date)
        if day is not None and day.deleted_at is None:
            return Outcome.IDENTICAL, ()
        if day is None or self._now - day.deleted_at > RESTORED_WITHIN:  # type: ignore[operator] # it was deleted
            raise one(
                "date",
                f"a day deleted in the last {RESTORED_WITHIN.days} days",
                change.date.isoformat(),
                f"{change.date} cannot be brought back any more.",
            )
        if change.based_on != day.version:
            return self._keep(change, day, Outcome.CONFLICT, doubtful), ()
        day = self._apply(day, change, make_day(day.content), doubtful)
        return self._keep(change, day, Outcome.RESTORED, doubtful), ()

    def _written(self, change: Change) -> tuple[date | None, bool]:
        """The diary day it was written on, and whether a clock makes that doubtful.

        The device's time is moved by what its clock differs from ours now. Of what
        cannot be true even so the day of writing is unknown.
        """
        if change.written_at is None:
            return self._today, False
        moment = change.written_at - timedelta(seconds=self._skew_s)
        late = self._now - moment
        possible = -SKEW_DOUBTFUL <= late <= ARRIVES_WITHIN
        doubtful = not possible or abs(self._skew_s) > SKEW_DOUBTFUL.total_seconds()
        if not possible:
            return None, True
        return self._patient.today(min(moment, self._now)), doubtful

    def _check_window(self, on: date, written_on: date | None) -> None:
        """The back-fill limit binds the day of writing, not the day of arrival.

        Where a wrong clock hides the day of writing the limit refuses nothing: the
        day is kept and marked for staff.
        """
        self._check_open()
        patient = self._patient
        earliest = earliest_by_phone(
            written_on or on, patient.enrolled_on, patient.back_fill_days
        )
        earliest = max(earliest, self._today - ARRIVES_WITHIN)
        if earliest <= on <= self._today:
            return
        rule = f"a day from {earliest} to {self._today}"
        what = (
            "is still to come; is the phone's clock right?"
            if on > self._today
            else "was too far back when it was written;"
        )
        raise one("date", rule, on.isoformat(), f"{on} {what} {rule} is possible.")

    def _check_open(self) -> None:
        if self._patient.state in CLOSED_STATES:
            raise NotAllowed("This diary is closed; ask your clinic to open it.")

    def _new_day(
        self, change: Change, written_on: date | None, doubtful: bool
    ) -> Present:
        self._sequence += 1
        day = Present(
            id=uuid7(),
            date=change.date,
            content=change.day.content,
            content_hash=change.day.content_hash,
            source=_PHONE,
            written_by_id=self._author.pk,
            days_late=max(0, ((written_on or self._today) - change.date).days),
            version=1,
            revision_id=change.id,
            created_at=self._now,
            updated_at=self._now,
            sequence=self._sequence,
            clock_doubtful=doubtful,
            is_changed=True,
        )
        self._made[(day.id, 1)] = day.content
        return day

    def _apply(
        self, before: Present, change: Change, made: Day, doubtful: bool
    ) -> Present:
        """The next version of a day; earlier answers keep the one they tell of."""
        self._sequence += 1
        day = replace(
            before,
            content=made.content,
            content_hash=made.content_hash,
            source=_PHONE,
            written_by_id=self._author.pk,
            version=before.version + 1,
            revision_id=change.id,
            updated_at=self._now,
            sequence=self._sequence,
            deleted_at=None,
            clock_doubtful=doubtful,
            is_changed=True,
        )
        self._present[day.date] = day
        self._made[(day.id, day.version)] = day.content
        return day

    def _keep(
        self, change: Change, day: Present, outcome: Outcome, doubtful: bool
    ) -> Outcome:
        """Put what came in on record, whatever became of it."""
        is_day = change.act == Act.WRITE
        self._known[change.id] = _Known(
            self._patient.id,
            change.date,
            outcome,
            day.version,
            change.day.content if is_day else None,
        )
        written_at = change.written_at
        # In the order of diary_bulk.REVISION_COLUMNS.
        self._revisions.append(
            (
                self._key(change.id),
                self._key(day.id),
                *self._same_for_all[0],
                str(change.date),
                change.day.content_json if is_day else content_json(day.content),
                content_json(day.content) if outcome == Outcome.MERGED else None,
                outcome.value,
                day.version,
                change.based_on,
                None if written_at is None else self._moment(written_at),
                doubtful,
                *self._same_for_all[1],
            )
        )
        return outcome


_ACTS: dict[Act, Callable[[_Settling, Change], tuple[Outcome, tuple[str, ...]]]] = {
    Act.WRITE: _Settling._write,
    Act.DELETE: _Settling._delete,
    Act.RESTORE: _Settling._restore,
}


@dataclass(frozen=True)
class _Known:
    patient_id: UUID
    date: date
    outcome: str
    version: int
    # What it said, had it been a day.
    content: DayContent | None


def _known_changes(keys: list[UUID]) -> dict[UUID, _Known]:
    """What became of changes that arrived before, whoever sent them."""
    arrived = diary_bulk.arrived(keys)
    if not arrived:
        return {}
    rows = Revision.objects.filter(pk__in=arrived).values_list(
        "pk", "patient_id", "date", "outcome", "version", "content"
    )
    return {
        key: _Known(patient, on, outcome, version, content_of(content))
        for key, patient, on, outcome, version, content in rows
    }


def _differing(one_day: DayContent, other: DayContent) -> tuple[str, ...]:
    return tuple(
        item for item in ITEMS if getattr(one_day, item) != getattr(other, item)
    )

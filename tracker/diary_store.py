"""The statements that store a diary day.

Written out rather than built by the ORM: this is the one path every phone
takes, and building the statements costs more than running them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from tracker.diary_day import Day, DayContent, effects_json
from tracker.models import DiaryClock, DiaryEntry, ReliefMark, Revision
from tracker.statements import hot_cursor

ENTRY = DiaryEntry._meta.db_table
REVISION = Revision._meta.db_table
MARK = ReliefMark._meta.db_table
CLOCK = DiaryClock._meta.db_table

CONTENT = (
    "mood",
    "anxiety",
    "pain",
    "sleep_quality",
    "energy",
    "sleep_hours",
    "note",
    "side_effects",
)
# What a changed day replaces; an identical one leaves all of it as it was.
_REPLACED = (
    *CONTENT,
    "source",
    "written_by_id",
    "content_hash",
    "revision_id",
    "updated_at",
    "sequence",
    "deleted_at",
    "clock_doubtful",
)


@dataclass(frozen=True)
class Writing:
    """Everything the statements need to know about one arrival."""

    revision_id: UUID
    entry_id: UUID
    patient_id: UUID
    author_id: UUID
    date: date
    source: str
    days_late: int
    arrived_at: datetime
    diary_zone: str
    day_start: time
    based_on: int | None


@dataclass(frozen=True)
class Stored:
    """The entry after the upsert."""

    id: UUID
    version: int
    revision_id: UUID
    days_late: int
    source: str
    updated_at: datetime


def store(writing: Writing, day: Day) -> Stored | None:
    """Store the day and its revision; None when it was based on a stale version.

    Call inside a transaction. The same content again changes nothing, not even the
    version, so a replayed request gets the answer it got before.
    """
    if database().vendor == "postgresql":
        return _store_at_once(writing, day)
    stored = _upsert(writing, day)
    if stored is not None:
        add_revision(
            writing, day, stored.id, stored.version, outcome_of(stored, writing)
        )
    return stored


def is_one_statement() -> bool:
    """Whether `store` is atomic by itself: then BEGIN and COMMIT are two trips less."""
    return database().vendor == "postgresql"


def outcome_of(stored: Stored, writing: Writing) -> Revision.Outcome:
    """What an arrival did to the entry; the statement below says the same."""
    if stored.id == writing.entry_id:
        return Revision.Outcome.NEW
    if stored.revision_id == writing.revision_id:
        return Revision.Outcome.CHANGED
    return Revision.Outcome.IDENTICAL


def advance_clock(patient_id: UUID, by: int) -> int:
    """The patient's diary clock after `by` more changes; holds it until the commit."""
    key, _ = adapters()
    with hot_cursor(database()) as cursor:
        cursor.execute(_ADVANCE, [key(patient_id), by])
        row = cursor.fetchone()
    assert row is not None  # it inserts or updates
    return int(row[0])


def _upsert(writing: Writing, day: Day) -> Stored | None:
    values = _upsert_values(writing, day)
    sequence = advance_clock(writing.patient_id, 1)
    return _fetch(_upsert_sql("%s", writing), [sequence, *values])


def _store_at_once(writing: Writing, day: Day) -> Stored | None:
    """Entry and revision in one statement: each trip to the server costs more.

    All values go as text, whose types the server infers: typed ones would make a
    statement of its own, to be planned anew, of every pattern of blank items.
    """
    revision = revision_values(writing, day)
    values = [
        writing.patient_id,
        *_upsert_values(writing, day),
        *revision.values(),
        writing.entry_id,
        writing.revision_id,
    ]
    upsert = _upsert_sql("(SELECT sequence FROM clock)", writing)
    return _fetch(
        _at_once(upsert, tuple(revision)),
        [None if value is None else str(value) for value in values],
    )


@lru_cache(maxsize=4)
def _at_once(upsert: str, columns: tuple[str, ...]) -> str:
    places = ", ".join(f"%s::{column_type(Revision, column)}" for column in columns)
    return (
        f"WITH clock AS ({_ADVANCE_BY_ONE}), stored AS ({upsert}), "  # noqa: S608 - own names
        "trail AS ("
        f"INSERT INTO {REVISION} ({', '.join(columns)}, entry_id, version, outcome) "
        f"SELECT {places}, stored.id, stored.version, "
        f"CASE WHEN stored.id = %s THEN '{Revision.Outcome.NEW}' "
        f"WHEN stored.revision_id = %s THEN '{Revision.Outcome.CHANGED}' "
        f"ELSE '{Revision.Outcome.IDENTICAL}' END FROM stored) "
        "SELECT * FROM stored"
    )


def column_type(model: type[Model], column: str) -> str:
    """Without the length: a cast to varchar(16) cuts what the column would refuse."""
    kind = model._meta.get_field(column).db_type(database())
    return str(kind).partition("(")[0]


def _fetch(statement: str, values: list[Any]) -> Stored | None:
    with hot_cursor(database()) as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return None if row is None else _stored(row)


def _upsert_values(writing: Writing, day: Day) -> list[Any]:
    key, ops = adapters()
    arrived_at = ops.adapt_datetimefield_value(writing.arrived_at)
    values = [
        key(writing.entry_id),
        key(writing.patient_id),
        ops.adapt_datefield_value(writing.date),
        *content_values(day.content),
        writing.source,
        key(writing.author_id),
        writing.days_late,
        1,
        day.content_hash,
        key(writing.revision_id),
        arrived_at,
        arrived_at,
    ]
    return values if writing.based_on is None else [*values, writing.based_on]


def content_values(content: DayContent) -> list[Any]:
    """The columns of `CONTENT`."""
    return [*_ITEMS(content), effects_json(content)]


# Of a day's content all but the side effects, which come last.
_ITEMS = attrgetter(*CONTENT[:-1])


def add_revision(
    writing: Writing, day: Day, entry_id: UUID, version: int, outcome: str
) -> None:
    key, _ = adapters()
    values = revision_values(writing, day) | {
        "entry_id": key(entry_id),
        "version": version,
        "outcome": outcome,
    }
    with database().cursor() as cursor:
        cursor.execute(_insert(REVISION, tuple(values)), list(values.values()))


def revision_values(writing: Writing, day: Day) -> dict[str, Any]:
    """Columns of a revision, but for what became of it."""
    key, ops = adapters()
    device = day.device
    return {
        "id": key(writing.revision_id),
        "patient_id": key(writing.patient_id),
        "date": ops.adapt_datefield_value(writing.date),
        "content": day.content_json,
        "based_on_version": writing.based_on,
        "source": writing.source,
        "written_by_id": key(writing.author_id),
        "device_id": None if device.id is None else key(device.id),
        "written_at": None
        if device.written_at is None
        else ops.adapt_datetimefield_value(device.written_at),
        "device_zone": device.time_zone,
        "arrived_at": ops.adapt_datetimefield_value(writing.arrived_at),
        "diary_zone": writing.diary_zone,
        "day_start": ops.adapt_timefield_value(writing.day_start),
    }


def mark_for_relief(patient_id: UUID, at: datetime) -> None:
    """Leave the patient's one mark: their spells are to be computed again."""
    key, ops = adapters()
    with database().cursor() as cursor:
        cursor.execute(_MARK, [key(patient_id), ops.adapt_datetimefield_value(at)])


@lru_cache(8)
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    places = ", ".join(["%s"] * len(columns))
    # Names come from this module, values are parameters.
    return f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608


COLUMNS = (
    "id",
    "patient_id",
    "date",
    *CONTENT,
    "source",
    "written_by_id",
    "days_late",
    "version",
    "content_hash",
    "revision_id",
    "created_at",
    "updated_at",
)
_UNLESS_STALE = (
    f" WHERE {ENTRY}.version = %s OR {ENTRY}.content_hash = excluded.content_hash"
)


def _upsert_sql(sequence: str, writing: Writing) -> str:
    return _upsert_text(sequence, writing.based_on is not None)


@lru_cache(4)
def _upsert_text(sequence: str, only_if_fresh: bool) -> str:
    replaced = ", ".join(
        f"{name} = CASE WHEN {ENTRY}.content_hash = excluded.content_hash "
        f"THEN {ENTRY}.{name} ELSE excluded.{name} END"
        for name in _REPLACED
    )
    places = ", ".join(["%s"] * len(COLUMNS))
    # Names come from this module, values are parameters.
    return (
        f"INSERT INTO {ENTRY} (sequence, clock_doubtful, {', '.join(COLUMNS)}) "  # noqa: S608
        f"VALUES ({sequence}, false, {places}) "
        f"ON CONFLICT (patient_id, date) DO UPDATE SET {replaced}, "
        f"version = {ENTRY}.version + "
        f"CASE WHEN {ENTRY}.content_hash = excluded.content_hash THEN 0 ELSE 1 END"
        f"{_UNLESS_STALE if only_if_fresh else ''}{_RETURNING}"
    )


_RETURNING = " RETURNING id, version, revision_id, days_late, source, updated_at"
_ADVANCE = (
    f"INSERT INTO {CLOCK} (patient_id, sequence) VALUES (%s, %s) "  # noqa: S608 - own name
    f"ON CONFLICT (patient_id) DO UPDATE SET "
    f"sequence = {CLOCK}.sequence + excluded.sequence RETURNING sequence"
)
_ADVANCE_BY_ONE = _ADVANCE.replace("(%s, %s)", "(%s::uuid, 1)")
_MARK = (
    f"INSERT INTO {MARK} (patient_id, marks, marked_at) VALUES (%s, 1, %s) "  # noqa: S608 - own name
    f"ON CONFLICT (patient_id) DO UPDATE SET marks = {MARK}.marks + 1"
)


def database() -> BaseDatabaseWrapper:
    # The wrapper itself: Django's proxy looks it up anew for every attribute.
    return connections[DEFAULT_DB_ALIAS]


def adapters() -> tuple[Callable[[UUID], Any], Any]:
    """How this database wants keys, and its other adapters."""
    used = database()
    native = used.features.has_native_uuid_field
    return (_as_is if native else _as_hex), used.ops


def _as_is(key: UUID) -> UUID:
    return key


def _as_hex(key: UUID) -> str:
    return key.hex


def _stored(row: tuple[Any, ...]) -> Stored:
    entry_id, version, revision_id, days_late, source, updated_at = row
    if not isinstance(entry_id, UUID):
        entry_id, revision_id = UUID(entry_id), UUID(revision_id)
    if isinstance(updated_at, str):
        updated_at = datetime.fromisoformat(updated_at + "+00:00")
    return Stored(entry_id, version, revision_id, days_late, source, updated_at)

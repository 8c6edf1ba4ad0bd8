"""Many diary days of one patient at once: read, and stored, by one statement each.

For whoever holds the patient's diary clock: nobody else writes these days meanwhile,
so what was read still holds when it is written.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model

from tracker import diary_store
from tracker.diary_day import DayContent, content_of
from tracker.diary_store import CONTENT, REVISION, column_type
from tracker.models import DiaryEntry, Revision
from tracker.statements import Prepared, date_slot, hot_cursor, slot

# The outcomes that made a version of the entry.
APPLIED = (
    Revision.Outcome.NEW,
    Revision.Outcome.CHANGED,
    Revision.Outcome.MERGED,
    Revision.Outcome.RESTORED,
)


@dataclass
class Present:
    """A diary day as it stands while a batch is being settled."""

    id: UUID
    date: date
    content: DayContent
    content_hash: str
    source: str
    written_by_id: UUID
    days_late: int
    version: int
    revision_id: UUID
    created_at: datetime
    updated_at: datetime
    sequence: int
    deleted_at: datetime | None = None
    clock_doubtful: bool = False
    is_changed: bool = False


def read_days(patient_id: UUID, dates: Collection[date]) -> dict[date, Present]:
    """These days as stored, deleted ones included; days between them may come too."""
    if not dates:
        return {}
    rows = _SPAN.rows(patient=patient_id, first=min(dates), last=max(dates))
    return {row[1]: _present(row) for row in rows}


def days_after(patient_id: UUID, cursor: int, first: date, limit: int) -> list[Present]:
    """Days from `first` on that changed after `cursor`, in the order of change."""
    rows = (
        DiaryEntry.with_deleted.filter(
            patient_id=patient_id, sequence__gt=cursor, date__gte=first
        )
        .order_by("sequence")
        .values_list(*_STATE, *CONTENT)[:limit]
    )
    return [_present(row) for row in rows]


_STATE = (
    "id",
    "date",
    "content_hash",
    "source",
    "written_by_id",
    "days_late",
    "version",
    "revision_id",
    "created_at",
    "updated_at",
    "sequence",
    "deleted_at",
    "clock_doubtful",
)


# Compiled once: a batch of a month is read by its first and last day.
_SPAN = Prepared(
    lambda: (
        DiaryEntry.with_deleted.filter(
            patient_id=slot("patient"),
            date__gte=date_slot("first"),
            date__lte=date_slot("last"),
        )
        .order_by()
        .values_list(*_STATE, *CONTENT)
    ),
    "patient",
    "first",
    "last",
)


def _present(row: Sequence[Any]) -> Present:
    state = dict(zip(_STATE, row, strict=False))
    items = dict(zip(CONTENT, row[len(_STATE) :], strict=True))
    return Present(**state, content=content_of(items))


def arrived(keys: Collection[UUID]) -> set[UUID]:
    """Which of these changes are on record already, whoever sent them."""
    if not keys:
        return set()
    key, _ = diary_store.adapters()
    with diary_store.database().cursor() as cursor:
        cursor.execute(_arrived_sql(len(keys)), [key(one) for one in keys])
        rows = cursor.fetchall()
    return {row[0] if isinstance(row[0], UUID) else UUID(row[0]) for row in rows}


@lru_cache(128)
def _arrived_sql(keys: int) -> str:
    places = ", ".join(["%s"] * keys)
    return f"SELECT id FROM {REVISION} WHERE id IN ({places})"  # noqa: S608 - own name


def contents_at(versions: Iterable[tuple[UUID, date, int]]) -> dict[Any, DayContent]:
    """What entries held at earlier versions, by (entry, version).

    `versions` holds entry, its date, and version. A version whose revision is not
    here has no key in the answer.
    """
    wanted = list(versions)
    if not wanted:
        return {}
    rows = Revision.objects.filter(
        entry__in={entry for entry, _, _ in wanted},
        date__in={on for _, on, _ in wanted},
        version__in={version for _, _, version in wanted},
        outcome__in=APPLIED,
    ).values_list("entry_id", "version", "content", "result")
    return {
        (entry, version): content_of(content if result is None else result)
        for entry, version, content, result in rows
    }


def store_days(patient_id: UUID, days: Sequence[Present]) -> None:
    key, moment = writers()
    patient = key(patient_id)
    rows = [
        (
            key(day.id),
            patient,
            str(day.date),
            *diary_store.content_values(day.content),
            day.source,
            key(day.written_by_id),
            day.days_late,
            day.version,
            day.content_hash,
            key(day.revision_id),
            moment(day.created_at),
            moment(day.updated_at),
            day.sequence,
            None if day.deleted_at is None else moment(day.deleted_at),
            day.clock_doubtful,
        )
        for day in days
    ]
    _insert(DiaryEntry, _ENTRY_COLUMNS, rows, _REPLACE)


_ENTRY_COLUMNS = (*diary_store.COLUMNS, "sequence", "deleted_at", "clock_doubtful")
_KEPT = frozenset({"id", "patient_id", "date", "created_at"})


_REPLACE = " ON CONFLICT (patient_id, date) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in _ENTRY_COLUMNS if name not in _KEPT
)


def writers() -> tuple[Callable[[UUID], str], Callable[[datetime], str]]:
    """What makes a key and a moment the text that rows of this module are made of."""
    used = diary_store.database()
    if used.vendor == "postgresql":
        return str, _remembered(str)
    key, ops = diary_store.adapters()
    return key, _remembered(ops.adapt_datetimefield_value)


def _remembered(adapt: Callable[[datetime], str]) -> Callable[[datetime], str]:
    """`adapt` for many rows that share a few moments."""
    known: dict[datetime, str] = {}

    def moment(value: datetime) -> str:
        if value not in known:
            known[value] = adapt(value)
        return known[value]

    return moment


def store_revisions(rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of `REVISION_COLUMNS`, with texts as `writers` makes them."""
    _insert(Revision, REVISION_COLUMNS, rows)


REVISION_COLUMNS = (
    "id",
    "entry_id",
    "patient_id",
    "date",
    "content",
    "result",
    "outcome",
    "version",
    "based_on_version",
    "written_at",
    "clock_doubtful",
    "source",
    "written_by_id",
    "device_id",
    "device_zone",
    "clock_skew_s",
    "arrived_at",
    "diary_zone",
    "day_start",
)


def _insert(
    model: type[Model],
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    otherwise: str = "",
) -> None:
    if not rows:
        return
    used = diary_store.database()
    with hot_cursor(used) as cursor:
        if used.vendor == "postgresql":
            told = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
            cursor.execute(_insert_told(model, columns) + otherwise, [told])
        else:
            values = [value for row in rows for value in row]
            cursor.execute(_insert_sql(model, columns, len(rows)) + otherwise, values)


@lru_cache(256)
def _insert_sql(model: type[Model], columns: tuple[str, ...], rows: int) -> str:
    places = f"({', '.join(['%s'] * len(columns))})"
    # Names come from this module, values are parameters.
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES "  # noqa: S608
        + ", ".join([places] * rows)
    )


@lru_cache(4)
def _insert_told(model: type[Model], columns: tuple[str, ...]) -> str:
    """All rows as one value: a thousand would each be sent and read by itself."""
    kinds = {column: column_type(model, column) for column in columns}
    given = ", ".join(
        f"{column} {'text' if kind == 'jsonb' else kind}"
        for column, kind in kinds.items()
    )
    taken = ", ".join(
        f"{column}::jsonb" if kind == "jsonb" else column
        for column, kind in kinds.items()
    )
    # Names come from this module, the rows are a parameter.
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "  # noqa: S608
        f"SELECT {taken} FROM json_to_recordset(%s::json) AS given({given})"
    )

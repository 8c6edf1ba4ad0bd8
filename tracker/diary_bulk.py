"""Many diary days of one patient at once: read, and stored, by one statement each.

For whoever holds the patient's diary clock: nobody else writes these days meanwhile,
so what was read still holds when it is written.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from tracker import diary_store
from tracker.diary_day import DayContent, content_of
from tracker.diary_store import CONTENT, ENTRY, REVISION
from tracker.models import DiaryEntry, Revision
from tracker.statements import Prepared, date_slot, slot

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
    if not days:
        return
    key, ops = diary_store.adapters()
    moment = remembered(ops.adapt_datetimefield_value)
    values: list[Any] = []
    for day in days:
        values += (
            key(day.id),
            key(patient_id),
            ops.adapt_datefield_value(day.date),
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
    with diary_store.database().cursor() as cursor:
        cursor.execute(_upsert_sql(len(days)), values)


_ENTRY_COLUMNS = (*diary_store.COLUMNS, "sequence", "deleted_at", "clock_doubtful")
_KEPT = frozenset({"id", "patient_id", "date", "created_at"})


@lru_cache(128)
def _upsert_sql(rows: int) -> str:
    replaced = ", ".join(
        f"{name} = excluded.{name}" for name in _ENTRY_COLUMNS if name not in _KEPT
    )
    return (
        _insert_sql(ENTRY, _ENTRY_COLUMNS, rows)
        + f" ON CONFLICT (patient_id, date) DO UPDATE SET {replaced}"
    )


def remembered(adapt: Callable[[datetime], Any]) -> Callable[[datetime], Any]:
    """`adapt` for many rows that share a few moments."""
    known: dict[datetime, Any] = {}

    def moment(value: datetime) -> Any:
        if value not in known:
            known[value] = adapt(value)
        return known[value]

    return moment


def store_revisions(rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of `REVISION_COLUMNS`, as the database takes them."""
    if not rows:
        return
    values = [value for row in rows for value in row]
    with diary_store.database().cursor() as cursor:
        cursor.execute(_insert_sql(REVISION, REVISION_COLUMNS, len(rows)), values)


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


@lru_cache(256)
def _insert_sql(table: str, columns: tuple[str, ...], rows: int) -> str:
    places = f"({', '.join(['%s'] * len(columns))})"
    # Names come from this module, values are parameters.
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608
        + ", ".join([places] * rows)
    )

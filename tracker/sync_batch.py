"""A batch of changes as a phone sends it: read strictly, one change at a time.

What is wrong with the batch as a whole refuses it whole; what is wrong with one
change is that change's own problem, and the others go through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tracker import days
from tracker.diary_day import Day, DayContent, make_day, parse_date, parse_day
from tracker.problems import Invalid, Problem, Refused, one
from tracker.strict_json import shown

CHANGES_AT_MOST = 100
FOLLOWS_AT_MOST = 50
LARGEST = 2**31 - 1


class Act(StrEnum):
    WRITE = "write"
    DELETE = "delete"
    RESTORE = "restore"


@dataclass(frozen=True)
class Change:
    """One change of one diary day, made on a device at some time.

    `follows` names the device's own earlier changes of this day whose answers never
    came back: whichever of them arrived is what this one was made on top of.
    """

    id: UUID
    act: Act
    date: date
    based_on: int
    written_at: datetime | None
    day: Day
    follows: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class BadChange:
    """A change that cannot be read; `id` goes back to whoever sent it."""

    id: str | None
    refusal: Refused


@dataclass(frozen=True)
class Batch:
    device_id: UUID
    device_time: datetime
    time_zone: str
    # How far the device has read; 0 from the beginning, None to read nothing.
    cursor: int | None
    changes: tuple[Change | BadChange, ...]


def parse_batch(payload: Any, known_codes: frozenset[str]) -> Batch:
    """`payload`, decoded from JSON, as a `Batch`.

    Raises
    ------
    Invalid
        The batch itself breaks a rule, whatever its changes are.
    """
    sent = _object("body", payload, _BATCH_FIELDS)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, read in _BATCH_READERS.items():
        try:
            values[name] = read(name, sent.get(name))
        except Refused as refusal:
            problems.extend(refusal.problems)
    changes = sent.get("changes", [])
    if not isinstance(changes, list) or len(changes) > CHANGES_AT_MOST:
        rule = f"a list of at most {CHANGES_AT_MOST} changes"
        said = len(changes) if isinstance(changes, list) else shown(changes)
        problems.append(Problem("changes", rule, said, f"changes must be {rule}."))
    if problems:
        raise Invalid(problems)
    return Batch(**values, changes=tuple(_changes(changes, known_codes)))


def _changes(sent: Sequence[Any], known_codes: frozenset[str]) -> Any:
    for index, change in enumerate(sent):
        try:
            yield _change(change, known_codes)
        except Refused as refusal:
            key = change.get("id") if isinstance(change, dict) else None
            yield BadChange(
                key[:64] if isinstance(key, str) else None, _at(index, refusal)
            )


def _at(index: int, refusal: Refused) -> Refused:
    return Invalid(
        [
            Problem(
                f"changes.{index}.{problem.field}",
                problem.rule,
                problem.value,
                problem.message,
            )
            for problem in refusal.problems
        ]
    )


def _change(payload: Any, known_codes: frozenset[str]) -> Change:
    sent = _object("change", payload, _CHANGE_FIELDS)
    act = _act("act", sent.get("act", Act.WRITE))
    day = sent.get("day")
    if act != Act.WRITE and day is not None:
        raise one("day", f"absent to {act}", shown(day), f"To {act} takes no day.")
    return Change(
        id=_key("id", sent.get("id")),
        act=act,
        date=parse_date("date", sent.get("date")),  # type: ignore[arg-type] # it checks
        based_on=_whole("based_on", sent.get("based_on")),
        written_at=_moment_or_none("written_at", sent.get("written_at")),
        day=_NO_DAY if act != Act.WRITE else _day(day, known_codes),
        follows=_keys("follows", sent.get("follows", [])),
    )


_NO_DAY = make_day(DayContent())


def _day(payload: Any, known_codes: frozenset[str]) -> Day:
    if isinstance(payload, dict):
        for name in _ELSEWHERE & payload.keys():
            raise one(
                name, "beside the day", shown(payload[name]), f"{name} is not in a day."
            )
    return parse_day(payload, known_codes)


# A single day carries these itself; in a batch they stand beside it.
_ELSEWHERE = frozenset({"device_id", "written_at", "time_zone", "entered_via"})
_BATCH_FIELDS = ("device_id", "device_time", "time_zone", "cursor", "changes")
_CHANGE_FIELDS = ("id", "act", "date", "based_on", "written_at", "day", "follows")


def _object(field: str, payload: Any, known: Sequence[str]) -> dict[str, Any]:
    if not isinstance(payload, dict):
        raise one(
            field, "a JSON object", shown(payload), f"{field} is one JSON object."
        )
    unknown = [name for name in payload if name not in known]
    if unknown:
        raise Invalid(
            [
                Problem(
                    shown(name),
                    f"one of: {', '.join(known)}",
                    shown(payload[name]),
                    f"{shown(name)} is not known.",
                )
                for name in unknown
            ]
        )
    return payload


def _key(name: str, value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise one(name, "a UUID", shown(value), f"{name} is no UUID.") from None


def _keys(name: str, value: Any) -> tuple[UUID, ...]:
    if isinstance(value, list) and len(value) <= FOLLOWS_AT_MOST:
        return tuple(_key(name, key) for key in value)
    rule = f"a list of at most {FOLLOWS_AT_MOST} keys"
    raise one(name, rule, shown(value), f"{name} must be {rule}.")


def _whole(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    rule = f"a whole number from 0 to {LARGEST}"
    raise one(name, rule, shown(value), f"{name} must be {rule}.")


def _cursor(name: str, value: Any) -> int | None:
    return None if value is None else _whole(name, value)


def _act(name: str, value: Any) -> Act:
    try:
        return Act(value)
    except ValueError:
        rule = f"one of {', '.join(Act)}"
        raise one(name, rule, shown(value), f"{name} is {rule}.") from None


def _moment(name: str, value: Any) -> datetime:
    try:
        return days.parse_moment(value)
    except (ValueError, TypeError):
        rule = "a date and time with offset (RFC 3339)"
        raise one(name, rule, shown(value), f"{name} must be {rule}.") from None


def _moment_or_none(name: str, value: Any) -> datetime | None:
    return None if value is None else _moment(name, value)


def _zone(name: str, value: Any) -> str:
    try:
        if not isinstance(value, str) or len(value) > 64:
            raise ValueError("That is no time zone.")
        days.zone(value)
    except ValueError as error:
        raise one(name, "an IANA time zone", shown(value), str(error)) from None
    return value


_BATCH_READERS = {
    "device_id": _key,
    "device_time": _moment,
    "time_zone": _zone,
    "cursor": _cursor,
}

"""When an instrument is due, counted from each infusion."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import cast

from tracker.questionnaires.instrument import Instrument

_FURTHEST_DAYS = 3_650
# Beyond them a date is a slip, and adding days may leave the calendar.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Plan:
    """Days on which an instrument is asked, counted from each infusion.

    Parameters
    ----------
    days : tuple of int, days
        Relative to the infusion: -1 is the day before, 0 its own day.
    every : int, days, optional
        After the last of `days`, again and again; None stops there.
    grace_days : int, days
        So long after it fell due it is not yet overdue.

    Raises
    ------
    ValueError
        Names the field, the rule and the value.
    """

    days: tuple[int, ...]
    every: int | None = None
    grace_days: int = 2

    def __post_init__(self) -> None:
        if not self.days and self.every is None:
            raise ValueError("days must name a day, or every be given, not ()")
        for day in self.days:
            _check_whole("days", day, -_FURTHEST_DAYS, _FURTHEST_DAYS)
        if len(set(self.days)) < len(self.days):
            raise ValueError(f"days must name each day only once, not {self.days!r}")
        if self.every is not None:
            _check_whole("every", self.every, 1, _FURTHEST_DAYS)
        _check_whole("grace_days", self.grace_days, 0, _FURTHEST_DAYS)


@dataclass(frozen=True)
class Due:
    """Where an instrument stands on a day.

    Parameters
    ----------
    due_on : date, optional
        Since when it is due; None: nothing is due today.
    overdue : bool
        Due for longer than the plan's grace.
    days_waited : int, days
        From `due_on` to the day asked about; 0 where nothing is due.
    next_on : date, optional
        The next day it falls due; where it is due now, the one after, if it is
        filled in today. None: the plan and the known infusions end.
    """

    due_on: date | None
    overdue: bool
    days_waited: int
    next_on: date | None


@dataclass(frozen=True)
class _Slot:
    """A planned day, and the day before which it must be answered."""

    opens: date
    closes: date | None


def due(
    instrument: Instrument,
    plan: Plan,
    infusion_dates: Iterable[date],
    filled_dates: Iterable[date],
    *,
    as_of: date,
) -> Due:
    """What is due, what is overdue, and what comes next.

    Parameters
    ----------
    instrument : Instrument
        For its `min_interval_days`, which is never less than the recall period.
    plan : Plan
    infusion_dates : iterable of date
        Given and booked, in any order.
    filled_dates : iterable of date
        Of this instrument, in any order; later ones than `as_of` are not looked at.
    as_of : date
        The day asked about, in the patient's own days.

    Returns
    -------
    Due

    Raises
    ------
    ValueError
        A date is not a date (a datetime is not one).

    Notes
    -----
    Each infusion begins the plan anew, without limit: days counted from the one
    before that would fall on it or later are dropped, and so are days before an
    infusion that fall on the infusion before or earlier. A planned day can be
    answered until the next one, and until the day before the next infusion.
    A planned day nearer to the last filling than the least interval waits until the
    interval is over, and is dropped where the next planned day comes first.
    """
    infusions = _dates("infusion_dates", infusion_dates)
    filled = _dates("filled_dates", filled_dates)
    _check_date("as_of", as_of)
    known = [day for day in filled if day <= as_of]
    least = timedelta(days=instrument.min_interval_days)
    current = _current(plan, infusions, as_of)
    due_on = None
    if current and not any(day >= current.opens for day in known):
        ready = max(current.opens, known[-1] + least) if known else current.opens
        due_on = ready if ready <= as_of else None
    last = as_of if due_on else (known[-1] if known else None)
    waited = (as_of - due_on).days if due_on else 0
    return Due(
        due_on=due_on,
        overdue=waited > plan.grace_days,
        days_waited=waited,
        next_on=_next(plan, infusions, as_of, last, least),
    )


def _current(plan: Plan, infusions: Sequence[date], as_of: date) -> _Slot | None:
    current = None
    for slot in _slots(plan, infusions):
        if slot.opens > as_of:
            break
        current = slot
    if current and current.closes is not None and current.closes <= as_of:
        return None
    return current


def _next(
    plan: Plan,
    infusions: Sequence[date],
    as_of: date,
    last: date | None,
    least: timedelta,
) -> date | None:
    for slot in _slots(plan, infusions):
        if last is not None and slot.opens <= last:
            continue
        ready = slot.opens if last is None else max(slot.opens, last + least)
        if ready > as_of and (slot.closes is None or ready < slot.closes):
            return ready
    return None


def _slots(plan: Plan, infusions: Sequence[date]) -> Iterator[_Slot]:
    """Planned days with their ends, ascending; endless where the plan repeats."""
    ahead: tuple[date, date | None] | None = None
    for opens, infusion in _planned(plan, infusions):
        if ahead:
            yield _Slot(ahead[0], min(opens, ahead[1] or opens))
        ahead = (opens, infusion)
    if ahead:
        yield _Slot(*ahead)


def _planned(
    plan: Plan, infusions: Sequence[date]
) -> Iterator[tuple[date, date | None]]:
    """Planned days, ascending, each once, with the next infusion."""
    bounds: list[date | None] = [None, *infusions, None]
    for before, after in pairwise(bounds):
        days: Iterable[date] = _days_after(plan, before, after)
        if after is not None:
            days = sorted({*days, *_days_before(plan, before, after)})
        yield from ((day, after) for day in days)


def _days_before(plan: Plan, before: date | None, infusion: date) -> list[date]:
    days = [infusion + timedelta(days=day) for day in plan.days if day < 0]
    return [day for day in days if before is None or day > before]


def _days_after(plan: Plan, infusion: date | None, end: date | None) -> Iterator[date]:
    if infusion is None:
        return
    offsets = sorted(day for day in plan.days if day >= 0)
    for offset in offsets:
        day = infusion + timedelta(days=offset)
        if end is not None and day >= end:
            return
        yield day
    if plan.every is None:
        return
    day = infusion + timedelta(days=(offsets or [0])[-1] + plan.every)
    while end is None or day < end:
        yield day
        day += timedelta(days=plan.every)


def _dates(name: str, dates: Iterable[date]) -> list[date]:
    given = list(dates)
    for day in given:
        _check_date(name, day)
    return sorted(set(given))


def _check_date(name: str, day: object) -> None:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"{name} must be dates without a time, not {day!r}")
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        rule = f"lie in the years {_FIRST_YEAR} to {_LAST_YEAR}"
        raise ValueError(f"{name} must {rule}, not {day!r}")


def _check_whole(name: str, value: object, least: int, most: int) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and least <= cast(int, value) <= most:
        return
    raise ValueError(
        f"{name} must be whole numbers from {least} to {most}, not {value!r}"
    )

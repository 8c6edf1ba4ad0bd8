"""When a person is reminded: pure rules of hour, zone, repeat and silence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tracker.days import diary_date, zone

# A worker that was down must not wake anybody in the night.
LATEST = timedelta(hours=4)
REPEAT_AFTER = timedelta(minutes=90)
SNOOZE = timedelta(hours=1)
# After so many days without any answer the daily reminder rests ...
UNANSWERED_DAYS = 5
# ... and comes back once in so many days, without a repeat.
DAYS_BETWEEN_WHEN_QUIET = 7

FIRST, REPEAT, EVE = "first", "repeat", "eve"
LATER, SKIPPED = "later", "skipped"


@dataclass(frozen=True)
class Habit:
    """A person's hour, by the clock on their own wall."""

    at: time
    time_zone: str
    day_start: time


@dataclass(frozen=True)
class Past:
    """One reminder that was intended before.

    `logged` says whether its diary day was written, whenever that was.
    """

    date: date
    kind: str
    intended_at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    logged: bool = False


@dataclass(frozen=True)
class Due:
    """The reminder to be sent now."""

    date: date
    kind: str


def moment_of(day: date, habit: Habit) -> datetime:
    """When the reminder of a diary day comes, in UTC.

    An hour before the day's start belongs to the night after the date. Where the
    clocks leave the hour out it comes that much later; where they show it twice
    it comes the first time.
    """
    on = day + timedelta(days=1) if habit.at < habit.day_start else day
    local = datetime.combine(on, habit.at, zone(habit.time_zone))
    return local.astimezone(UTC)


def is_quiet(past: Sequence[Past], today: date) -> bool:
    """Whether the last reminders all went unanswered: people may have had enough."""
    firsts = sorted(
        (one for one in past if one.kind == FIRST and one.date < today),
        key=lambda one: one.date,
    )
    answered = {one.date for one in past if one.answer or one.logged}
    last = firsts[-UNANSWERED_DAYS:]
    return len(last) == UNANSWERED_DAYS and not any(
        one.date in answered for one in last
    )


def due(
    habit: Habit, past: Sequence[Past], *, logged_today: bool, as_of: datetime
) -> Due | None:
    """The reminder that should go out at `as_of`, or none.

    `past` holds this person's reminders of the last weeks, in any order.
    """
    today = diary_date(as_of, habit.time_zone, habit.day_start)
    begin = moment_of(today, habit)
    if logged_today or not begin <= as_of < begin + LATEST:
        return None
    of_today = {one.kind: one for one in past if one.date == today}
    quiet = is_quiet(past, today)
    first = of_today.get(FIRST)
    if first is None:
        return None if quiet and not _week_is_over(past, today) else Due(today, FIRST)
    if quiet or REPEAT in of_today or first.answer == SKIPPED:
        return None
    return Due(today, REPEAT) if as_of >= _repeat_at(first) else None


def eve_due(
    habit: Habit, past: Sequence[Past], *, booked_on: Collection[date], as_of: datetime
) -> Due | None:
    """The word at the person's hour on the day before something booked.

    It comes whether the day is written or not, once, and in quiet times too: what
    has to be prepared cannot wait a week. `booked_on` holds the local dates of what
    is booked.
    """
    today = diary_date(as_of, habit.time_zone, habit.day_start)
    begin = moment_of(today, habit)
    if today + timedelta(days=1) not in booked_on:
        return None
    if not begin <= as_of < begin + LATEST:
        return None
    if any(one.date == today and one.kind == EVE for one in past):
        return None
    return Due(today, EVE)


def _repeat_at(first: Past) -> datetime:
    if first.answer == LATER and first.answered_at:
        return first.answered_at + SNOOZE
    return first.intended_at + REPEAT_AFTER


def _week_is_over(past: Sequence[Past], today: date) -> bool:
    firsts = (one.date for one in past if one.kind == FIRST and one.date < today)
    last = max(firsts)
    return (today - last).days >= DAYS_BETWEEN_WHEN_QUIET

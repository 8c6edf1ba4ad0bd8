"""What a diary day is: the patient's own, by local date, zone and day start."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_DAY_START = time(3, 0)
# Python also reads week dates, missing separators and more; ours are one form each.
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_CLOCK = re.compile(r"\d\d:\d\d", re.ASCII)
# Files beside the zones of many systems: known to no browser, or differing by machine.
_NO_ZONES = ("right/", "posix/", "posixrules", "localtime", "Factory")


def parse_date(text: str) -> date:
    """`text` as YYYY-MM-DD; ValueError for anything else, a week date included."""
    if not _DATE.fullmatch(text):
        raise ValueError("not a calendar date")
    return date.fromisoformat(text)


def parse_moment(text: str) -> datetime:
    """`text` by RFC 3339, in UTC; ValueError for anything else."""
    if not _MOMENT.fullmatch(text):
        raise ValueError("not a date and time with offset")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        raise ValueError("no such moment in UTC") from None


def parse_clock(text: str) -> time:
    """`text` as HH:MM; ValueError for anything else."""
    if not _CLOCK.fullmatch(text):
        raise ValueError("not a time of day")
    return time.fromisoformat(text)


@lru_cache(1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`.

    Raises
    ------
    ValueError
        No such zone is known.
    """
    try:
        if name.startswith(_NO_ZONES):
            raise ZoneInfoNotFoundError
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"time zone must be an IANA name, but was {name!r}") from None


def diary_date(moment: datetime, time_zone: str, day_start: time) -> date:
    """The diary day that `moment` belongs to.

    Reads the clock on the patient's wall: what is written before the day starts
    (01:30 with a start of 03:00) belongs to the day before. A local hour that
    happens twice or never, when clocks change, needs no rule of its own, and
    every moment belongs to exactly one day.

    Raises
    ------
    ValueError
        `moment` has no zone, or the zone's name is unknown.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone, but was {moment!r}")
    local = moment.astimezone(zone(time_zone))
    today = local.date()
    return today - timedelta(days=1) if local.time() < day_start else today

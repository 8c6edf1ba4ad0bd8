"""What a diary day is: the patient's own, by local date, zone and day start."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_DAY_START = time(3, 0)


def zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`.

    Raises
    ------
    ValueError
        No such zone is known.
    """
    try:
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

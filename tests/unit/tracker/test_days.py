"""The diary day over clock changes, travel and the date line."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.days import diary_date

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
THREE = time(3)

zones = st.sampled_from(ZONES)
moments = st.datetimes(
    datetime(1995, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2035, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
starts = st.times(max_value=time(11, 59))


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        pytest.param("2026-11-24T00:30+00:00", "Europe/Madrid", "2026-11-23", id="01:30-is-yesterday"),
        pytest.param("2026-11-24T02:00+00:00", "Europe/Madrid", "2026-11-24", id="03:00-is-today"),
        pytest.param("2026-11-24T01:59:59+00:00", "Europe/Madrid", "2026-11-23", id="a-second-before"),
        pytest.param("2026-03-29T00:59+00:00", "Europe/Madrid", "2026-03-28", id="before-the-lost-hour"),
        pytest.param("2026-03-29T01:00+00:00", "Europe/Madrid", "2026-03-29", id="after-the-lost-hour"),
        pytest.param("2026-10-25T00:30+00:00", "Europe/Madrid", "2026-10-24", id="02:30-the-first-time"),
        pytest.param("2026-10-25T01:30+00:00", "Europe/Madrid", "2026-10-24", id="02:30-the-second-time"),
        pytest.param("2026-11-23T14:00+00:00", "Pacific/Kiritimati", "2026-11-24", id="kiritimati"),
        pytest.param("2026-11-24T10:00+00:00", "Pacific/Niue", "2026-11-23", id="niue"),
        pytest.param("2011-12-30T09:00+00:00", "Pacific/Apia", "2011-12-29", id="samoa-before-the-jump"),
        pytest.param("2011-12-30T14:00+00:00", "Pacific/Apia", "2011-12-31", id="samoa-after-the-jump"),
    ],
)  # fmt: skip
def test_known_moments(moment, zone, expected):
    found = diary_date(datetime.fromisoformat(moment), zone, THREE)

    assert found == date.fromisoformat(expected)


@given(moments, zones, starts)
def test_moment_belongs_to_the_local_date_or_the_one_before(moment, zone, start):
    local = moment.astimezone(ZoneInfo(zone))

    found = diary_date(moment, zone, start)

    early = local.time() < start
    assert found == local.date() - timedelta(days=early)


@given(moments, zones, starts)
def test_same_moment_in_another_offset_is_the_same_day(moment, zone, start):
    elsewhere = moment.astimezone(ZoneInfo("Asia/Kathmandu"))

    assert diary_date(moment, zone, start) == diary_date(elsewhere, zone, start)


@given(moments, zones, starts, st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_days_never_run_backwards_by_more_than_the_clock_does(
    moment, zone, start, later
):
    first = diary_date(moment, zone, start)
    second = diary_date(moment + later, zone, start)

    # A clock set back over the day's start may repeat the day before it once.
    wall = (moment + later).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    before = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if wall >= before:
        assert second >= first
    else:
        assert second >= first - timedelta(days=1)


@given(moments, zones)
def test_a_day_of_travel_skips_at_most_one_date_each_way(moment, zone):
    """Between any two zones at one moment the dates differ by a day at most."""
    here = diary_date(moment, "UTC", THREE)
    there = diary_date(moment, zone, THREE)

    assert abs((here - there).days) <= 1


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_unknown_zone_is_refused_by_name(name):
    with pytest.raises(ValueError, match="IANA"):
        diary_date(datetime(2026, 1, 1, tzinfo=UTC), name, THREE)


def test_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        diary_date(datetime(2026, 1, 1), "UTC", THREE)  # noqa: DTZ001 - the point

"""When a person is reminded: hour and zone, one repeat, silence."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.days import diary_date
from tracker.reminders.plan import (
    DAYS_BETWEEN_WHEN_QUIET,
    UNANSWERED_DAYS,
    Due,
    Habit,
    Past,
    due,
    moment_of,
)

MADRID = Habit(time(19, 30), "Europe/Madrid", time(3))
DAY = date(2026, 11, 24)
# Half past seven in the evening there.
EVENING = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


def first(on: date = DAY, at: datetime = EVENING, **more) -> Past:
    return Past(on, "first", at, **more)


def ask(past=(), *, at=EVENING, logged=False, habit=MADRID):
    return due(habit, list(past), logged_today=logged, as_of=at)


def test_reminder_comes_at_the_persons_hour_and_not_before():
    assert ask(at=EVENING - timedelta(minutes=1)) is None
    assert ask() == Due(DAY, "first")


def test_reminder_is_dropped_rather_than_sent_in_the_night():
    assert ask(at=EVENING + timedelta(hours=4)) is None


def test_written_day_is_not_reminded():
    assert ask(logged=True) is None
    later = EVENING + timedelta(minutes=90)
    assert ask([first()], at=later, logged=True) is None


def test_one_repeat_and_then_silence():
    later = EVENING + timedelta(minutes=90)
    assert ask([first()], at=later - timedelta(minutes=1)) is None
    assert ask([first()], at=later) == Due(DAY, "repeat")
    repeat = Past(DAY, "repeat", later)
    assert ask([first(), repeat], at=later + timedelta(hours=2)) is None


def test_not_today_means_not_today():
    skipped = first(answer="skipped", answered_at=EVENING)
    assert ask([skipped], at=EVENING + timedelta(minutes=90)) is None


def test_in_an_hour_means_an_hour_after_it_was_said():
    said = EVENING + timedelta(minutes=20)
    later = first(answer="later", answered_at=said)
    assert ask([later], at=said + timedelta(minutes=59)) is None
    assert ask([later], at=said + timedelta(minutes=60)) == Due(DAY, "repeat")


def unanswered(count: int, **more) -> list[Past]:
    return [
        first(DAY - timedelta(days=n), EVENING - timedelta(days=n), **more)
        for n in range(1, count + 1)
    ]


def test_after_several_unanswered_days_it_rests_for_a_week():
    assert ask(unanswered(UNANSWERED_DAYS - 1)) == Due(DAY, "first")
    quiet = unanswered(UNANSWERED_DAYS)
    assert ask(quiet) is None
    back = DAY - timedelta(days=1) + timedelta(days=DAYS_BETWEEN_WHEN_QUIET)
    at = EVENING + (back - DAY)
    assert ask(quiet, at=at) == Due(back, "first")
    # And no repeat while it rests.
    again = first(back, at)
    assert ask([*quiet, again], at=at + timedelta(minutes=90)) is None


@pytest.mark.parametrize("sign", [{"logged": True}, {"answer": "opened"}])
def test_any_sign_of_life_ends_the_rest(sign):
    past = unanswered(UNANSWERED_DAYS)
    past[2] = first(past[2].date, past[2].intended_at, **sign)
    assert ask(past) == Due(DAY, "first")


def test_hour_before_the_days_start_belongs_to_the_night_after():
    night = Habit(time(1), "Europe/Madrid", time(3))
    assert moment_of(DAY, night) == datetime(2026, 11, 25, 0, tzinfo=UTC)
    assert ask(at=datetime(2026, 11, 25, 0, 5, tzinfo=UTC), habit=night) == Due(
        DAY, "first"
    )


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_nights_when_clocks_change_remind_once(day):
    # Half past two is left out in spring and comes twice in autumn.
    habit = Habit(time(2, 30), "Europe/Madrid", time(2, 0))
    past: list[Past] = []
    moment = datetime.combine(day, time(0), UTC) - timedelta(hours=6)
    for _ in range(24 * 12):
        found = due(habit, past, logged_today=False, as_of=moment)
        if found and found.kind == "first" and found.date == day:
            past.append(Past(day, "first", moment, answer="skipped"))
        moment += timedelta(minutes=5)
    assert len(past) == 1


ZONES = sorted(available_timezones() - {"localtime", "Factory"})


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    day=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    start=st.sampled_from([time(0), time(3), time(5)]),
)
def test_in_every_zone_the_reminder_falls_on_its_own_diary_day(zone, at, day, start):
    habit = Habit(at, zone, start)
    moment = moment_of(day, habit)
    on = diary_date(moment, zone, start)
    # An hour that the clocks leave out may pass the start of the next day.
    assert on in {day, day + timedelta(days=1)}
    if on == day:
        assert due(habit, [], logged_today=False, as_of=moment) == Due(day, "first")

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questionnaires import Plan, due, find, own_item

START = date(2026, 3, 1)
USUAL = Plan(days=(-1, 1, 7), every=14)
# Looks back one day, so that the plan alone decides.
DAILY = own_item(
    "daily",
    version="1",
    title={"en": "Daily"},
    question={"en": "How was it?"},
    lowest={"en": "None"},
    highest={"en": "Worst"},
    higher_is="worse",
)


def on(day):
    return START + timedelta(days=day)


def number(day):
    return None if day is None else (day - START).days


def ask(plan, infusions, filled, as_of, instrument=DAILY):
    """What is due, with days counted from the first infusion."""
    status = due(
        instrument,
        plan,
        [on(day) for day in infusions],
        [on(day) for day in filled],
        as_of=on(as_of),
    )
    return number(status.due_on), status.overdue, number(status.next_on)


@pytest.mark.parametrize(
    ("infusions", "filled", "as_of", "expected"),
    [
        pytest.param([0], [], -2, (None, False, -1), id="before-anything"),
        pytest.param([0], [], -1, (-1, False, 1), id="day-before"),
        pytest.param([0], [-1], -1, (None, False, 1), id="filled-the-day-before"),
        pytest.param([0], [], 0, (None, False, 1), id="too-late-for-the-day-before"),
        pytest.param([0], [], 1, (1, False, 7), id="day-after"),
        pytest.param([0], [], 3, (1, False, 7), id="within-the-grace"),
        pytest.param([0], [], 4, (1, True, 7), id="overdue"),
        pytest.param([0], [3], 6, (None, False, 7), id="filled-late"),
        pytest.param([0], [3], 7, (7, False, 21), id="day-seven"),
        pytest.param([0], [7], 20, (None, False, 21), id="then-every-fourteen"),
        pytest.param([0], [7], 21, (21, False, 35), id="first-repeat"),
        pytest.param([0], [], 700, (693, True, 707), id="repeats-without-end"),
        pytest.param([0, 10], [7], 9, (9, False, 11), id="before-the-second"),
        pytest.param([0, 10], [7, 9], 11, (11, False, 17), id="the-second-resets"),
        pytest.param(
            [0, 10], [7, 9, 11], 12, (None, False, 17), id="none-of-the-first"
        ),
        pytest.param([0, 3], [], 2, (2, False, 4), id="close-infusions"),
        pytest.param([0, 3], [], 3, (None, False, 4), id="day-of-the-second"),
        pytest.param([0, 3], [], 7, (4, True, 10), id="seven-of-the-first-is-gone"),
        pytest.param([0, 1], [], 1, (None, False, 2), id="next-day-has-no-day-before"),
        pytest.param([0, 1], [], 0, (None, False, 2), id="day-before-is-an-infusion"),
        pytest.param([], [], 5, (None, False, None), id="no-infusion"),
        pytest.param([], [2], 5, (None, False, None), id="no-infusion-but-filled"),
    ],
)
def test_what_is_due(infusions, filled, as_of, expected):
    assert ask(USUAL, infusions, filled, as_of) == expected


@pytest.mark.parametrize(
    ("infusions", "filled", "as_of", "expected"),
    [
        pytest.param([0], [-1], 1, (None, False, 13), id="plus-one-and-seven-are-one"),
        pytest.param([0], [-1], 13, (13, False, 27), id="waits-fourteen-days"),
        pytest.param([0], [-1], 12, (None, False, 13), id="not-sooner"),
        pytest.param([0], [], 7, (7, False, 21), id="nothing-filled-yet"),
        pytest.param([0, 10], [1], 9, (None, False, 15), id="day-before-is-too-soon"),
        pytest.param([0, 10], [1], 15, (15, False, 29), id="one-of-the-second"),
    ],
)
def test_the_recall_period_is_kept(infusions, filled, as_of, expected):
    assert ask(USUAL, infusions, filled, as_of, find("phq-9")) == expected


def test_what_would_be_ready_only_on_the_next_infusion_is_dropped():
    plan = Plan(days=(7,))

    assert ask(plan, [0, 20], [6], 10, find("phq-9")) == (None, False, 27)
    assert ask(plan, [0, 21], [6], 10, find("phq-9")) == (None, False, 20)


def test_a_plan_without_repeat_ends():
    once = Plan(days=(1, 7))

    assert ask(once, [0], [1], 7) == (7, False, None)
    assert ask(once, [0], [1, 7], 50) == (None, False, None)
    assert ask(once, [0, 60], [1, 7], 50) == (None, False, 61)


def test_a_plan_of_repeats_alone_begins_one_step_after_the_infusion():
    weekly = Plan(days=(), every=7)

    assert ask(weekly, [0], [], 0) == (None, False, 7)
    assert ask(weekly, [0, 10], [], 14) == (None, False, 17)


def test_what_was_not_answered_lapses_with_the_next_infusion():
    plan = Plan(days=(1, 7))

    assert ask(plan, [0, 10], [], 9) == (7, False, 11)
    assert ask(plan, [0, 10], [], 10) == (None, False, 11)


def test_the_day_of_the_infusion_can_be_asked_for():
    assert ask(Plan(days=(0,)), [0], [], 0) == (0, False, None)


def test_a_day_before_that_falls_on_a_planned_day_is_one_ask():
    plan = Plan(days=(-1, 6))

    assert ask(plan, [0, 7], [], 6) == (6, False, 13)
    assert ask(plan, [0, 7], [], 7) == (None, False, 13)


def test_days_waited_are_counted():
    status = due(DAILY, USUAL, [START], [], as_of=on(5))

    assert (status.due_on, status.days_waited) == (on(1), 4)


def test_later_fillings_are_not_known_yet():
    assert ask(USUAL, [0], [4], 3) == ask(USUAL, [0], [], 3)


INFUSIONS = st.lists(st.integers(0, 120), max_size=8)
FILLED = st.lists(st.integers(-10, 150), max_size=8)
PLANS = st.builds(
    lambda days, every, grace: Plan(tuple(sorted(days)) or (1,), every, grace),
    st.sets(st.integers(-9, 30), max_size=5),
    st.none() | st.integers(1, 40),
    st.integers(0, 5),
)
INSTRUMENTS = st.sampled_from([DAILY, find("peg"), find("phq-9"), find("pcl-5")])


@given(PLANS, INFUSIONS, INSTRUMENTS)
def test_who_fills_in_what_is_due_never_does_so_too_often(plan, infusions, instrument):
    filled = []
    for day in range(-10, 160):
        asked, overdue, following = ask(plan, infusions, filled, day, instrument)
        assert not overdue
        assert following is None or following > day
        if asked is not None:
            assert asked == day
            filled.append(day)
    gaps = [later - before for before, later in itertools.pairwise(filled)]

    assert all(gap >= instrument.min_interval_days for gap in gaps)


@given(PLANS, INFUSIONS, FILLED, INSTRUMENTS, st.integers(-10, 130))
def test_the_next_day_said_is_the_next_day_due(
    plan, infusions, filled, instrument, as_of
):
    known = [day for day in filled if day <= as_of]
    asked, _, following = ask(plan, infusions, known, as_of, instrument)
    if asked is not None:
        known.append(as_of)
    last = as_of + 60 if following is None else following
    later = [
        ask(plan, infusions, known, day, instrument)[0]
        for day in range(as_of + 1, last + 1)
    ]

    expected = [None] * len(later)
    if following is not None:
        expected[-1] = following
    assert later == expected


@given(PLANS, INFUSIONS, FILLED, st.integers(-10, 150), st.integers(-400, 400))
def test_only_distances_count_and_neither_order_nor_doubles(
    plan, infusions, filled, as_of, shift
):
    asked, overdue, following = ask(plan, infusions, filled, as_of)
    moved = ask(
        plan,
        [day + shift for day in reversed(infusions)] * 2,
        [day + shift for day in reversed(filled)] * 2,
        as_of + shift,
    )

    def shifted(day):
        return None if day is None else day + shift

    assert moved == (shifted(asked), overdue, shifted(following))


@given(st.integers(1, 60), st.integers(1, 90))
def test_each_of_many_infusions_begins_the_plan_anew(count, after):
    plan = Plan(days=(1, 7), every=14)
    infusions = [31 * number for number in range(count)]
    last = infusions[-1]

    assert ask(plan, infusions, [], last + after) == ask(plan, [last], [], last + after)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": ()}, "days must name a day, or every be given"),
        ({"days": (1, 1)}, "days must name each day only once"),
        ({"days": (1.5,)}, "days must be whole numbers .* not 1.5"),
        ({"days": (True,)}, "days must be whole numbers .* not True"),
        ({"days": (99999,)}, "days must be whole numbers .* not 99999"),
        ({"days": (1,), "every": 0}, "every must be whole numbers from 1 .* not 0"),
        ({"days": (1,), "every": "7"}, "every must be whole numbers .* not '7'"),
        ({"days": (1,), "grace_days": -1}, "grace_days must be whole .* not -1"),
    ],
)
def test_an_impossible_plan_is_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        Plan(**fields)


@pytest.mark.parametrize(
    "bad", ["2026-03-01", None, datetime(2026, 3, 1, tzinfo=UTC), 5]
)
def test_what_is_no_date_is_refused(bad):
    with pytest.raises(ValueError, match="infusion_dates must be dates"):
        due(DAILY, USUAL, [bad], [], as_of=START)
    with pytest.raises(ValueError, match="filled_dates must be dates"):
        due(DAILY, USUAL, [START], [bad], as_of=START)
    with pytest.raises(ValueError, match="as_of must be dates"):
        due(DAILY, USUAL, [START], [], as_of=bad)


def test_a_date_beyond_the_calendar_of_people_is_refused():
    with pytest.raises(ValueError, match="years 1900 to 2200"):
        due(DAILY, USUAL, [date(9999, 12, 31)], [], as_of=START)

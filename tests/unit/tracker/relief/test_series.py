import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import PAIN, day, diary_of, infusions_of
from tracker import relief

NOBODY_LOGS = diary_of({})


def series_of(infusions, as_of=200, criteria=PAIN):
    found = relief.find_spells(NOBODY_LOGS, infusions, criteria, as_of=day(as_of))
    first = (found["start"] - day(0)).dt.days
    last = (found["last_infusion"] - day(0)).dt.days
    return list(zip(first, last, found["n_infusions"], strict=True))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([0], [(0, 0, 1)], id="single"),
        pytest.param([0, 7], [(0, 7, 2)], id="seven-days-join"),
        pytest.param([0, 8], [(0, 0, 1), (8, 8, 1)], id="eight-days-do-not"),
        pytest.param([0, 3, 7, 10, 14, 17], [(0, 17, 6)], id="induction"),
        pytest.param(
            list(range(0, 49, 7)), [(0, 21, 4), (28, 42, 3)], id="weekly-splits-by-span"
        ),
        pytest.param(
            list(range(0, 84, 7)),
            [(0, 21, 4), (28, 49, 4), (56, 77, 4)],
            id="weekly-splits-again",
        ),
        pytest.param(
            [0, 7, 14, 21, 22], [(0, 21, 4), (22, 22, 1)], id="next-day-past-the-span"
        ),
        pytest.param([5, 5, 5], [(5, 5, 1)], id="one-day-is-one"),
        pytest.param([9, 2, 2], [(2, 9, 2)], id="any-order"),
    ],
)
def test_infusions_chain_into_series(days, expected):
    assert series_of(infusions_of(days)) == expected


@pytest.mark.parametrize(
    ("days", "courses", "expected"),
    [
        pytest.param(
            [0, 12, 40], ["a", "a", "a"], [(0, 40, 3)], id="a-course-bridges-gaps"
        ),
        pytest.param(
            [0, 3, 6, 9], ["a", "a", "b", "b"], [(0, 3, 2), (6, 9, 2)], id="two-courses"
        ),
        pytest.param(
            [0, 3, 6],
            ["a", "a", None],
            [(0, 3, 2), (6, 6, 1)],
            id="none-joins-a-course",
        ),
        pytest.param(
            [0, 3, 20], ["a", None, "a"], [(0, 20, 3)], id="between-belongs-to-it"
        ),
        pytest.param(
            [0, 3, 6, 9], ["a", "b", "a", "b"], [(0, 9, 4)], id="overlapping-are-one"
        ),
        pytest.param(
            [0, 3, 30, 33], [None] * 4, [(0, 3, 2), (30, 33, 2)], id="no-course-at-all"
        ),
        pytest.param([4, 4], ["a", "b"], [(4, 4, 1)], id="one-day-is-one"),
    ],
)
def test_a_named_course_decides(days, courses, expected):
    infusions = infusions_of(days, course=pd.Series(courses, dtype=object))

    assert series_of(infusions) == expected


def test_the_same_course_name_of_two_patients_is_two_series():
    infusions = pd.concat(
        [infusions_of([0, 30], name, course=1.0) for name in ("ana", "ben")]
    )

    assert series_of(infusions) == [(0, 30, 2), (0, 30, 2)]


@pytest.mark.parametrize(
    ("days", "ends", "expected"),
    [
        pytest.param([0], [4], [(0, 4, 1)], id="starts-at-its-end"),
        pytest.param([0, 11], [4, 11], [(0, 11, 2)], id="gap-from-the-end"),
        pytest.param([0, 12], [4, 12], [(0, 4, 1), (12, 12, 1)], id="past-the-gap"),
        pytest.param([0, 2], [9, 2], [(0, 9, 2)], id="ends-after-the-last-start"),
        pytest.param([0, 16], [9, None], [(0, 16, 2)], id="no-end-is-one-day"),
    ],
)
def test_a_long_infusion_counts_from_its_end(days, ends, expected):
    dates = [pd.NaT if end is None else day(end) for end in ends]

    assert series_of(infusions_of(days, end_date=dates)) == expected


def test_an_infusion_under_way_ends_today_as_far_as_is_known():
    infusions = infusions_of([0], end_date=[day(4)])

    assert series_of(infusions, as_of=2) == [(0, 2, 1)]


def test_an_infusion_past_as_of_is_not_yet_there():
    found = relief.find_spells(NOBODY_LOGS, infusions_of([0, 30]), PAIN, as_of=day(29))

    assert found["next_infusion"].isna().tolist() == [True]


def test_the_next_series_is_the_next_infusion():
    found = relief.find_spells(NOBODY_LOGS, infusions_of([0, 3, 30]), PAIN)

    assert found["next_infusion"].tolist()[0] == day(30)
    assert found["next_infusion"].isna().tolist() == [False, True]
    assert found["days_expected"].tolist() == [26, 0]


def test_treatment_is_that_of_the_last_infusion():
    infusions = infusions_of(
        [0, 3, 40],
        agent=["ketamine", "esketamine", None],
        route=["iv", "intranasal", "iv"],
        dose_mg=[40.0, 56.0, np.nan],
        mg_per_kg=[0.5, 0.7, 0.6],
    )
    found = relief.find_spells(NOBODY_LOGS, infusions, PAIN)

    assert found["agent"].tolist()[0] == "esketamine"
    assert found["agent"].isna().tolist() == [False, True]
    assert found["route"].tolist() == ["intranasal", "iv"]
    np.testing.assert_array_equal(found["dose_mg"], [56.0, np.nan])
    np.testing.assert_array_equal(found["mg_per_kg"], [0.7, 0.6])
    assert found["mixed_agents"].tolist() == [True, False]


def test_infusions_of_one_day_that_disagree_leave_the_value_open():
    infusions = infusions_of([0, 0], agent=["ketamine", None], dose_mg=[40.0, 56.0])
    spell = relief.find_spells(NOBODY_LOGS, infusions, PAIN).iloc[0]

    assert spell["agent"] == "ketamine"
    assert np.isnan(spell["dose_mg"])
    assert not spell["mixed_agents"]

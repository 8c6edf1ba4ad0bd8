"""Spells equal the slow rule on any record, and hang on nothing but its content."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tracker.relief import reference
from tests.unit.tracker.relief.frames import (
    DAY_ZERO,
    NOTHING_BORROWED,
    PAIN,
    clinic,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tracker import relief

COLUMNS = {
    "patient_id": "str",
    "series": "int64",
    "start": "datetime64[us]",
    "last_infusion": "datetime64[us]",
    "n_infusions": "int64",
    "agent": "str",
    "route": "str",
    "dose_mg": "float64",
    "mg_per_kg": "float64",
    "mixed_agents": "bool",
    "other_treatments": "bool",
    "baseline": "float64",
    "baseline_sd": "float64",
    "baseline_days": "int64",
    "baseline_source": "str",
    "status": "str",
    "reason": "str",
    "onset": "float64",
    "best": "float64",
    "lower": "float64",
    "upper": "float64",
    "confirmable": "float64",
    "pending": "int64",
    "loss_confirmed": "float64",
    "last_log": "float64",
    "days_logged": "int64",
    "days_expected": "int64",
    "late_share": "float64",
    "next_infusion": "datetime64[us]",
    "criteria_version": "str",
}


def assert_equals_reference(diary, infusions, criteria, as_of=None, population=None):
    found = relief.find_spells(diary, infusions, criteria, as_of, population)
    expected = reference.spells(diary, infusions, criteria, as_of, population)
    assert len(found) == len(expected)
    if not expected:
        return
    expected = pd.DataFrame(expected).assign(criteria_version=criteria.version)
    expected = expected[list(found.columns)].astype(dict(found.dtypes))
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_equals_the_day_by_day_rule(seed):
    assert_equals_reference(*clinic(seed), PAIN)


@pytest.mark.parametrize(
    "criteria",
    [
        pytest.param(relief.Criteria.for_item("mood", "trial"), id="trial"),
        pytest.param(
            relief.Criteria("pain", "worse", k_on=1, k_off=1, max_gap=1), id="quick"
        ),
        pytest.param(
            relief.Criteria("pain", "worse", k_on=3, k_off=4, max_gap=3), id="slow"
        ),
        pytest.param(
            relief.Criteria(
                "mood", "better", merge_gap=0, series_span=0, floor=1, silence_days=5
            ),
            id="no-merging",
        ),
        pytest.param(
            relief.Criteria(
                "pain", "worse", onset_window=4, response_logs=2, response_day=3
            ),
            id="short-window",
        ),
        pytest.param(
            relief.Criteria.composite({"mood": 2, "pain": 1, "energy": 1}), id="mean"
        ),
        pytest.param(
            relief.Criteria.composite({"energy": 1, "pain": 1}, "worst", "trial"),
            id="worst",
        ),
    ],
)
def test_equals_the_day_by_day_rule_under_other_criteria(criteria):
    for seed in range(20, 23):
        diary, infusions = clinic(seed)
        rng = np.random.default_rng(seed)
        energy = rng.integers(0, 11, len(diary)).astype(float)
        energy[rng.random(len(diary)) < 0.2] = np.nan
        late = rng.random(len(diary)) < 0.3
        diary = diary.assign(energy=energy, late=late)
        assert_equals_reference(diary, infusions, criteria)


@pytest.mark.parametrize("seed", range(30, 33))
def test_equals_the_day_by_day_rule_as_of_each_patients_day(seed):
    diary, infusions = clinic(seed)
    rng = np.random.default_rng(seed)
    days = pd.to_timedelta(rng.integers(20, 170, 12), unit="D")
    as_of = pd.Series(DAY_ZERO + days, index=range(12))
    stored = relief.Population(6.0, 1.5, 1.0, 40, "pain")

    assert_equals_reference(diary, infusions, PAIN, as_of, stored)
    assert_equals_reference(diary, infusions, PAIN, as_of, NOTHING_BORROWED)


SCORES = st.lists(
    st.sampled_from([None, 3.0, 6.5, 7.0, 7.5, 8.0, 8.5, 10.0]), max_size=45
)


@settings(max_examples=150)
@given(
    scores=SCORES,
    infused=st.lists(st.integers(0, 45), min_size=1, max_size=6),
    last=st.integers(0, 70),
)
def test_equals_the_day_by_day_rule_on_any_record(scores, infused, last):
    logged = {place: score for place, score in enumerate(scores) if score is not None}
    baseline = scores_from("xxxx", -4)

    assert_equals_reference(
        diary_of(baseline | logged),
        infusions_of(infused),
        PAIN,
        day(last),
        NOTHING_BORROWED,
    )


@pytest.mark.parametrize("seed", [40, 41])
def test_row_order_does_not_matter(seed):
    diary, infusions = clinic(seed)
    found = relief.find_spells(diary, infusions, PAIN)
    ordered = relief.find_spells(
        diary.sort_values(["patient_id", "date"]),
        infusions.sort_values(["patient_id", "date"]),
        PAIN,
    )

    pd.testing.assert_frame_equal(found, ordered, check_exact=True)


@pytest.mark.parametrize(
    "label",
    [
        pytest.param(lambda number: f"patient {number:03}", id="text"),
        pytest.param(lambda number: -7 * number, id="reversed-numbers"),
        pytest.param(lambda number: (number % 2, number), id="tuples"),
        pytest.param(
            lambda number: number if number % 2 else str(number), id="mixed-kinds"
        ),
    ],
)
def test_patient_labels_do_not_matter(label):
    diary, infusions = clinic(42)
    found = relief.find_spells(diary, infusions, PAIN)
    renamed = relief.find_spells(
        diary.assign(patient_id=diary["patient_id"].map(label)),
        infusions.assign(patient_id=infusions["patient_id"].map(label)),
        PAIN,
    )
    back = {label(number): number for number in range(12)}
    renamed["patient_id"] = renamed["patient_id"].map(back).astype("int64")
    renamed = renamed.sort_values(["patient_id", "series"], ignore_index=True)

    pd.testing.assert_frame_equal(found, renamed, check_exact=True)


@pytest.mark.parametrize("shift", [-30_000, 1, 36_525])
def test_date_shifts_do_not_matter(shift):
    diary, infusions = clinic(43)
    found = relief.find_spells(diary, infusions, PAIN)
    by = pd.Timedelta(days=shift)
    shifted = relief.find_spells(
        diary.assign(date=diary["date"] + by),
        infusions.assign(
            date=infusions["date"] + by, end_date=infusions["end_date"] + by
        ),
        PAIN,
    )
    for column in ("start", "last_infusion", "next_infusion"):
        shifted[column] -= by

    pd.testing.assert_frame_equal(found, shifted, check_exact=True)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_any_unit_of_date_gives_the_same(unit):
    diary, infusions = clinic(44)
    found = relief.find_spells(diary, infusions, PAIN)
    other = relief.find_spells(
        diary.assign(date=diary["date"].astype(f"datetime64[{unit}]")),
        infusions.assign(date=infusions["date"].astype(f"datetime64[{unit}]")),
        PAIN,
    )

    pd.testing.assert_frame_equal(found, other)


def test_inputs_are_left_as_they_were():
    diary, infusions = clinic(45)
    before = diary.copy(deep=True), infusions.copy(deep=True)
    relief.find_spells(diary, infusions, PAIN)

    pd.testing.assert_frame_equal(diary, before[0])
    pd.testing.assert_frame_equal(infusions, before[1])


@pytest.mark.parametrize("n_infusions", [0, 2])
def test_columns_and_dtypes_are_always_the_same(n_infusions):
    diary = diary_of(scores_from("xxxx", -4))
    infusions = infusions_of(range(0, 20 * n_infusions, 20))
    infusions["patient_id"] = infusions["patient_id"].astype("str")
    found = relief.find_spells(diary, infusions, PAIN)

    assert found.dtypes.astype(str).to_dict() == COLUMNS
    assert len(found) == n_infusions


def test_empty_frames_without_dtypes_give_an_empty_frame():
    diary = pd.DataFrame(columns=["patient_id", "date", "pain"])
    infusions = pd.DataFrame(columns=["patient_id", "date", "agent", "dose_mg"])
    found = relief.find_spells(diary, infusions, PAIN)

    assert found.empty
    assert list(found.columns) == list(COLUMNS)


def test_other_number_dtypes_are_accepted():
    scores = scores_from("xxxx", -4) | scores_from("4444 999", 1)
    diary, infusions = diary_of(scores), infusions_of([0])
    found = relief.find_spells(diary, infusions, PAIN)
    for dtype in ("int64", "int8", "float32", "Int64", "Float64"):
        other = diary.assign(pain=diary["pain"].astype(dtype))
        pd.testing.assert_frame_equal(found, relief.find_spells(other, infusions, PAIN))

"""A clinic's patients together: shares, waits and curves, and what is withheld."""

import numpy as np
import pandas as pd
import pytest

from tracker import relief
from tracker.relief.cohort import clustered_share

START = pd.Timestamp("2026-01-01")


def spells(n_patients: int = 6, **columns) -> pd.DataFrame:
    """One lost spell a patient: relief from day 1 to 10, lost on day 12."""
    base = {
        "patient_id": [f"p{n}" for n in range(n_patients)],
        "series": 1,
        "n_infusions": 6,
        "last_infusion": START,
        "next_infusion": pd.NaT,
        "status": "lost",
        "onset": 1.0,
        "lower": 10.0,
        "upper": 12.0,
        "confirmable": 12.0,
        "pending": 0,
        "days_logged": 10,
        "days_expected": 12,
        "route": "iv",
    }
    frame = pd.DataFrame(base | columns, index=range(n_patients))
    frame["next_infusion"] = pd.to_datetime(frame["next_infusion"])
    return frame


def test_share_is_of_all_and_its_limits_know_whose_it_is():
    # Three patients with ten alike series each: as sure as three, not as thirty.
    patients = pd.Series(np.repeat(["a", "b", "c"], 10))
    counted = pd.Series(np.repeat([1.0, 1.0, 0.0], 10))
    whole = pd.Series(np.ones(30))

    found = clustered_share(counted, whole, patients, min_patients=3)

    assert found.share == pytest.approx(2 / 3)
    assert (found.n, found.n_patients) == (30, 3)
    assert (found.lower, found.upper) == (0.0, 1.0)


def test_alike_patients_have_narrow_limits():
    patients = pd.Series(np.repeat(list("abcdef"), 2))
    counted, whole = pd.Series([1.0, 0.0] * 6), pd.Series([1.0, 1.0] * 6)

    found = clustered_share(counted, whole, patients)
    assert found[:3] == (0.5, 0.5, 0.5)


def test_few_patients_are_withheld_with_the_reason():
    found = relief.response_rates(spells(4), "route")

    assert found["reason"].tolist() == ["too_few_patients"]
    assert found["share"].isna().all()
    assert np.isnan(relief.logging_rate(spells(4)).share)
    assert np.isnan(relief.fading_to_infusion(spells(4)).middle)
    assert relief.group_curves(spells(4), "route").empty


def test_series_that_could_not_be_judged_are_left_out():
    status = ["lost", "lost", "no_response", "holding", "no_response", "not_assessable"]

    [row] = relief.response_rates(spells(status=status), "route").to_dict("records")
    assert (row["share"], row["n"], row["n_patients"]) == (0.6, 5, 5)


def test_logging_is_counted_over_days_not_over_patients():
    logged = [12, 12, 12, 12, 12, 0]

    found = relief.logging_rate(spells(days_logged=logged))
    assert found.share == pytest.approx(60 / 72)
    assert found.n == 72


def test_wait_runs_from_the_first_day_seen_lost():
    later = [START + pd.Timedelta(days=day) for day in (12, 14, 16, 18, 20)]

    found = relief.fading_to_infusion(spells(next_infusion=[*later, pd.NaT]))
    assert (found.low, found.middle, found.high) == (2, 4, 6)
    assert (found.n, found.n_patients, found.n_waiting) == (5, 5, 1)


def test_curves_are_those_of_each_group_alone():
    two = pd.concat([spells(5), spells(5, route="im", upper=20.0, lower=19.0)])
    two["patient_id"] = [f"p{n}" for n in range(10)]

    curves = relief.group_curves(two, "route")
    alone = relief.kaplan_meier(two[two["route"] == "im"])
    of_im = curves[curves["group"] == "im"].drop(columns="group")
    pd.testing.assert_frame_equal(of_im.reset_index(drop=True), alone)
    assert set(curves["group"]) == {"im", "iv"}

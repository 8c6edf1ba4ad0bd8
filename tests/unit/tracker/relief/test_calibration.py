import numpy as np
import pandas as pd
import pytest

from tracker import relief
from tracker.relief.calibration import LEAST_CHANCE, LEAST_SCORED

# Lost with chance 0.1 on each of the days 1 to 10.
EVEN = np.maximum(1 - 0.1 * np.arange(181), 0)


@pytest.mark.parametrize(
    ("lower", "upper", "low", "high"),
    [
        pytest.param(3, 4, 0.3, 0.4, id="one-day"),
        pytest.param(3, 8, 0.3, 0.8, id="a-hole-of-days"),
        pytest.param(6, np.inf, 0.6, 1.0, id="cut-by-a-booster"),
        pytest.param(0, np.inf, 0.0, 1.0, id="nothing-known"),
        pytest.param(190, np.inf, 1.0, 1.0, id="longer-than-forecast"),
    ],
)
def test_a_forecast_is_scored_by_the_chance_of_what_was_seen(lower, upper, low, high):
    found = relief.score_forecast(EVEN, lower, upper)

    assert found[:2] == pytest.approx((low, high))
    assert found[2] == pytest.approx(-np.log(max(high - low, LEAST_CHANCE)))


def scored(places, patients=20):
    """Forecasts whose truths lie at these places, patients in turn."""
    places = np.asarray(places, float)
    return pd.DataFrame(
        {
            "patient_id": np.arange(len(places)) % patients,
            "pit_low": places,
            "pit_high": places + 1e-9,
            "log_score": 1.0,
        }
    )


def test_right_forecasts_hold_what_they_say():
    card = relief.scorecard(scored((np.arange(400) + 0.5) / 400))

    assert card.coverage[80] == pytest.approx(0.8, abs=0.01)
    assert card.coverage[50] == pytest.approx(0.5, abs=0.01)
    assert card.histogram == pytest.approx([0.1] * 10, abs=0.01)
    assert card.is_close
    assert not card.is_too_sure
    assert "held what happened in 80 % (as it should be)" in relief.scorecard_words(
        card
    )


def test_forecasts_that_are_too_narrow_are_too_sure():
    card = relief.scorecard(scored([0.01, 0.99] * 200))

    assert card.coverage[80] == 0
    assert card.is_too_sure
    assert "not as it should be" in relief.scorecard_words(card)


def test_forecasts_that_are_too_wide_are_not_close_and_not_too_sure():
    card = relief.scorecard(scored([0.4, 0.6] * 200))

    assert card.coverage[80] == pytest.approx(1)
    assert not card.is_close
    assert not card.is_too_sure


def test_a_few_patients_must_be_far_off_to_be_too_sure():
    # 6 of 8 patients inside: below 80 %, and what chance would give.
    places = [0.5] * 6 + [0.99] * 2
    assert not relief.scorecard(scored(places * 5, patients=8)).is_too_sure


def test_a_cut_spell_counts_for_what_is_known_of_it():
    rows = scored([0.0] * 100)
    rows["pit_high"] = 1.0

    card = relief.scorecard(rows)

    assert card.coverage[80] == pytest.approx(0.8)
    assert card.n_lost == 0


def test_each_patient_counts_once():
    often, seldom = scored([0.5] * 90, patients=1), scored([0.99] * 9, patients=9)
    seldom["patient_id"] += 1

    card = relief.scorecard(pd.concat([often, seldom]))

    assert card.coverage[80] == pytest.approx(0.1)


def test_too_few_forecasts_are_refused_with_the_numbers():
    card = relief.scorecard(scored([0.5] * (LEAST_SCORED - 1)))

    assert card.reason == "too_few_forecasts"
    assert card.coverage == {}
    assert not card.is_close
    assert not card.is_too_sure
    assert "Only 29 forecasts for 20 patients" in relief.scorecard_words(card)


def test_forecasts_of_few_patients_are_refused_however_many():
    assert relief.scorecard(scored([0.5] * 300, patients=3)).reason


def over_time(n_patients, inside, as_of="2026-02-03"):
    """Two forecasts each; the first `inside` patients' truths lay in the middle."""
    return pd.DataFrame(
        {
            "patient_id": [number for number in range(n_patients) for _ in range(2)],
            "as_of": [pd.Timestamp(as_of).date()] * 2 * n_patients,
            "pit_low": [
                0.5 if n < inside else 0.95 for n in range(n_patients) for _ in "ab"
            ],
            "pit_high": [
                0.6 if n < inside else 1.0 for n in range(n_patients) for _ in "ab"
            ],
        }
    )


def test_coverage_by_quarter_counts_each_patient_once():
    early, late = over_time(20, 16), over_time(20, 10, "2026-04-01")
    found = relief.coverage_over_time(pd.concat([late, early], ignore_index=True))

    assert found["quarter"].tolist() == ["2026 Q1", "2026 Q2"]
    assert found["share"].tolist() == pytest.approx([0.8, 0.5])
    assert found["n_forecasts"].tolist() == [40, 40]
    # Student's limits of 16 ones and 4 noughts.
    assert found.loc[0, "lower"] == pytest.approx(
        0.8 - 2.093 * 0.4104 / 20**0.5, abs=1e-3
    )


def test_quarter_with_few_forecasts_is_refused():
    found = relief.coverage_over_time(over_time(7, 7))

    assert found["reason"].tolist() == ["too_few_forecasts"]
    assert found["share"].isna().all()


def test_no_forecast_is_no_quarter_and_a_level_is_checked():
    assert relief.coverage_over_time(over_time(0, 0)).empty
    with pytest.raises(ValueError, match="level must be 1 to 99, was 100"):
        relief.coverage_over_time(over_time(8, 8), level=100)

import json

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    NOTHING_BORROWED,
    PAIN,
    clinic,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tracker import relief
from tracker.relief import Population


def frames_of(before):
    """Diary and infusions of patients from their days before day 0."""
    diary = [
        diary_of(scores_from(text, -len(text)), name) for name, text in before.items()
    ]
    return pd.concat(diary), pd.concat([infusions_of([0], name) for name in before])


def test_moments_by_hand():
    # Means 8, 5, 6.5; squares 2, 2, 0.5 over 2 + 1 + 1 replicates.
    frames = frames_of({"ana": "789", "ben": "46", "cole": "67"})
    population = relief.estimate_population(*frames, PAIN)

    assert population.n_patients == 3
    assert population.item == "pain"
    assert population.mean == pytest.approx(6.5, abs=1e-15)
    assert population.within_var == pytest.approx(1.125, abs=1e-15)
    # Variance of means 2.25, less 1.6 * 1.125 * (1/3 + 1/2 + 1/2) / 3 = 0.8.
    # Two patients' worth of that beside four of a tenth of the scale, squared.
    assert population.between_var == pytest.approx((2 * 1.45 + 4) / 6, abs=1e-14)


def test_a_few_alike_patients_still_keep_their_own_baselines():
    # By moments alone the variance is 0, and all three would get the clinic's mean.
    frames = frames_of({"ana": "7968", "ben": "8697", "cole": "6879"})

    assert relief.estimate_population(*frames, PAIN).between_var == pytest.approx(2 / 3)


def test_baselines_are_drawn_to_the_mean_by_hand():
    diary, infusions = frames_of({"ana": "789", "ben": "4"})
    dan = infusions_of([0], "dan")
    population = Population(6.0, 1.5, 0.5, 30)
    found = relief.find_spells(
        diary, pd.concat([infusions, dan]), PAIN, population=population
    )

    ana = 1.5 / (1.5 + 1.6 * 0.5 / 3)
    ben = 1.5 / (1.5 + 1.6 * 0.5)
    expected = [ana * 8 + (1 - ana) * 6, ben * 4 + (1 - ben) * 6, 6.0]
    np.testing.assert_allclose(found["baseline"], expected, rtol=1e-15)
    assert found["baseline_days"].tolist() == [3, 1, 0]
    assert found["baseline_source"].tolist() == ["own", "own", "clinic"]


def test_an_empty_population_lends_nothing():
    diary, infusions = frames_of({"ana": "789"})
    infusions = pd.concat([infusions, infusions_of([0], "ben")])
    found = relief.find_spells(diary, infusions, PAIN, population=NOTHING_BORROWED)

    np.testing.assert_array_equal(found["baseline"], [8.0, np.nan])
    assert found["baseline_source"].tolist() == ["own", "none"]
    assert found["reason"].tolist() == ["awaiting_onset", "no_baseline"]


@pytest.mark.parametrize(
    ("logged", "days", "baseline"),
    [
        pytest.param({-29: 2.0, -28: 8.0}, 1, 8.0, id="28-days-back"),
        pytest.param({-1: 8.0, 0: 2.0, 1: 2.0}, 1, 8.0, id="infusion-day-is-out"),
        pytest.param({-3: 8.0, 35: 9.0, 39: 9.0}, 1, 8.0, id="not-before-a-booster"),
    ],
)
def test_the_window_is_before_the_first_infusion_ever(logged, days, baseline):
    found = relief.find_spells(
        diary_of(logged), infusions_of([0, 40]), PAIN, population=NOTHING_BORROWED
    )

    assert found["baseline_days"].tolist() == [days, days]
    assert found["baseline"].tolist() == [baseline, baseline]


def test_a_clinic_without_diaries_has_no_population():
    population = relief.estimate_population(diary_of({5: 3.0}), infusions_of([0]), PAIN)

    assert population == Population(item="pain")
    assert population.n_patients == 0


@pytest.mark.parametrize(
    "before",
    [
        pytest.param({"ana": "8"}, id="one-day"),
        pytest.param({"ana": "888"}, id="one-patient"),
        pytest.param({"ana": "88", "ben": "88"}, id="no-variance"),
    ],
)
def test_without_any_spread_the_own_mean_stays(before):
    found = relief.find_spells(*frames_of(before), PAIN)

    assert set(found["baseline"]) == {8.0}


def test_a_flat_baseline_at_the_floor_is_still_assessable():
    found = relief.find_spells(*frames_of({"ana": "333", "ben": "33"}), PAIN)

    assert "floor" not in set(found["reason"])


def test_the_truth_is_recovered_from_many_patients():
    rng = np.random.default_rng(7)
    n, days = 4_000, 20
    truth = rng.normal(5, 1, n)
    pain = np.clip(np.repeat(truth, days) + rng.normal(0, 0.8, n * days), 0, 10)
    patient = np.repeat(np.arange(n), days)
    diary = pd.DataFrame(
        {
            "patient_id": patient,
            "date": day(-days) + pd.to_timedelta(np.tile(np.arange(days), n), unit="D"),
            "pain": pain,
        }
    )
    infusions = pd.DataFrame({"patient_id": np.arange(n), "date": day(0)})
    alike = relief.Criteria("pain", "worse", baseline_inflation=1)
    population = relief.estimate_population(diary, infusions, alike)

    assert population.mean == pytest.approx(5, abs=0.05)
    assert population.between_var == pytest.approx(1, abs=0.08)
    assert population.within_var == pytest.approx(0.64, abs=0.01)


def test_estimating_first_or_on_the_way_is_the_same():
    diary, infusions = clinic(50)
    population = relief.estimate_population(diary, infusions, PAIN)

    pd.testing.assert_frame_equal(
        relief.find_spells(diary, infusions, PAIN),
        relief.find_spells(diary, infusions, PAIN, population=population),
        check_exact=True,
    )


def test_it_survives_json():
    population = relief.estimate_population(*clinic(51), PAIN)
    text = json.dumps(population.to_dict(), allow_nan=False)

    assert Population.from_dict(json.loads(text)) == population


def test_what_is_not_a_population_is_refused():
    values = Population().to_dict()
    with pytest.raises(ValueError, match="odd: median"):
        Population.from_dict(values | {"median": 3})
    with pytest.raises(ValueError, match="odd: mean"):
        Population.from_dict({k: v for k, v in values.items() if k != "mean"})
    with pytest.raises(ValueError, match=r"within_var must be finite.*-1"):
        Population(within_var=-1)
    with pytest.raises(ValueError, match=r"mean must be finite.*nan"):
        Population(mean=float("nan"))


def test_another_items_population_is_refused():
    diary, infusions = frames_of({"ana": "789"})
    with pytest.raises(ValueError, match=r"population must be of the item pain.*mood"):
        relief.find_spells(
            diary, infusions, PAIN, population=Population(5, 1, 1, 9, "mood")
        )

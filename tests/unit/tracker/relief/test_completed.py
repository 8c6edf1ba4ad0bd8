import dataclasses

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    PAIN,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tests.unit.tracker.relief.simulated import Clinic
from tracker import relief
from tracker.relief.completed import DRAWS, Completed, complete, summarise
from tracker.relief.cycles import prepare
from tracker.relief.walk import BEYOND

PRIOR = relief.ReliefModel.from_prior(PAIN, relief.Population())
FIGURES = ["share_cut", "median", "median_lower", "median_upper", "mean_60"]


def completed(model, diary, infusions):
    found = model.assess(diary, infusions)
    cycles = prepare(found, model.noise, PAIN.floor)
    return complete(model, cycles), found


@pytest.fixture(scope="module")
def finished():
    """Records that go on until long after each loss, with no day missing."""
    return Clinic(21, 30, policy="finished", n_cycles=2)


@pytest.fixture(scope="module")
def fading():
    """Boosters given as soon as relief fades, and a tenth of days not logged."""
    return Clinic(22, 60, policy="fading", missing=0.1, n_cycles=4)


@pytest.fixture(scope="module")
def model(fading):
    return relief.ReliefModel.fit(*fading.frames, PAIN, recalibrate=False)


@pytest.fixture(scope="module")
def fading_truth(fading):
    return np.array([true for true in fading.truths.values() if true > 0])


def test_complete_records_leave_nothing_to_draw(finished):
    done, found = completed(PRIOR, *finished.frames)
    lost = found.traced.upper[done.rows]
    ended = np.isfinite(lost)
    assert ended.sum() > 40
    expected = np.broadcast_to(lost[ended, None], (ended.sum(), DRAWS))
    np.testing.assert_array_equal(done.days[ended], expected)


def test_on_complete_records_the_curve_is_that_of_the_durations(finished):
    curve = PRIOR.relief_distribution(*finished.frames)
    spells = relief.find_spells(*finished.frames, PAIN, population=PRIOR.population)
    durations = spells.loc[spells["onset"].notna(), "upper"].to_numpy()
    assert np.isfinite(durations).all()
    expected = [(durations > d).mean() for d in range(181)]
    np.testing.assert_allclose(curve["survival"], expected)
    assert curve.attrs["mean_60"] == pytest.approx(np.minimum(durations, 60).mean())
    kaplan_meier = relief.kaplan_meier(spells).set_index("day")["survival"]
    at = curve.set_index("day")["survival"].reindex(kaplan_meier.index)
    np.testing.assert_allclose(at, kaplan_meier)


def test_the_median_is_nearer_the_truth_than_kaplan_meiers(fading, model, fading_truth):
    curve = model.relief_distribution(*fading.frames)
    ours, truth = curve.attrs["median"], np.median(fading_truth)
    spells = relief.find_spells(*fading.frames, PAIN)
    theirs = relief.median(relief.kaplan_meier(spells)).estimate
    theirs = np.inf if np.isnan(theirs) else theirs
    complete_cases = spells.loc[spells["status"] == "lost", "upper"].median()
    assert abs(ours - truth) <= 0.12 * truth
    assert abs(theirs - truth) > 0.4 * truth
    assert abs(complete_cases - truth) > abs(ours - truth)
    assert curve.attrs["median_lower"] <= truth <= curve.attrs["median_upper"]


def test_the_restricted_mean_is_near_the_truth(fading, model, fading_truth):
    found = model.relief_distribution(*fading.frames).attrs["mean_60"]
    assert found == pytest.approx(np.minimum(fading_truth, 60).mean(), rel=0.1)


def test_the_figures_say_what_they_stand_on(fading, model):
    curve = model.relief_distribution(*fading.frames)
    spells = relief.find_spells(*fading.frames, PAIN)
    relieved = spells[spells["onset"].notna()]
    assert curve.attrs["n_spells"] == len(relieved)
    assert curve.attrs["n_patients"] == relieved["patient_id"].nunique()
    cut = (relieved["status"] == "cut_by_infusion").mean()
    assert curve.attrs["share_cut"] == pytest.approx(cut)
    assert curve["day"].tolist() == list(range(181))
    assert (np.diff(curve["survival"]) <= 1e-12).all()
    assert (curve["lower"] <= curve["survival"] + 1e-12).all()
    assert (curve["survival"] <= curve["upper"] + 1e-12).all()


def test_a_spell_cut_short_lasts_at_least_as_long_as_it_was_seen():
    scores = scores_from("8" * 20, -20) | scores_from("2" * 30, 1)
    done, _ = completed(PRIOR, diary_of(scores), infusions_of([0, 31]))
    assert (done.days > 30).all()
    assert len(np.unique(done.days)) > 5


def test_a_hole_leaves_the_day_of_loss_open():
    scores = scores_from("8" * 20, -20) | scores_from("2" * 10 + "...888888", 1)
    done, _ = completed(PRIOR, diary_of(scores), infusions_of([0]))
    days, times = np.unique(done.days, return_counts=True)
    assert set(days) <= {11, 12, 13, 14}
    assert times.max() < DRAWS


def test_spells_of_a_patient_tell_of_each_other():
    short = "2" * 5 + "8" * 5
    scores = scores_from("8" * 20, -20) | scores_from(short, 1) | scores_from(short, 12)
    scores |= scores_from("22", 23)
    done, _ = completed(PRIOR, diary_of(scores), infusions_of([0, 11, 22]))
    long = scores_from("8" * 20, -20) | scores_from("2" * 10, 1)
    long |= scores_from("2" * 10, 12) | scores_from("22", 23)
    others, _ = completed(PRIOR, diary_of(long), infusions_of([0, 11, 22]))
    assert np.median(done.days[2]) < np.median(others.days[2])


def made_up():
    """Two spells of one patient lost on day 10, one of another lost on day 40."""
    days = np.repeat([[10], [10], [40]], 4, axis=1)
    return Completed(np.arange(3), np.array([0, 0, 1]), days, np.ones(3))


ALL = np.ones(3, bool)


@pytest.mark.parametrize(
    ("weights", "median", "mean"), [("infusion", 10, 20), ("patient", 10, 25)]
)
def test_each_infusion_counts_once_or_each_patient(weights, median, mean):
    found = summarise(made_up(), ALL, np.array([True, False, False]), weights)
    assert found.attrs["median"] == median
    assert found.attrs["mean_60"] == pytest.approx(mean)
    expected = 1 / 3 if weights == "infusion" else 1 / 2
    assert found["survival"][20] == pytest.approx(expected)
    assert found["survival"][9] == 1
    assert found["survival"][10] == pytest.approx(expected)
    assert found.attrs["share_cut"] == pytest.approx(1 / 3)


def test_a_spell_counts_as_far_as_it_is_likely_to_have_brought_relief():
    done = dataclasses.replace(made_up(), relief=np.array([1.0, 0.5, 1.0]))
    seen = np.array([True, False, True])
    found = summarise(done, seen, ~ALL)
    assert found["survival"][20] == pytest.approx(1 / 2.5)
    assert found.attrs["n_spells"] == 2
    by_patient = summarise(done, seen, ~ALL, "patient")
    assert by_patient["survival"][20] == pytest.approx(1 / 2)


def test_relief_beyond_the_last_day_has_no_median():
    done = dataclasses.replace(made_up(), days=np.full((3, 4), BEYOND))
    found = summarise(done, ALL, ~ALL)
    assert found.attrs["median"] == np.inf
    assert (found["survival"] == 1).all()
    assert found.attrs["mean_60"] == 60


def test_limits_are_wider_at_a_higher_level(fading, model):
    found = model.assess(*fading.frames)
    done = complete(model, prepare(found, model.noise, PAIN.floor))
    every = np.ones(len(done.rows), bool)
    wide, narrow = (summarise(done, every, every, conf=conf) for conf in (0.95, 0.5))
    assert (wide["lower"] <= narrow["lower"]).all()
    assert (wide["upper"] >= narrow["upper"]).all()
    assert (wide["upper"] - wide["lower"]).max() > (
        narrow["upper"] - narrow["lower"]
    ).max()


def test_without_a_spell_there_is_no_figure(fading):
    diary, infusions = fading.frames
    found = PRIOR.relief_distribution(diary.iloc[:0], infusions.iloc[:0])
    assert found["day"].tolist() == list(range(181))
    assert found[["survival", "lower", "upper"]].isna().all(axis=None)
    assert [str(dtype) for dtype in found.dtypes] == ["int64", *["float64"] * 3]
    assert found.attrs["n_spells"] == found.attrs["n_patients"] == 0
    assert all(np.isnan(found.attrs[name]) for name in FIGURES)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"weights": "cycle"}, "weights must be infusion or patient, was 'cycle'"),
        ({"conf": 1.0}, r"conf must lie in \(0, 1\), was 1.0"),
    ],
)
def test_what_is_not_known_is_refused(fading, given, message):
    with pytest.raises(ValueError, match=message):
        relief.relief_distribution(PRIOR, *fading.frames, **given)


def test_rows_after_as_of_change_nothing(fading, model):
    diary, infusions = fading.frames
    until = day(50)
    early = diary[diary["date"] <= until], infusions[infusions["date"] <= until]
    pd.testing.assert_frame_equal(
        model.relief_distribution(diary, infusions, until),
        model.relief_distribution(*early, until),
    )


def test_the_order_of_rows_does_not_matter(fading, model):
    diary, infusions = fading.frames
    shuffled = diary.sample(frac=1, random_state=0), infusions.iloc[::-1]
    one = model.relief_distribution(*fading.frames)
    two = model.relief_distribution(*shuffled)
    pd.testing.assert_frame_equal(one, two)
    assert one.attrs == pytest.approx(two.attrs)

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from tests.unit.tracker.relief.frames import (
    DAY_ZERO,
    PAIN,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tests.unit.tracker.relief.simulated import Clinic
from tracker import relief
from tracker.relief import recalibration as rc
from tracker.relief.spells import assess

PRIOR = relief.ReliefModel.from_prior(PAIN, relief.Population())


def truths(spread, n=4000, seed=0):
    """Shares of the forecasts that lie below truths `spread` times as far out."""
    z = spread * np.random.default_rng(seed).normal(size=n)
    return ndtr(z - 0.05), ndtr(z + 0.05)


@pytest.mark.parametrize("spread", [0.85, 1.0, 1.2, 1.5])
def test_the_square_root_of_the_spread_is_recovered(spread):
    found = rc._shrunken_spread(*truths(spread))
    assert found == pytest.approx(np.sqrt(spread), rel=0.02)


@pytest.mark.parametrize("spread", [0.9, 1.4])
def test_truths_that_are_only_known_to_lie_beyond_count_in_full(spread):
    low, high = truths(spread)
    cut = np.random.default_rng(1).random(len(low))
    beyond = high > cut
    low, high = np.where(beyond, cut, low), np.where(beyond, 1.0, high)
    assert rc._shrunken_spread(low, high) == pytest.approx(np.sqrt(spread), rel=0.04)


@pytest.mark.parametrize(("spread", "limit"), [(0.2, rc.NARROWEST), (6, rc.WIDEST)])
def test_a_forecast_is_widened_or_narrowed_within_limits(spread, limit):
    assert rc._shrunken_spread(*truths(spread)) == limit


def test_few_truths_hardly_move_the_width():
    few = rc._shrunken_spread(*truths(1.5, n=5))
    assert abs(few - 1) < abs(rc._shrunken_spread(*truths(1.5)) - 1)


def test_truths_beyond_all_that_was_foreseen_stay_finite():
    low, high = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    assert np.isfinite(rc._shrunken_spread(low, high))


def test_a_shift_is_not_taken_for_a_spread_that_is_too_narrow():
    z = 0.3 + np.random.default_rng(3).normal(size=4000)
    found = rc._shrunken_spread(ndtr(z - 0.05), ndtr(z + 0.05))
    assert found == pytest.approx(np.sqrt(np.hypot(1, 0.3)), rel=0.02)


@pytest.fixture(scope="module")
def clinic():
    return Clinic(31, 40, missing=0.1)


def test_each_patient_is_looked_at_as_of_a_day_of_the_record(clinic):
    found = assess(*clinic.frames, PAIN)
    as_of = rc._origins(found, clinic.infusions)
    first = clinic.infusions.groupby("patient_id")["date"].min()
    assert set(as_of.index) == set(range(40))
    assert (as_of >= first[as_of.index]).all()
    last = max(clinic.diary["date"].max(), clinic.infusions["date"].max())
    assert (as_of <= last).all()
    assert as_of.nunique() > 20


def truth_of(scores, infused, as_of, *, until=None):
    """(low, high, known) of one patient's spell as of a day, by what came later."""
    frames = diary_of(scores), infusions_of(infused)
    later = None if until is None else day(until)
    past, found = PRIOR.assess(*frames, day(as_of)), PRIOR.assess(*frames, later)
    rows = np.array([len(past.series.patient) - 1])
    low, high, known = rc._truth(past, found, rows)
    return low[0], high[0], len(known) == 1


BEFORE = scores_from("8" * 20, -20)


def test_a_loss_seen_later_is_known_between_its_bounds():
    scores = BEFORE | scores_from("2" * 10 + "..8888", 1)
    assert truth_of(scores, [0], 6) == (10, 13, True)


def test_a_booster_censors_where_a_loss_would_have_been_confirmed():
    scores = BEFORE | scores_from("2" * 15, 1)
    assert truth_of(scores, [0, 16], 6) == (13, np.inf, True)


def test_nothing_is_known_of_a_spell_cut_soon_after():
    scores = BEFORE | scores_from("2" * 8, 1)
    assert not truth_of(scores, [0, 9], 7)[2]


def test_a_spell_whose_series_went_on_is_not_scored():
    scores = BEFORE | scores_from("2" * 15, 1)
    assert not truth_of(scores, [0, 5], 4)[2]


def test_a_spell_that_a_later_course_swallowed_is_not_scored():
    scores = BEFORE | scores_from("2" * 60, 1)
    infusions = infusions_of([0, 20, 40], course=["first", None, "first"])
    other = infusions_of([20], "ben")
    both = diary_of(scores), diary_of(scores, "ben")
    frames = pd.concat(both), pd.concat((infusions, other), ignore_index=True)
    past, found = PRIOR.assess(*frames, day(30)), PRIOR.assess(*frames)
    assert past.series.number.tolist() == [1, 2, 1]
    assert found.series.number.tolist() == [1, 1]
    _, _, known = rc._truth(past, found, np.array([1]))
    assert len(known) == 0


def test_the_last_patients_swallowed_spell_is_no_error():
    scores = BEFORE | scores_from("2" * 60, 1)
    frames = (
        diary_of(scores),
        infusions_of([0, 20, 40], course=["first", None, "first"]),
    )
    past, found = PRIOR.assess(*frames, day(30)), PRIOR.assess(*frames)
    _, _, known = rc._truth(past, found, np.array([1]))
    assert len(known) == 0


def test_forecasts_that_are_too_narrow_are_widened(clinic):
    model = relief.ReliefModel.fit(*clinic.frames, PAIN, recalibrate=False)
    found = model.assess(*clinic.frames)
    right = rc.fit_scale(model, *clinic.frames, found)
    narrow = dataclasses.replace(model, scale=0.4)
    wide = dataclasses.replace(model, scale=2.0)
    assert rc.fit_scale(narrow, *clinic.frames, found) > right
    assert rc.fit_scale(wide, *clinic.frames, found) < right


def test_with_a_handful_of_spells_the_width_is_left_alone():
    few = Clinic(1, 3)
    model = relief.ReliefModel.fit(*few.frames, PAIN, recalibrate=False)
    assert rc.fit_scale(model, *few.frames, model.assess(*few.frames)) == 1


def test_patients_are_looked_at_on_the_same_days_whatever_the_order(clinic):
    diary, infusions = clinic.frames
    shuffled = diary.sample(frac=1, random_state=4), infusions.iloc[::-1]
    one = rc._origins(assess(diary, infusions, PAIN), infusions)
    two = rc._origins(assess(*shuffled, PAIN), shuffled[1])
    pd.testing.assert_series_equal(one.sort_index(), two.sort_index())
    assert one.min() >= DAY_ZERO

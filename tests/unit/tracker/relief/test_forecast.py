import dataclasses

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from tests.unit.tracker.relief.frames import (
    PAIN,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tests.unit.tracker.relief.simulated import Clinic
from tracker import relief
from tracker.relief import durations as dur
from tracker.relief import forecast as fc
from tracker.relief.curves import DAYS
from tracker.relief.cycles import prepare
from tracker.relief.response import Response
from tracker.relief.series import NEVER
from tracker.relief.walk import BEYOND

PRIOR = relief.ReliefModel.from_prior(PAIN, relief.Population())


def cycles_of(model, diary, infusions, as_of=None):
    found = model.assess(diary, infusions, as_of)
    cycles = prepare(found, model.noise, PAIN.floor)
    return cycles, np.flatnonzero(found.series.next_start == NEVER)


def forecasts(model, diary, infusions, as_of=None):
    return fc.forecast_series(model, *cycles_of(model, diary, infusions, as_of))


def one_patient(after, before="8" * 20):
    scores = scores_from(before, -len(before)) | scores_from(after, 1)
    return diary_of(scores), infusions_of([0])


@pytest.fixture(scope="module")
def clinic():
    return Clinic(5, 20, missing=0.2)


@pytest.fixture(scope="module")
def model(clinic):
    return relief.ReliefModel.fit(*clinic.frames, PAIN)


@pytest.mark.parametrize("scale", [1.0, 0.9, 1.3])
@pytest.mark.parametrize("as_of", [0, 1, 6, 20, 45, 100])
def test_survival_never_rises_from_the_chance_of_a_response(
    clinic, model, as_of, scale
):
    model = dataclasses.replace(model, scale=scale)
    cycles, rows = cycles_of(model, *clinic.frames, day(as_of))
    found = fc.forecast_series(model, cycles, rows)
    assert (np.diff(found.survival, axis=1) <= 0).all()
    np.testing.assert_allclose(found.survival[:, 0], 1 - found.no_response, atol=1e-12)
    assert ((found.survival >= 0) & (found.survival <= 1)).all()
    begun = ~np.isnan(cycles.found.traced.onset[rows])
    assert (found.no_response[begun] == 0).all()


@pytest.mark.parametrize("as_of", [20, 45])
def test_relief_is_not_lost_by_the_last_day_it_was_seen(clinic, model, as_of):
    cycles, rows = cycles_of(model, *clinic.frames, day(as_of))
    survival = fc.forecast_series(model, cycles, rows).survival
    begun = np.flatnonzero(~np.isnan(cycles.found.traced.onset[rows]))
    last = cycles.found.traced.lower[rows[begun]].astype(int)
    assert len(begun) > 5
    assert (survival[begun, last] == 1).all()
    assert (survival[begun, -1] < 1).all()


def test_bad_days_bring_the_loss_nearer():
    medians = []
    for after in ("22222222222222", "22222222222277", "22222222445667"):
        survival = forecasts(PRIOR, *one_patient(after)).survival[0]
        medians.append(np.argmax(survival <= 0.5))
    assert medians[0] > max(medians[1:]) + 5


def test_days_in_relief_leave_no_chance_of_no_response():
    found = forecasts(PRIOR, *one_patient("2222"))
    assert found.no_response == 0


def test_bad_days_raise_the_chance_of_no_response():
    chance = [
        forecasts(PRIOR, *one_patient(after)).no_response[0]
        for after in ("8", "888", "88888")
    ]
    assert 0.24 < chance[0] < chance[1] < chance[2]


def test_before_the_first_day_the_chance_of_no_response_is_the_clinics():
    found = forecasts(PRIOR, *one_patient(""), as_of=day(0))
    assert found.no_response == pytest.approx(0.24)


def test_days_that_leave_no_room_for_an_onset_are_no_response():
    found = forecasts(PRIOR, *one_patient(".8.8.8.8.8"), as_of=day(11))
    assert found.no_response == 1
    assert (found.survival == 0).all()


def test_relief_longer_than_the_forecast_is_not_lost_in_it():
    found = forecasts(PRIOR, *one_patient("2" * (DAYS + 20)))
    assert (found.survival == 1).all()


def test_a_spell_with_few_logs_is_foreseen_as_the_patients_others():
    long = dict.fromkeys(range(1, 60), 2.0)
    diary = diary_of(scores_from("8" * 20, -20) | long | {60: 8, 61: 8, 62: 8})
    history = forecasts(PRIOR, diary, infusions_of([0, 70]), day(70))
    stranger = forecasts(PRIOR, *one_patient(""), as_of=day(0))
    assert _median(history) >= _median(stranger) + 4
    assert history.typical[0, 1] > 1.5 * stranger.typical[0, 1]


def _median(found):
    return np.argmax(found.survival[0] <= 0.5)


def test_what_is_typical_of_an_unknown_patient_is_the_clinics():
    low, middle, high = forecasts(PRIOR, *one_patient(""), as_of=day(0)).typical[0]
    assert middle == pytest.approx(16, rel=1e-6)
    reach = PRIOR.durations.between * ndtri(0.9)
    assert low == pytest.approx(16 * np.exp(-reach), rel=0.02)
    assert high == pytest.approx(16 * np.exp(reach), rel=0.02)


def test_a_clinic_without_data_does_not_know_its_own_mean():
    known = dataclasses.replace(PRIOR, durations=dur.Durations.prior(dur.Prior()))
    assert _spread_before_any_day(PRIOR) > 1.08 * _spread_before_any_day(known)


def test_a_fitted_clinics_forecasts_are_narrower_than_the_priors(model):
    assert _spread_before_any_day(model) < 0.75 * _spread_before_any_day(PRIOR)


def _spread_before_any_day(model):
    """Of the middle 70 % of log days, where there is a response."""
    found = forecasts(model, *one_patient(""), as_of=day(0))
    lost = 1 - found.survival[0] / found.survival[0, 0]
    return np.log(np.argmax(lost >= 0.85) / np.argmax(lost >= 0.15))


def some_mass(seed=0, n=20):
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 100, n)
    mass = rng.gamma(0.2, size=(n, BEYOND + 1))
    mass[np.arange(BEYOND + 1) <= start[:, None]] = 0
    return mass / mass.sum(axis=1, keepdims=True), start.astype(float)


def test_smoothing_keeps_the_mass_and_what_lies_before_the_start():
    mass, start = some_mass()
    smooth = fc._smooth(mass, start)
    np.testing.assert_allclose(smooth.sum(axis=1), 1)
    assert (smooth >= 0).all()
    early = np.arange(BEYOND + 1) <= start[:, None]
    assert (smooth[early] == 0).all()
    np.testing.assert_allclose(smooth[:, -1], mass[:, -1] + 0.25 * mass[:, -2])


@pytest.mark.parametrize(
    ("at", "start", "expected"),
    [
        pytest.param(30, 5, {29: 0.25, 30: 0.5, 31: 0.25}, id="inside"),
        pytest.param(6, 5, {6: 0.75, 7: 0.25}, id="on the day after the start"),
        pytest.param(1, 0, {1: 0.75, 2: 0.25}, id="on the first day"),
        pytest.param(0, 0, {0: 1.0}, id="no relief"),
        pytest.param(BEYOND, 5, {BEYOND: 1.0}, id="beyond the last day"),
    ],
)
def test_a_day_shares_a_quarter_each_way(at, start, expected):
    mass = np.zeros((1, BEYOND + 1))
    mass[0, at] = 1
    smooth = fc._smooth(mass, np.array([float(start)]))[0]
    assert dict(enumerate(smooth[smooth > 0], np.flatnonzero(smooth)[0])) == expected


def test_the_tail_keeps_the_mass_and_moves_the_median_by_a_day_at_most():
    mass, start = some_mass(1)
    mixed = fc._with_tail(mass, start)
    np.testing.assert_allclose(mixed.sum(axis=1), 1)
    assert (mixed >= 0).all()
    early = np.arange(BEYOND + 1) <= start[:, None]
    assert (mixed[early] == 0).all()
    before, after = (
        (np.cumsum(rows, axis=1) < 0.5).sum(axis=1) for rows in (mass, mixed)
    )
    assert (np.abs(before - after) <= 1).all()
    late = np.arange(BEYOND + 1) > start[:, None]
    assert (mixed[late] > 0).all()


def test_nothing_is_spread_where_there_was_no_relief():
    mass = np.zeros((1, BEYOND + 1))
    mass[0, 0] = 1
    np.testing.assert_array_equal(fc._with_tail(mass, np.zeros(1)), mass)


@pytest.mark.parametrize("scale", [0.9, 1.3])
def test_rescaling_keeps_median_ends_and_order(scale):
    lost = np.array([[0.0, 0.0, 0.1, 0.5, 0.8, 1.0]])
    found = fc.rescale(lost, scale)
    assert found[0, [0, 1, 3, 5]].tolist() == [0, 0, 0.5, 1]
    assert (np.diff(found) >= 0).all()
    assert found[0, 2] == pytest.approx(ndtr(ndtri(0.1) / scale))
    assert (found[0, 2] > 0.1) == (scale > 1)
    np.testing.assert_array_equal(fc.rescale(lost, 1.0), lost)


def test_stratified_draws_come_as_often_as_their_weights():
    _, _, strata = fc.random_numbers(400)
    chance = np.random.default_rng(0).dirichlet(np.ones(30), size=5)
    nodes = fc.stratified(chance, strata)
    for row, weight in zip(nodes, chance, strict=True):
        drawn = np.bincount(row, minlength=30)
        assert (np.abs(drawn - 400 * weight) <= 1).all()


def test_a_node_without_weight_is_never_drawn():
    _, _, strata = fc.random_numbers(400)
    chance = np.array([[0.0, 0.3, 0.0, 0.7, 0.0]])
    assert set(fc.stratified(chance, strata)[0]) == {1, 3}


def test_random_numbers_are_balanced_and_the_same_each_time():
    normals, offsets, strata = fc.random_numbers(200)
    np.testing.assert_allclose(normals.sum(axis=0), 0, atol=1e-4)
    assert offsets.mean() == pytest.approx(0, abs=1e-6)
    assert offsets.std() == pytest.approx(1, abs=0.02)
    np.testing.assert_allclose(np.sort(strata), (np.arange(200) + 0.5) / 200)
    again = fc.random_numbers(200)
    for one, two in zip((normals, offsets, strata), again, strict=True):
        np.testing.assert_array_equal(one, two)


def test_history_of_offsets_equals_a_hand_worked_filter():
    offsets = fc._Offsets(drift=1e-4, start_var=np.array([0.02, 0.02]))
    seen = fc.Evidence(
        log_likelihood=np.zeros((1, 2), np.float32),
        offset_mean=np.array([[0.2, 0.4]], np.float32),
        offset_var=np.array([0.004]),
    )
    chance = np.array([[0.75, 0.25]])
    offsets.listen(seen, chance, np.array([0.03]), np.array([1]), np.array([50.0]))
    mean, var = offsets.at(np.array([80.0, 80.0]))
    centre, spread = 0.25, 0.004 + 0.25 * 0.75 * 0.2**2
    precision = 0.3 * (1 / spread - 1 / 0.03)
    before = 0.02 + 50 * 1e-4
    left = 1 / (1 / before + precision)
    assert mean == pytest.approx([0, left * 0.3 * centre / spread], rel=1e-5)
    assert var == pytest.approx([0.02 + 80e-4, left + 30e-4], rel=1e-5)


def test_later_series_are_not_looked_at():
    long = dict.fromkeys(range(1, 60), 2.0)
    scores = scores_from("8" * 20, -20) | long
    diary = diary_of(scores | {90: 8.0, 91: 8.0})
    infusions = infusions_of([0, 70])
    cycles, _ = cycles_of(PRIOR, diary, infusions)
    first = fc.histories(PRIOR, cycles, np.array([0]))
    alone, rows = cycles_of(PRIOR, *one_patient("222"))
    nothing = fc.histories(PRIOR, alone, rows)
    np.testing.assert_allclose(first.state, nothing.state)


def test_a_series_does_not_count_for_itself():
    odds = []
    for failures, successes in ((1.0, 3.0), (3.0, 1.0)):
        response = Response(failures, successes)
        model = dataclasses.replace(PRIOR, response=response)
        cycles, rows = cycles_of(model, *one_patient("8" * 10))
        # So likely by relief too that the days logged leave the odds finite.
        evidence = np.array([-3.0])
        chance = fc.chance_of_none(
            model, cycles, rows, np.zeros(1), np.full(1, 0.01), evidence
        )[0]
        odds.append(chance / (1 - chance))
    assert odds[1] / odds[0] == pytest.approx(9, rel=1e-6)


def test_one_bad_first_day_does_not_settle_that_there_is_no_relief():
    # Relief may begin on any day to the tenth.
    scores = scores_from("8" * 20, -20) | {1: 9.0}
    prior = relief.ReliefModel.from_prior(PAIN, relief.Population())
    row = prior.forecast(diary_of(scores), infusions_of([0])).iloc[0]

    assert 0.5 < row["p_no_response"] < 0.95

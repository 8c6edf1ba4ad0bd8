import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    DAY_ZERO,
    PAIN,
    clinic,
    diary_of,
    infusions_of,
)
from tests.unit.tracker.relief.simulated import noise
from tracker.relief.noise import (
    HIGHEST_CORRELATION,
    ClinicNoise,
    clinic_noise,
    differences,
    patient_noise,
    rounding_step,
)
from tracker.relief.panel import read_panel

BASELINE = 8.0


def measured(diary, infusions, baseline=BASELINE):
    panel = read_panel(diary, infusions, PAIN, None)
    baselines = np.full(panel.n_patients, baseline)
    seen = differences(panel, baselines)
    return clinic_noise(panel, baselines, seen), seen, panel


def flat_clinic(rng, *, sd, phi, rounded, n_patients=60, n_days=150):
    """Patients infused once on day 0, whose level never moves."""
    diaries = []
    for patient in range(n_patients):
        scores = 5 + noise(rng, n_days, sd, phi)
        scores = np.clip(np.rint(scores) if rounded else scores, 0, 10)
        diaries.append(diary_of(dict(enumerate(scores)), patient))
    infusions = [infusions_of([0], patient) for patient in range(n_patients)]
    return pd.concat(diaries), pd.concat(infusions)


@pytest.mark.parametrize("phi", [0.0, 0.35, 0.6])
def test_variance_and_correlation_are_recovered_from_unrounded_scores(phi):
    found, _, _ = measured(
        *flat_clinic(np.random.default_rng(3), sd=0.9, phi=phi, rounded=False)
    )
    assert found.step == 0
    assert found.correlation == pytest.approx(phi, abs=0.03)
    variance = found.innovation / (1 - found.correlation)
    assert variance == pytest.approx((0.9 / BASELINE) ** 2, rel=0.1)
    assert found.latent_correlation == found.correlation
    assert found.latent_innovation == found.innovation


@pytest.mark.parametrize("phi", [0.35, 0.6])
def test_what_rounding_adds_is_taken_off_again(phi):
    found, _, _ = measured(
        *flat_clinic(np.random.default_rng(4), sd=0.7, phi=phi, rounded=True)
    )
    assert found.step == 1
    assert found.latent_correlation == pytest.approx(phi, abs=0.04)
    latent = found.latent_innovation / (1 - found.latent_correlation)
    assert latent == pytest.approx((0.7 / BASELINE) ** 2, rel=0.07)
    # The rounded scores are less alike than the days behind them.
    plain = 0.7**2 * np.array([1 - phi, 1 - phi**2]) + 1 / 12
    assert found.correlation == pytest.approx(plain[1] / plain[0] - 1, abs=0.04)
    assert found.innovation == pytest.approx(plain[0] / BASELINE**2, rel=0.05)


def test_differences_of_a_hand_worked_diary():
    scores = {3: 4.0, 4: 6.0, 5: 5.0, 7: 9.0}
    _, seen, _ = measured(diary_of(scores), infusions_of([0]), baseline=10.0)
    assert seen.n_one_day == [2]
    assert seen.one_day == pytest.approx([0.5 * (0.2**2 + 0.1**2)])
    assert seen.n_two_days == [2]
    assert seen.two_days == pytest.approx([0.5 * (0.1**2 + 0.4**2)])


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param({1: 2.0, 2: 8.0, 3: 8.0}, id="first days after an infusion"),
        pytest.param({-1: 8.0, 0: 2.0}, id="day of the infusion"),
        pytest.param({19: 8.0, 21: 2.0}, id="across an infusion"),
        pytest.param({41: 8.0, 42: 2.0, 43: 8.0}, id="within a long infusion"),
    ],
)
def test_days_on_which_the_level_itself_moves_tell_nothing_of_noise(scores):
    infusions = infusions_of([0, 20, 41])
    end = [pd.NaT, pd.NaT, DAY_ZERO + pd.Timedelta(days=44)]
    infusions["end_date"] = pd.Series(end)
    _, seen, _ = measured(diary_of(scores), infusions)
    assert seen.one_day == [0]
    assert seen.two_days == [0]


def test_a_patient_without_a_baseline_is_left_out():
    panel = read_panel(diary_of({5: 1.0, 6: 9.0}), infusions_of([0]), PAIN, None)
    seen = differences(panel, np.array([np.nan]))
    assert seen.n_one_day == [0]


@pytest.mark.parametrize(
    ("scores", "step"),
    [
        pytest.param([], 1.0, id="nothing logged"),
        pytest.param([3.0, 7.0], 1.0, id="whole points"),
        pytest.param([3.0, 7.5], 0.5, id="half points"),
        pytest.param([3.0, 7.3], 0.0, id="a slider"),
        pytest.param([10 / 3, 20 / 3], 0.0, id="a composite"),
    ],
)
def test_the_step_of_the_scale_is_read_from_the_scores(scores, step):
    assert rounding_step(np.array(scores)) == step


def test_without_neighbouring_days_the_noise_is_the_default():
    found, _, _ = measured(diary_of({3: 4.0, 9: 5.5}), infusions_of([0]))
    assert found == ClinicNoise(step=0.5)


def test_a_diary_that_never_changes_still_has_a_noise():
    found, seen, panel = measured(
        diary_of(dict.fromkeys(range(40), 5.0)), infusions_of([0])
    )
    assert found.innovation > 0
    assert found.latent_innovation > 0
    assert found.correlation == 0
    own = patient_noise(found, np.full(panel.n_patients, BASELINE), seen)
    assert (own.latent > 0).all()


def test_correlation_is_never_above_its_limit():
    walk = np.cumsum(np.full(40, 0.2))
    found, _, _ = measured(diary_of(dict(enumerate(walk, 3))), infusions_of([0]))
    assert found.correlation == HIGHEST_CORRELATION


def test_a_patient_with_no_days_has_the_clinics_noise():
    found, seen, panel = measured(
        *flat_clinic(
            np.random.default_rng(5), sd=1, phi=0.3, rounded=True, n_patients=8
        )
    )
    nobody = type(seen)(*(np.zeros(panel.n_patients) for _ in range(4)))
    own = patient_noise(found, np.full(panel.n_patients, BASELINE), nobody)
    np.testing.assert_allclose(own.logged, found.innovation / (1 - found.correlation))
    np.testing.assert_allclose(
        own.latent,
        (found.innovation - 1 / 12 / BASELINE**2) / (1 - found.latent_correlation),
    )


def test_fifteen_differences_weigh_as_much_as_the_clinic():
    diary = diary_of(dict(enumerate([4.0, 6.0] * 8, start=3)))
    _, seen, _ = measured(diary, infusions_of([0]))
    assert seen.n_one_day == [15]
    own = patient_noise(ClinicNoise(innovation=0.0, step=0), np.array([8.0]), seen)
    half = 0.5 * (2 / 8) ** 2 / 2
    assert own.logged == pytest.approx([half / (1 - ClinicNoise.correlation)])


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_the_same_to_the_last_bit_in_any_order(seed):
    diary, infusions = clinic(seed)
    first, _, _ = measured(diary, infusions, baseline=7.3)
    shuffled = diary.sample(frac=1, random_state=seed + 50)
    again, _, _ = measured(shuffled, infusions.iloc[::-1], baseline=7.3)
    assert first == again

import numpy as np
import pytest

from tracker import relief
from tracker.relief.curves import (
    DAYS,
    LONGEST,
    N_AMPLITUDES,
    N_DURATIONS,
    N_SHAPES,
    POWERS,
    make_grid,
)

OFFS = [
    relief.Criteria.for_item("pain").off,
    relief.Criteria.for_item("mood", "trial").off,
    0.05,
    0.9,
]
RESIDUAL = len(POWERS)


def curves_of(grid):
    shape = (N_DURATIONS, N_SHAPES, N_AMPLITUDES, DAYS)
    return grid.curves.astype(np.float64).reshape(shape)


@pytest.mark.parametrize("off", OFFS)
def test_a_fading_curve_crosses_the_loss_level_on_its_day(off):
    grid = make_grid(off)
    for number, log_duration in enumerate(grid.log_durations):
        duration = np.exp(log_duration)
        before, after = int(np.floor(duration)), int(np.ceil(duration))
        fading = curves_of(grid)[number, :RESIDUAL]
        if before <= DAYS:
            assert (fading[..., before - 1] >= off - 1e-5).all()
        if after <= DAYS:
            assert (fading[..., after - 1] <= off + 1e-5).all()


def test_the_straight_exponential_is_at_the_hand_worked_level():
    grid = make_grid(0.2)
    duration, amplitude = np.exp(grid.log_durations[12]), grid.amplitudes[4]
    # From the amplitude to 0.2 in `duration` days, by the same share each day.
    expected = amplitude * (0.2 / amplitude) ** (10 / duration)
    assert curves_of(grid)[12, POWERS.index(1.0), 4, 9] == pytest.approx(expected)


@pytest.mark.parametrize("off", OFFS)
def test_the_rest_of_relief_that_stays_never_crosses_the_loss_level(off):
    assert (curves_of(make_grid(off))[:, RESIDUAL] > off).all()


@pytest.mark.parametrize("off", OFFS)
def test_no_curve_rises_or_begins_above_its_amplitude(off):
    grid = make_grid(off)
    curves = curves_of(grid)
    assert (np.diff(curves, axis=-1) <= 1e-7).all()
    assert (curves[..., 0] <= grid.amplitudes + 1e-6).all()
    assert np.isfinite(curves).all()


@pytest.mark.parametrize("off", OFFS)
def test_amplitudes_begin_above_the_loss_level(off):
    amplitudes = make_grid(off).amplitudes
    assert amplitudes[0] > off
    assert amplitudes[-1] <= 1
    assert (np.diff(amplitudes) >= 0).all()


def test_durations_reach_beyond_the_days_that_are_forecast():
    grid = make_grid(0.2)
    assert np.exp(grid.log_durations[-1]) == pytest.approx(LONGEST)
    assert LONGEST > DAYS


def test_amplitudes_of_spells_are_spread_about_the_patients():
    spread = make_grid(0.2).spread
    np.testing.assert_allclose(spread.sum(axis=1), 1)
    assert (spread.argmax(axis=1) == np.arange(N_AMPLITUDES)).all()

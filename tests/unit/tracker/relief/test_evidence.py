import numpy as np
import pytest
from scipy.stats import multivariate_normal

from tests.unit.tracker.relief.frames import PAIN, diary_of, infusions_of
from tracker.relief.curves import DAYS, make_grid
from tracker.relief.evidence import OUTLIER_DF, Logs, read_logs, weigh
from tracker.relief.panel import read_panel
from tracker.relief.rule import spell_windows
from tracker.relief.series import build_series

GRID = make_grid(PAIN.off)
NODES = np.random.default_rng(0).choice(GRID.n_nodes, 60, replace=False)
PHI = 0.4


def random_logs(seed, n=6, weight=None):
    rng = np.random.default_rng(seed)
    logged = rng.random((n, DAYS)) < rng.uniform(0.2, 1, (n, 1))
    logged[:, 60:] = False
    improvement = np.where(logged, rng.normal(0.3, 0.3, (n, DAYS)), 0)
    weights = logged if weight is None else logged * weight(rng, (n, DAYS))
    return Logs(*(a.astype(np.float32) for a in (logged, weights, improvement)))


def covariance(days, variance, phi):
    """Neighbouring days are alike; a day after a hole starts afresh."""
    run = np.cumsum(np.diff(days, prepend=days[0]) > 1)
    apart = np.abs(days[:, None] - days[None, :])
    return variance * np.where(run[:, None] == run[None, :], phi**apart, 0.0)


def naive(logs, spell, variance, offset_mean, offset_var, phi=PHI):
    """Log densities of the nodes, and mean and variance of the offset, in full."""
    days = np.flatnonzero(logs.logged[spell])
    seen = logs.improvement[spell, days].astype(np.float64)
    of_days = covariance(days, variance, phi)
    whole = of_days + offset_var
    precision = np.linalg.inv(of_days)
    ones = np.ones(len(days))
    left = 1 / (1 / offset_var + ones @ precision @ ones) if offset_var else 0.0
    density, mean = [], []
    for curve in GRID.curves[NODES][:, days].astype(np.float64):
        level = curve - offset_mean
        density.append(multivariate_normal(level, whole).logpdf(seen))
        pull = ones @ precision @ (level - seen)
        mean.append(offset_mean + left * pull)
    return np.array(density), np.array(mean), left


@pytest.mark.parametrize("phi", [0.0, PHI, 0.85])
@pytest.mark.parametrize("seed", range(3))
def test_evidence_is_the_normal_density_of_the_logged_days(seed, phi):
    rng = np.random.default_rng(seed + 100)
    logs = random_logs(seed)
    n = len(logs.logged)
    variance, offset_mean = rng.uniform(0.01, 0.05, n), rng.normal(0, 0.1, n)
    offset_var = rng.uniform(0.002, 0.03, n)
    found = weigh(logs, GRID, phi, variance, offset_mean, offset_var)
    for spell in range(n):
        density, mean, var = naive(
            logs, spell, variance[spell], offset_mean[spell], offset_var[spell], phi
        )
        ours = found.log_likelihood[spell, NODES]
        np.testing.assert_allclose(
            ours - ours.max(), density - density.max(), rtol=2e-4, atol=5e-3
        )
        np.testing.assert_allclose(found.offset_mean[spell, NODES], mean, atol=2e-4)
        assert found.offset_var[spell] == pytest.approx(var, rel=1e-4)


def test_evidence_for_offset_variances_can_be_compared():
    logs = random_logs(8, n=1)
    ours, theirs = [], []
    for offset_var in (0.0, 0.01, 0.1):
        args = (np.array([0.02]), np.zeros(1), np.array([offset_var]))
        ours.append(weigh(logs, GRID, PHI, *args).log_likelihood[0, NODES])
        theirs.append(naive(logs, 0, 0.02, 0.0, offset_var)[0])
    np.testing.assert_allclose(
        np.diff(ours, axis=0), np.diff(theirs, axis=0), rtol=2e-4, atol=5e-3
    )


def test_an_offset_that_is_known_is_not_moved():
    logs = random_logs(1, n=2)
    known = np.array([0.1, -0.2])
    found = weigh(logs, GRID, PHI, np.full(2, 0.02), known, np.zeros(2))
    assert (found.offset_var == 0).all()
    expected = np.broadcast_to(known[:, None], found.offset_mean.shape)
    np.testing.assert_allclose(found.offset_mean, expected, atol=1e-7)


def test_days_without_weight_say_nothing():
    half = random_logs(2, weight=lambda _, shape: np.arange(shape[1]) < 30)
    early = np.arange(DAYS) < 30
    cut = Logs(*(a * early.astype(np.float32) for a in vars(half).values()))
    args = (np.full(6, 0.02), np.zeros(6), np.full(6, 0.01))
    first = weigh(half, GRID, PHI, *args)
    second = weigh(cut, GRID, PHI, *args)
    np.testing.assert_allclose(
        first.log_likelihood, second.log_likelihood, rtol=1e-4, atol=1e-3
    )


def test_a_spell_without_logs_prefers_no_node():
    nothing = Logs(*(np.zeros((1, DAYS), np.float32) for _ in range(3)))
    found = weigh(
        nothing, GRID, PHI, np.array([0.02]), np.array([0.1]), np.array([0.03])
    )
    assert np.ptp(found.log_likelihood) == 0
    assert found.offset_var == pytest.approx([0.03])


def test_each_spell_is_weighed_as_if_alone():
    logs = random_logs(3)
    args = [np.full(6, 0.02), np.zeros(6), np.full(6, 0.01)]
    together = weigh(logs, GRID, PHI, *args)
    for spell in range(6):
        one = slice(spell, spell + 1)
        alone = weigh(logs.rows(one), GRID, PHI, *(a[one] for a in args))
        np.testing.assert_allclose(
            alone.log_likelihood[0], together.log_likelihood[spell], rtol=1e-5
        )


def logs_of(scores, baseline=8.0, deviation=0.1, next_on=None):
    infused = [0] if next_on is None else [0, next_on]
    infusions = infusions_of(infused)
    panel = read_panel(diary_of(scores), infusions, PAIN, None)
    series = build_series(panel, infusions, PAIN)
    windows = spell_windows(panel, series, PAIN)
    n = len(infused)
    return read_logs(
        panel, windows.first, windows.end, windows.day_zero,
        np.full(n, baseline), np.full(n, deviation),
    )  # fmt: skip


def test_days_are_read_from_the_day_after_the_infusion_to_the_next():
    logs = logs_of({-1: 8, 0: 7, 1: 2, 3: 4, 19: 6, 20: 1, 21: 5}, next_on=20)
    assert np.flatnonzero(logs.logged[0]).tolist() == [0, 2, 18]
    assert logs.improvement[0, [0, 2, 18]] == pytest.approx([0.75, 0.5, 0.25])
    assert np.flatnonzero(logs.logged[1]).tolist() == [0]
    assert logs.improvement[1, 0] == pytest.approx(1 - 5 / 8)


def test_days_beyond_the_last_are_left_out():
    logs = logs_of({DAYS: 4, DAYS + 1: 2})
    assert logs.logged[0, -1] == 1
    assert logs.logged.sum() == 1


def test_a_flare_weighs_less_than_the_days_around_it():
    logs = logs_of(dict.fromkeys(range(1, 11), 2) | {5: 10})
    z = 1.0 / 0.1
    expected = (OUTLIER_DF + 1) / (OUTLIER_DF + z**2)
    assert logs.weight[0, 4] == pytest.approx(expected)
    others = np.delete(logs.weight[0, :10], 4)
    assert (others == 1).all()


def test_a_level_that_moves_for_good_keeps_its_weight():
    logs = logs_of(dict.fromkeys(range(1, 8), 2) | dict.fromkeys(range(8, 15), 9))
    assert (logs.weight[0, :14] == 1).all()

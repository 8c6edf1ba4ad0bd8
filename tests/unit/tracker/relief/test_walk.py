import dataclasses

import numpy as np
import pytest
from scipy.stats import norm

from tests.unit.tracker.relief import reference
from tests.unit.tracker.relief.frames import PAIN
from tracker import relief
from tracker.relief.curves import DAYS
from tracker.relief.evidence import Logs
from tracker.relief.walk import BEYOND, Walkers, _bridges, walk

BASELINE = 8.0
LEVEL = 0.45
FLAT = np.full((1, DAYS), LEVEL, np.float32)
SD = 0.1


def walkers_of(scores, *, start=0, onset=np.inf, m=1, baseline=BASELINE, **changed):
    """Spells from rows of burdens on days 1 on, NaN where nothing is logged."""
    burden = np.full((len(scores), DAYS), np.nan)
    for row, days in enumerate(scores):
        burden[row, : len(days)] = days
    logged = np.isfinite(burden)
    improvement = np.where(logged, 1 - burden / baseline, 0).astype(np.float32)
    logged = logged.astype(np.float32)
    n = len(scores)
    walkers = Walkers(
        logs=Logs(logged, logged, improvement),
        start=np.full(n, start),
        onset_known_on=np.full(n, onset),
        baseline=np.full(n, baseline),
        deviation=np.full(n, SD),
        curve=np.zeros((n, m), np.intp),
        offset=np.zeros((n, m), np.float32),
        lean=np.zeros(n),
        skips=np.zeros(n),
        known=np.full(n, DAYS),
    )
    return dataclasses.replace(walkers, **changed)


def normals_of(m, seed=0):
    return np.random.default_rng(seed).standard_normal((m, DAYS)).astype(np.float32)


def lost_on(walkers, *, phi=0.3, step=1.0, criteria=PAIN, curves=FLAT, seed=0):
    m = walkers.curve.shape[1]
    return walk(walkers, curves, normals_of(m, seed), phi, step, criteria)


def complete_record(rng):
    depth = rng.uniform(0, 0.9)
    level = BASELINE * (1 - depth * np.exp(-np.arange(DAYS) / rng.uniform(3, 60)))
    return np.clip(np.rint(level + rng.normal(0, rng.uniform(0, 1.5), DAYS)), 0, 10)


CRITERIA = [
    PAIN,
    relief.Criteria.for_item("pain", "trial"),
    relief.Criteria(item="pain", k_on=1, k_off=1),
    relief.Criteria(item="pain", k_on=3, k_off=5, onset_window=20),
]


@pytest.mark.parametrize("criteria", CRITERIA)
def test_a_complete_record_is_judged_by_the_rule_of_spells(criteria):
    rng = np.random.default_rng(7)
    records = [complete_record(rng) for _ in range(150)]
    found = lost_on(walkers_of(records, m=2), criteria=criteria)
    for record, days in zip(records, found, strict=True):
        gains = list(enumerate(1 - record / BASELINE, start=1))
        expected = reference.first_loss(gains, criteria)
        assert (days == min(expected, BEYOND)).all()


def good_then_bad(good, bad):
    return [2.0] * good + [8.0] * bad


@pytest.mark.parametrize(
    ("scores", "start", "onset", "expected"),
    [
        pytest.param(good_then_bad(12, DAYS - 12), 0, np.inf, 13, id="lost on day 13"),
        pytest.param(good_then_bad(12, DAYS - 12), 12, 12, 13, id="walked from day 12"),
        pytest.param([2.0] * DAYS, 0, np.inf, BEYOND, id="never lost"),
        pytest.param([8.0] * DAYS, 0, np.inf, 0, id="never begun"),
        pytest.param([2.0, *[8.0] * (DAYS - 1)], 0, np.inf, 0, id="one good day"),
        pytest.param([2, 8, 2, *[8] * (DAYS - 3)], 0, 3, 4, id="begun on known days"),
        pytest.param([8.0] * 5 + [2.0] * (DAYS - 5), 5, 5, BEYOND, id="bad days before"),
    ],
)  # fmt: skip
def test_hand_worked_records(scores, start, onset, expected):
    assert lost_on(walkers_of([scores], start=start, onset=onset)) == expected


def test_nothing_is_judged_before_the_start():
    early_bad = [8.0] * 20 + [2.0] * 5 + [8.0] * (DAYS - 25)
    walkers = walkers_of([early_bad] * 2)
    walkers = dataclasses.replace(
        walkers, start=np.array([25, 0]), onset_known_on=np.array([25, np.inf])
    )
    assert lost_on(walkers)[:, 0].tolist() == [26, 0]


@pytest.mark.parametrize(
    ("burden", "expected"),
    [
        pytest.param(BASELINE * 0.8, BEYOND, id="at off, still in relief"),
        pytest.param(BASELINE * 0.8 + 0.05, 4, id="below off"),
    ],
)
def test_a_score_equal_to_the_loss_level_is_relief(burden, expected):
    record = [2.0] * 3 + [burden] * (DAYS - 3)
    assert lost_on(walkers_of([record]), step=0.0) == expected


def with_hole(first, last, n_days=40):
    record = np.full(n_days, BASELINE * (1 - LEVEL))
    record[:] = 2.0
    record[first - 1 : last] = np.nan
    return record


def naive_bridge(phi, before, after, k):
    """Mean and variance of an error, given the day before and k days ahead."""
    whole = 1 - phi ** (2 * (k + 1))
    mean = phi * (1 - phi ** (2 * k)) * before + phi**k * (1 - phi**2) * after
    variance = (1 - phi**2) * (1 - phi ** (2 * k)) / whole
    return mean / whole, variance


@pytest.mark.parametrize("phi", [0.0, 0.35, 0.8])
def test_weights_of_a_bridge_are_those_of_an_autoregression(phi):
    table = _bridges(walkers_of([with_hole(11, 15)]), phi)
    for day in range(11, 16):
        k = 16 - day
        back, _ = naive_bridge(phi, 1, 0, k)
        ahead, variance = naive_bridge(phi, 0, 1, k)
        assert table.back[0, day - 1] == pytest.approx(back, abs=1e-6)
        assert table.ahead[0, day - 1] == pytest.approx(ahead, abs=1e-6)
        assert table.spread[0, day - 1] ** 2 == pytest.approx(variance, abs=1e-6)


def test_a_bridge_equals_the_conditional_normal_of_its_days():
    phi, days = 0.6, np.arange(10, 17)
    whole = phi ** np.abs(days[:, None] - days[None, :])
    known, hidden = [0, 6], [1, 2, 3, 4, 5]
    gain = whole[np.ix_(hidden, known)] @ np.linalg.inv(whole[np.ix_(known, known)])
    table = _bridges(walkers_of([with_hole(11, 15)]), phi)
    error = {10: 0.7, 16: -0.4}
    for day in range(11, 16):
        error[day] = (
            table.back[0, day - 1] * error[day - 1]
            + table.ahead[0, day - 1] * error[16]
        )
    means = gain @ [error[10], error[16]]
    np.testing.assert_allclose([error[day] for day in range(11, 16)], means, atol=1e-6)


def test_the_first_day_knows_only_what_lies_ahead():
    phi = 0.5
    table = _bridges(walkers_of([with_hole(1, 3)]), phi)
    assert table.back[0, 0] == 0
    assert table.ahead[0, 0] == pytest.approx(phi**3)
    assert table.spread[0, 0] == pytest.approx(np.sqrt(1 - phi**6))


def test_after_the_last_log_errors_go_on_as_an_autoregression():
    table = _bridges(walkers_of([[2.0] * 10]), 0.6)
    assert (table.ahead[0, 10:] == 0).all()
    np.testing.assert_allclose(table.back[0, 10:], 0.6, rtol=1e-6)
    np.testing.assert_allclose(table.spread[0, 10:], 0.8, rtol=1e-6)


def share_lost(walkers, day, **rest):
    return float(np.mean(lost_on(walkers, step=0.0, seed=3, **rest) <= day))


def test_days_after_the_last_log_are_drawn_with_the_curves_level_and_spread():
    one_day = relief.Criteria(item="pain", k_off=1, on=0.3, off=0.2)
    walkers = walkers_of([[2.0] * 3], start=3, onset=3, m=20_000)
    walkers = dataclasses.replace(
        walkers, offset=np.full((1, 20_000), 0.15, np.float32)
    )
    found = share_lost(walkers, 4, criteria=one_day, phi=0.5)
    # Level .45 - .15 = .30; the last error is .75 - .30, half of it goes on.
    expected = _below(0.2, mean=0.3 + 0.5 * 0.45, sd=SD * np.sqrt(0.75))
    assert found == pytest.approx(expected, abs=0.01)
    later = share_lost(walkers, 10, criteria=one_day, phi=0.5)
    assert later == pytest.approx(_naive_share_lost(days=7, phi=0.5), abs=0.015)


def _naive_share_lost(days, phi, n=20_000):
    """Of paths from an error of .45 about a level of .30, below .20 within `days`."""
    rng = np.random.default_rng(9)
    error, lost = np.full(n, 0.45), np.zeros(n, bool)
    for _ in range(days):
        error = phi * error + SD * np.sqrt(1 - phi**2) * rng.normal(size=n)
        lost |= 0.3 + error < 0.2
    return lost.mean()


def _below(level, mean, sd):
    return norm.cdf((level - mean) / sd)


def test_a_missing_day_between_bad_days_is_mostly_bad():
    record = [2.0] * 5 + [6.8, np.nan, 6.8] + [2.0] * (DAYS - 8)
    walkers = walkers_of([record], start=5, onset=5, m=4000)
    walkers = dataclasses.replace(walkers, offset=np.full((1, 4000), 0.1, np.float32))
    level = np.full((1, DAYS), 0.35, np.float32)
    found = share_lost(walkers, 6, curves=level, phi=0.6)
    errors = naive_bridge(0.6, -0.1, -0.1, 1)
    expected = _below(0.2, mean=0.25 + errors[0], sd=SD * np.sqrt(errors[1]))
    assert found == pytest.approx(expected, abs=0.02)


def test_logged_days_are_never_drawn():
    record = [2.0] * 30 + [8.0] * (DAYS - 30)
    found = lost_on(walkers_of([record], m=50, start=20, onset=20))
    assert (found == 31).all()


def test_rounding_moves_scores_to_the_scale():
    # 6.45 is a bad day; on a scale of whole points it is a 6, which is relief.
    record = [2.0] * 3
    level = np.full((1, DAYS), 1 - 6.45 / BASELINE, np.float32)
    still = {"start": 3, "onset": 3, "deviation": np.array([1e-6])}
    walkers = walkers_of([record], **still)
    assert lost_on(walkers, curves=level, step=0.0, phi=0.0) == 4
    assert lost_on(walkers, curves=level, step=1.0, phi=0.0) == BEYOND


def test_days_skipped_for_being_bad_are_drawn_worse():
    record = with_hole(6, 12, 60)
    usual = walkers_of([record], start=5, onset=5, m=2000)
    usual = dataclasses.replace(usual, skips=np.array([0.3]))
    leaning = dataclasses.replace(usual, lean=np.array([0.3]))
    level = np.full((1, DAYS), 0.3, np.float32)
    assert share_lost(leaning, 12, curves=level) > share_lost(usual, 12, curves=level)


def test_each_spell_is_walked_as_if_alone():
    rng = np.random.default_rng(2)
    records = [np.where(rng.random(60) < 0.5, 2.0, np.nan) for _ in range(300)]
    starts = rng.integers(0, 60, 300)
    together = walkers_of(records, m=10)
    together = dataclasses.replace(together, start=starts)
    found = lost_on(together)
    for row in (0, 57, 299):
        alone = together.rows(np.array([row]))
        np.testing.assert_array_equal(lost_on(alone)[0], found[row])

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.references.lifelines_values import COUNTS, INF, RETRACTION, SPELLS
from tests.unit.tracker.relief.frames import PAIN, clinic
from tracker import relief
from tracker.relief.interval import npmle, spells_npmle

# (left, right, mass), of lifelines 0.30.3; see tests/references/lifelines_values.py.
RETRACTION_MASSES = [
    (4.0, 5.0, 0.046346774),
    (6.0, 7.0, 0.033363371),
    (7.0, 8.0, 0.088667368),
    (11.0, 12.0, 0.070752922),
    (24.0, 25.0, 0.092645837),
    (33.0, 34.0, 0.081785765),
    (38.0, 40.0, 0.120879827),
    (46.0, 48.0, 0.465558136),
]
SPELLS_MASSES = [
    (2.0, 3.0, 0.045454545),
    (5.0, 6.0, 0.095454545),
    (8.0, 9.0, 0.06736811),
    (11.0, 12.0, 0.096336527),
    (13.0, 14.0, 0.060647076),
    (14.0, 15.0, 0.067053831),
    (20.0, 21.0, 0.097265094),
    (22.0, 23.0, 0.01267636),
    (25.0, 27.0, 0.109941454),
    (33.0, 34.0, 0.096130235),
    (38.0, 39.0, 0.155541987),
    (41.0, INF, 0.096130235),
]
COUNTED_MASSES = [
    (2.0, 3.0, 0.029411765),
    (5.0, 6.0, 0.093927894),
    (8.0, 9.0, 0.067841349),
    (11.0, 12.0, 0.106586171),
    (13.0, 14.0, 0.037620572),
    (14.0, 15.0, 0.042423344),
    (20.0, 21.0, 0.056037605),
    (22.0, 23.0, 0.034174711),
    (25.0, 27.0, 0.090212316),
    (33.0, 34.0, 0.063506662),
    (38.0, 39.0, 0.152640545),
    (41.0, INF, 0.225617067),
]


@st.composite
def weighted_intervals(draw, most=25):
    """Lower ends, upper ends and weights, of whole days."""
    n = draw(st.integers(1, most))
    lower = draw(st.lists(st.integers(0, 30), min_size=n, max_size=n))
    ahead = st.one_of(st.integers(1, 12), st.just(INF))
    length = draw(st.lists(ahead, min_size=n, max_size=n))
    weights = draw(st.lists(st.floats(0.1, 10), min_size=n, max_size=n))
    lower = np.array(lower, float)
    return lower, lower + np.array(length), np.array(weights)


def days_held(lower, upper):
    """Which of the days 1, 2, ... each interval of whole days holds; last: beyond."""
    top = int(max(lower.max(), upper[np.isfinite(upper)].max(initial=0)))
    days = np.arange(1, top + 2)
    return ((days > lower[:, None]) & (days <= upper[:, None])).astype(float)


def em(lower, upper, weights, steps):
    """Turnbull's algorithm on every single day: survival after each, likelihood."""
    held = days_held(lower, upper)
    mass = np.full(held.shape[1], 1 / held.shape[1])
    for _ in range(steps):
        mass *= held.T @ (weights / (held @ mass)) / weights.sum()
    return 1 - np.cumsum(mass), weights @ np.log(held @ mass)


def made_up(seed, n=400):
    rng = np.random.default_rng(seed)
    day = np.ceil(rng.lognormal(np.log(15), 0.8, n))
    lower = np.maximum(day - rng.geometric(0.5, n), 0)
    upper = day + rng.geometric(0.5, n) - 1
    cut = rng.integers(5, 60, n)
    unseen = upper > cut
    return np.where(unseen, cut, lower), np.where(unseen, INF, upper)


@pytest.mark.parametrize(
    ("intervals", "weights", "expected"),
    [
        (RETRACTION, None, RETRACTION_MASSES),
        (SPELLS, None, SPELLS_MASSES),
        (SPELLS, COUNTS, COUNTED_MASSES),
    ],
    ids=["retraction", "spells", "counted"],
)
def test_equals_lifelines(intervals, weights, expected):
    curve = npmle(*zip(*intervals, strict=True), weights)
    found = np.stack((curve.left, curve.right, curve.mass), 1)

    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-7)


@pytest.mark.parametrize(
    ("intervals", "cells"),
    [
        ([(0, 5)], [(0, 5, 1)]),
        ([(3, INF)], [(3, INF, 1)]),
        ([(3, INF), (7, INF)], [(7, INF, 1)]),
        ([(0, 2), (2, 4)], [(0, 2, 0.5), (2, 4, 0.5)]),
        ([(0, 3), (2, 4)], [(2, 3, 1)]),
        ([(0, 10), (1, 2), (4, 5)], [(1, 2, 0.5), (4, 5, 0.5)]),
        ([(0, 1), (0, 1), (0, 1), (1, INF)], [(0, 1, 0.75), (1, INF, 0.25)]),
        ([(0.5, 1.25), (1, 3.5)], [(1, 1.25, 1)]),
    ],
    ids=[
        "one interval",
        "one censored",
        "all censored",
        "neighbours do not meet",
        "overlap",
        "one holds others",
        "lost or censored",
        "parts of days",
    ],
)
def test_worked_out_by_hand(intervals, cells):
    curve = npmle(*zip(*intervals, strict=True))
    found = np.stack((curve.left, curve.right, curve.mass), 1)

    np.testing.assert_allclose(found, cells, rtol=0, atol=1e-12)


@given(weighted_intervals())
def test_masses_add_to_one_and_survival_falls(case):
    curve = npmle(*case)
    days = np.arange(0, 45, 0.5)
    low, high = curve.survival(days)

    assert curve.mass.sum() == pytest.approx(1, abs=1e-12)
    assert (curve.mass > 0).all()
    assert (curve.left < curve.right).all()
    assert (curve.right[:-1] <= curve.left[1:]).all()
    assert (low <= high).all()
    for share in (low, high):
        assert (np.diff(share) <= 0).all()
        assert share[0] == 1
        assert ((share >= 0) & (share <= 1)).all()


@given(weighted_intervals())
def test_gap_is_certified_by_the_slopes_on_every_day(case):
    lower, upper, weights = case
    curve = npmle(*case)
    inside = (curve.left >= lower[:, None]) & (curve.right <= upper[:, None])
    share = inside @ curve.mass
    slopes = days_held(lower, upper).T @ (weights / share)

    assert curve.gap <= 1e-10
    assert slopes.max() <= weights.sum() * (1 + 1.01e-10)
    assert curve.log_likelihood == pytest.approx(weights @ np.log(share), abs=1e-9)


@given(weighted_intervals(most=12))
@settings(max_examples=40)
def test_no_plain_em_is_likelier(case):
    curve = npmle(*case)
    _, log_likelihood = em(*case, steps=2_000)

    assert curve.log_likelihood >= log_likelihood - 1e-9 * case[2].sum()


@pytest.mark.parametrize("seed", range(3))
def test_equals_plain_em_run_for_long(seed):
    lower, upper = made_up(seed, 60)
    curve = npmle(lower, upper)
    survival, log_likelihood = em(lower, upper, np.ones(60), steps=60_000)
    low, high = curve.survival(np.arange(1, len(survival) + 1))

    assert curve.log_likelihood == pytest.approx(log_likelihood, abs=1e-6)
    assert (low - 1e-4 <= survival).all()
    assert (survival <= high + 1e-4).all()


@given(weighted_intervals(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case, random):
    order = list(range(len(case[0])))
    random.shuffle(order)
    one, other = npmle(*case), npmle(*(values[order] for values in case))
    days = np.arange(45)

    np.testing.assert_allclose(one.survival(days), other.survival(days), atol=1e-6)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-8)


def test_repeats_are_counts():
    lower, upper = np.array(SPELLS).T
    repeated = npmle(np.repeat(lower, COUNTS), np.repeat(upper, COUNTS))
    counted = npmle(lower, upper, COUNTS)

    np.testing.assert_allclose(repeated.mass, counted.mass, atol=1e-9)


def test_weights_of_zero_count_for_nothing():
    with_it = npmle([0, 2, 4], [3, 5, INF], [1, 1, 0])

    np.testing.assert_array_equal(with_it.left, npmle([0, 2], [3, 5]).left)


def test_unit_of_time_and_of_weight_do_not_matter():
    lower, upper = np.array(RETRACTION).T
    months, days = npmle(lower, upper), npmle(lower * 30, upper * 30, np.full(46, 7))

    np.testing.assert_allclose(days.left, months.left * 30)
    np.testing.assert_allclose(days.mass, months.mass, atol=1e-9)
    assert days.log_likelihood == pytest.approx(7 * months.log_likelihood)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("weights", ["infusion", "patient"])
def test_equals_kaplan_meier_when_losses_are_known_to_the_day(seed, weights):
    rng = np.random.default_rng(seed)
    day, lost = rng.integers(1, 40, 200).astype(float), rng.random(200) < 0.6
    spells = pd.DataFrame(
        {
            "patient_id": rng.integers(0, 30, 200),
            "status": np.where(lost, "lost", "cut_by_infusion"),
            "lower": np.where(lost, day - 1, day),
            "upper": np.where(lost, day, np.inf),
            "confirmable": np.where(lost, np.nan, day),
            "pending": 0,
        }
    )
    curve = relief.kaplan_meier(spells, weights)
    found = spells_npmle(spells, weights)
    followed = curve["at_risk"] > 0
    low, high = found.survival(curve["day"][followed])

    np.testing.assert_allclose(low, curve["survival"][followed], atol=1e-9)
    np.testing.assert_allclose(high, curve["survival"][followed], atol=1e-9)


def test_spells_without_an_onset_are_left_out():
    spells = relief.find_spells(*clinic(61, n_patients=40), PAIN)
    begun = spells[spells["onset"].notna()]
    lost = begun["status"] == "lost"
    assert lost.any()
    assert (~lost).any()
    assert len(begun) < len(spells)
    expected = npmle(
        begun["lower"].where(lost, begun["confirmable"]),
        begun["upper"].where(lost, np.inf),
    )

    found = spells_npmle(spells)
    np.testing.assert_array_equal(found.left, expected.left)
    np.testing.assert_allclose(found.mass, expected.mass)


def test_survival_inside_and_beside_a_cell():
    curve = npmle([2, 2, 6], [4, 4, INF])
    low, high = curve.survival([0, 2, 3, 4, 6, 7, INF])

    np.testing.assert_allclose(low, [1, 1, 1 / 3, 1 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(high, [1, 1, 1, 1 / 3, 1 / 3, 1 / 3, 0])


def test_nothing_gives_an_empty_curve():
    nobody = relief.find_spells(*clinic(61), PAIN)[:0]
    for curve in (npmle([], []), npmle([1], [2], [0]), spells_npmle(nobody)):
        assert len(curve.mass) == len(curve.left) == len(curve.right) == 0
        assert (curve.log_likelihood, curve.gap, curve.iterations) == (0, 0, 0)
        assert np.isnan(curve.survival([0, 5])).all()


def test_inputs_are_not_changed():
    lower, upper = made_up(4)
    before = lower.copy(), upper.copy()
    npmle(lower, upper)

    np.testing.assert_array_equal((lower, upper), before)


def test_many_intervals_and_very_unequal_weights_are_certified():
    lower, upper = made_up(5, 50_000)
    rng = np.random.default_rng(5)
    for weights in (None, rng.lognormal(0, 3, 50_000)):
        curve = npmle(lower, upper, weights)
        assert curve.gap <= 1e-10
        assert curve.iterations < 60


def test_a_tolerance_below_rounding_still_ends():
    curve = npmle(*made_up(6), tol=1e-300)

    assert curve.gap < 1e-12


def test_recovers_the_durations_behind_days_without_a_score():
    rng = np.random.default_rng(7)
    lost_on = rng.geometric(0.05, 20_000)[:, None]
    days = np.arange(1, 61)
    logged = rng.random((20_000, 60)) < 0.4
    lower = np.where(logged & (days < lost_on), days, 0).max(axis=1)
    upper = np.where(logged & (days >= lost_on), days, INF).min(axis=1)
    low, high = npmle(lower, upper).survival(days[:50])

    np.testing.assert_array_equal(low, high)
    np.testing.assert_allclose(low, 0.95 ** days[:50], atol=0.02)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [3]), r"must be lists of one length, were \(2,\), \(1,\)"),
        (([[1]], [[3]]), "must be lists of one length"),
        (([-1], [3]), "lower must be finite and 0 or more, was -1.0"),
        (([np.nan], [3]), "lower must be finite and 0 or more, was nan"),
        (([np.inf], [np.inf]), "lower must be finite and 0 or more, was inf"),
        (([3], [3]), "upper must be above lower, was 3.0"),
        (([3], [np.nan]), "upper must be above lower, was nan"),
        (([1], [3], [-2]), "weights must be finite and 0 or more, was -2.0"),
        (([1], [3], [np.inf]), "weights must be finite and 0 or more, was inf"),
        (([1], [3], None, 0), "tol must be above 0, was 0"),
        (([1], [3], None, np.nan), "tol must be above 0, was nan"),
    ],
)
def test_bad_intervals_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        npmle(*arguments)


def test_bad_spells_and_days_are_refused():
    spells = relief.find_spells(*clinic(61), PAIN)
    with pytest.raises(ValueError, match="weights must be infusion or patient"):
        spells_npmle(spells, "dose")
    with pytest.raises(ValueError, match="spells must have the column upper"):
        spells_npmle(spells.drop(columns="upper"))
    with pytest.raises(ValueError, match="days must be numbers, was nan"):
        npmle([1], [2]).survival([1, np.nan])

import dataclasses
import itertools

import numpy as np
import pytest
from scipy.optimize import check_grad

from tracker.relief import durations as dur
from tracker.relief.curves import N_AMPLITUDES, N_DURATIONS, N_SHAPES, SUDDEN, make_grid
from tracker.relief.durations import Durations, Groups, Prior

GRID = make_grid(0.2)
T = GRID.log_durations


def some_durations(seed=0):
    rng = np.random.default_rng(seed)
    types = rng.dirichlet(np.ones(N_SHAPES * N_AMPLITUDES))
    return Durations(
        mean=2.9, effects=(0.2, -0.1), between=0.4, within=0.3, sudden=0.6,
        types=types.reshape(N_SHAPES, N_AMPLITUDES),
    )  # fmt: skip


def some_likelihood(n, seed=1):
    return np.random.default_rng(seed).random((n, GRID.n_nodes)).astype(np.float32)


X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, np.log(2)], [1.0, 0.0]])


def naive_kernel(centre, spread):
    weights = [np.exp(-0.5 * ((t - centre) / spread) ** 2) for t in T]
    return np.array(weights) / sum(weights)


def naive_centre(durations, x, effect):
    slopes = zip(x, durations.effects, strict=True)
    return durations.mean + sum(a * b for a, b in slopes) + durations.between * effect


def naive_spread(durations, shape):
    if shape == SUDDEN:
        return (durations.within**2 + durations.sudden**2) ** 0.5
    return durations.within


@pytest.mark.parametrize("spread", [0.05, 0.3, 2.7])
def test_chances_of_durations_sum_to_one_wherever_they_are_centred(spread):
    centres = np.array([-20.0, 0.0, 2.8, 5.4, 60.0])
    weight = dur.kernel(GRID, centres, spread)
    np.testing.assert_allclose(weight.sum(axis=-1), 1)
    np.testing.assert_allclose(weight[2], naive_kernel(2.8, spread), atol=1e-12)


def test_amplitudes_of_spells_are_summed_out():
    likelihood = some_likelihood(2)
    typed = dur.by_type(likelihood, GRID)
    nodes = likelihood.reshape(2, N_DURATIONS, N_SHAPES, N_AMPLITUDES)
    for spell, t, shape, own in itertools.product(range(2), (0, 7), (1, 6), (0, 4, 8)):
        expected = sum(
            GRID.spread[own, a] * nodes[spell, t, shape, a] for a in range(N_AMPLITUDES)
        )
        assert typed[spell, t, shape, own] == pytest.approx(expected, rel=1e-5)


def test_states_of_a_spell_equal_plain_sums_over_durations():
    durations, groups = some_durations(), Groups.of(X)
    typed = dur.by_type(some_likelihood(len(X)), GRID)
    states = dur.spell_states(typed, durations, groups, GRID)
    effects, _ = dur.effect_grid()
    for spell, effect, shape in itertools.product(
        range(len(X)), (0, 13, 26), (0, SUDDEN, N_SHAPES - 1)
    ):
        centre = naive_centre(durations, X[spell], effects[effect])
        weight = naive_kernel(centre, naive_spread(durations, shape))
        expected = np.log(weight @ typed[spell, :, shape])
        np.testing.assert_allclose(
            states[spell, effect, shape], expected, rtol=1e-4, atol=1e-4
        )


def test_chances_of_the_next_spells_nodes_equal_plain_sums():
    durations = some_durations()
    rng = np.random.default_rng(5)
    shape = (len(X), dur.N_EFFECTS, N_SHAPES, N_AMPLITUDES)
    state = dur.posterior(np.log(rng.random(shape)))
    found = dur.node_prior(state, X, durations, GRID)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    found = found.reshape(len(X), N_DURATIONS, N_SHAPES, N_AMPLITUDES)
    effects, _ = dur.effect_grid()
    for spell, shape in itertools.product((0, 2), (3, SUDDEN)):
        expected = np.zeros((N_DURATIONS, N_AMPLITUDES))
        for number, effect in enumerate(effects):
            centre = naive_centre(durations, X[spell], effect)
            weight = naive_kernel(centre, naive_spread(durations, shape))
            mixed = state[spell, number, shape] @ GRID.spread
            expected += weight[:, None] * mixed[None, :]
        np.testing.assert_allclose(found[spell, :, shape], expected, atol=1e-12)


def spread_problem(n_spells=9, seed=3):
    rng = np.random.default_rng(seed)
    centres = rng.normal(2.9, 0.5, n_spells)
    usual = np.exp(-0.5 * ((T - centres[:, None]) / 0.2) ** 2)
    sudden = 0.3 * np.exp(-0.5 * ((T - centres[:, None] - 0.2) / 0.4) ** 2)
    x = X[rng.integers(0, len(X), n_spells)]
    first = np.array([0, 2, 3, 6])
    return dur._SpreadProblem(
        usual, sudden, Groups.of(x), first, Prior(), GRID
    ), x  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_slope_of_the_fit_equals_finite_differences(seed):
    problem, _ = spread_problem(seed=seed)
    theta = np.array([2.8, 0.1, -0.2, np.log(0.5), np.log(0.4), np.log(0.7)])
    theta += np.random.default_rng(seed).normal(0, 0.2, 6)
    error = check_grad(
        lambda at: problem.loss(at)[0], lambda at: problem.loss(at)[1], theta
    )
    assert error < 1e-4


def test_the_loss_of_the_fit_equals_plain_sums():
    problem, x = spread_problem()
    theta = np.array([2.8, 0.1, -0.2, np.log(0.5), np.log(0.4), np.log(0.7)])
    between, within, further = np.exp(theta[3:])
    effects, weights = dur.effect_grid()
    edges = np.append(problem.first, len(x))
    log_likelihood = 0.0
    for low, high in itertools.pairwise(edges):
        patient = weights.copy()
        for spell in range(low, high):
            for number, effect in enumerate(effects):
                centre = theta[0] + x[spell] @ theta[1:3] + between * effect
                usual = naive_kernel(centre, within) @ problem.usual[spell]
                wide = (within**2 + further**2) ** 0.5
                sudden = naive_kernel(centre, wide) @ problem.sudden[spell]
                patient[number] *= usual + sudden
        log_likelihood += np.log(patient.sum())
    belief = [np.log(16), 0, 0, np.log(0.5), np.log(0.45), np.log(0.8)]
    spreads = [0.6, 0.25, 0.25, 0.4, 0.35, 0.5]
    penalty = sum(
        0.5 * ((a - b) / s) ** 2 for a, b, s in zip(theta, belief, spreads, strict=True)
    )
    assert problem.loss(theta)[0] == pytest.approx(-log_likelihood + penalty)


def simulated(seed, n_patients, n_cycles, mean, between, within):
    """Likelihoods of spells whose durations are all but known."""
    rng = np.random.default_rng(seed)
    own = mean + between * rng.normal(size=n_patients)
    true = np.repeat(own, n_cycles) + within * rng.normal(size=n_patients * n_cycles)
    peaked = np.exp(-0.5 * ((T - true[:, None]) / 0.1) ** 2)
    shape = (len(true), N_DURATIONS, N_SHAPES, N_AMPLITUDES)
    typed = np.broadcast_to(peaked[:, :, None, None], shape).astype(np.float32)
    return typed, np.arange(0, len(true), n_cycles)


def fitted(typed, first, prior=Prior()):  # noqa: B008  # frozen
    chance = np.zeros((len(first), N_SHAPES, N_AMPLITUDES))
    chance[:, 1, 4] = 1
    groups = Groups.of(np.zeros((len(typed), 2)))
    start = Durations.prior(prior)
    return dur.update_spread(start, typed, chance, groups, first, prior, GRID)


def test_mean_and_spreads_are_recovered():
    typed, first = simulated(0, 300, 4, mean=3.2, between=0.6, within=0.25)
    found = fitted(typed, first)
    assert found.mean == pytest.approx(3.2, abs=0.1)
    assert found.between == pytest.approx(0.6, abs=0.07)
    assert found.within == pytest.approx(0.25, abs=0.03)
    assert found.effects == (0.0, 0.0)


def test_one_spell_moves_the_mean_only_part_of_the_way():
    typed, first = simulated(1, 1, 1, mean=np.log(60), between=0, within=0)
    found = fitted(typed, first)
    assert np.log(16) < found.mean < np.log(60)
    assert found.between == pytest.approx(0.5, abs=0.15)
    assert found.within == pytest.approx(0.45, abs=0.15)


def test_a_prior_about_another_condition_is_started_from():
    typed, first = simulated(1, 1, 1, mean=np.log(60), between=0, within=0)
    assert fitted(typed, first, Prior.about(60)).mean > fitted(typed, first).mean


def test_shares_of_types_are_drawn_to_those_seen():
    states = np.full((200, dur.N_EFFECTS, N_SHAPES, N_AMPLITUDES), -30.0)
    states[:150, :, 2, 3] = 0
    states[150:, :, 4, 8] = 0
    found = dur.update_types(some_durations(), states).types
    imagined = dur.type_prior()
    whole = 200 + imagined.sum()
    assert found[2, 3] == pytest.approx((150 + imagined[2, 3]) / whole, rel=1e-3)
    assert found[4, 8] == pytest.approx((50 + imagined[4, 8]) / whole, rel=1e-3)
    assert found.sum() == pytest.approx(1)


def test_covariates_are_induction_and_the_cycles_number():
    x = dur.covariates(np.array([1, 2, 400]), np.array([6, 2, 3]))
    np.testing.assert_allclose(x, [[1, 0], [0, np.log(2)], [1, dur.LATEST_CYCLE]])


def test_effects_of_patients_have_unit_variance():
    nodes, weights = dur.effect_grid()
    assert weights.sum() == pytest.approx(1)
    assert weights @ nodes == pytest.approx(0, abs=1e-12)
    assert weights @ nodes**2 == pytest.approx(1, abs=0.02)


def test_sudden_relief_strays_further():
    durations = dataclasses.replace(some_durations(), within=0.3, sudden=0.4)
    assert durations.sudden_spread == pytest.approx(0.5)


def test_likelihood_and_prior_are_combined_as_plain_products():
    rng = np.random.default_rng(6)
    log_likelihood = rng.normal(-40, 3, (3, 50)).astype(np.float32)
    prior = rng.dirichlet(np.ones(50), size=3)
    chance, evidence = dur.combine(log_likelihood, prior)
    weight = prior * np.exp(log_likelihood.astype(np.float64))
    np.testing.assert_allclose(chance, weight / weight.sum(1, keepdims=True), rtol=1e-4)
    np.testing.assert_allclose(evidence, np.log(weight.sum(axis=1)), rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_no_node_explains_goes_to_the_nearest(dtype):
    log_likelihood = np.array([[0, -5_000, -9_000], [0, -1, -2]], np.float32)
    prior = np.array([[0, 0.2, 0.8], [0.2, 0.3, 0.5]], dtype)
    chance, evidence = dur.combine(log_likelihood, prior)
    np.testing.assert_allclose(chance.sum(axis=1), 1, rtol=1e-6)
    assert chance[0].argmax() == 0
    assert np.isfinite(evidence).all()
    expected = prior[1] * np.exp([0, -1, -2])
    np.testing.assert_allclose(chance[1], expected / expected.sum(), rtol=1e-6)

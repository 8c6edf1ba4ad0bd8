"""How durations vary: between patients, within one, and with what was given."""

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from tracker.relief.curves import (
    N_AMPLITUDES,
    N_SHAPES,
    SUDDEN,
    Floats32,
    Grid,
)
from tracker.relief.panel import Floats, Ints

N_EFFECTS = 27
EFFECT_RANGE = 3.2
# Imagined patients of each shape, spread evenly over its amplitudes: relief that fades
# evenly is commoner than relief that ends suddenly or stays.
SHAPE_PRIOR = np.array([2.3, 4.6, 4.6, 2.3, 1.7, 1.7, 1.7])
LATEST_CYCLE = 2.5
INDUCTION = 3
_TINY = 1e-30
# Spells worked through while they are in the cache.
_BLOCK = 64
# Of two effects, and of the logarithms of the three spreads.
_BELIEF_SPREAD = np.array([0.25, 0.25, 0.4, 0.35, 0.5])
_BOUNDS = ((0.0, 6.5), (-2.0, 2.0), (-2.0, 2.0), *[(-3.0, 1.0)] * 3)


@dataclass(frozen=True)
class Prior:
    """What the literature says before the clinic has data.

    `log_days` and `log_days_sd`: of the logarithm of a typical duration in days;
    `between`, `within`: medians of the standard deviations of log durations between
    patients and within one; `response`: the share that responds.
    """

    log_days: float = float(np.log(16.0))
    log_days_sd: float = 0.6
    between: float = 0.5
    within: float = 0.45
    sudden: float = 0.8
    response: float = 0.76

    @classmethod
    def about(cls, days: float) -> Self:
        """A prior whose typical duration is `days`."""
        return cls(log_days=float(np.log(days)))


@dataclass(frozen=True)
class Durations:
    """Distribution of log durations: mean + covariates + patient + spell.

    `effects` are those of a series of `INDUCTION` or more infusions and of the
    logarithm of the cycle's number; `between` and `within` are standard deviations,
    and `sudden` is what relief that ends suddenly strays further within a patient;
    `types` (6, 9) the shares of patients with each shape and amplitude.
    """

    mean: float
    effects: tuple[float, float]
    between: float
    within: float
    sudden: float
    types: Floats

    @property
    def sudden_spread(self) -> float:
        return float(np.hypot(self.within, self.sudden))

    @classmethod
    def prior(cls, prior: Prior) -> "Durations":
        return cls(
            mean=prior.log_days,
            effects=(0.0, 0.0),
            between=prior.between,
            within=prior.within,
            sudden=prior.sudden,
            types=type_prior() / SHAPE_PRIOR.sum(),
        )

    @classmethod
    def unseen(cls, prior: Prior) -> "Durations":
        """Those of a clinic without data, whose own mean is not known either.

        How far its mean may lie from the prior's adds to what its patients differ by.
        """
        between = float(np.hypot(prior.between, prior.log_days_sd))
        return dataclasses.replace(cls.prior(prior), between=between)


def type_prior() -> Floats:
    """Imagined patients (shapes, amplitudes) that a clinic starts from."""
    spread: Floats = np.repeat(SHAPE_PRIOR[:, None], N_AMPLITUDES, axis=1)
    return spread / N_AMPLITUDES


def covariates(number: Ints, n_infusions: Ints) -> Floats:
    """(n, 2): whether a series is an induction, and how late it comes."""
    induction = (n_infusions >= INDUCTION).astype(np.float64)
    late = np.minimum(np.log(number), LATEST_CYCLE)
    return np.stack((induction, late), axis=1)


def effect_grid() -> tuple[Floats, Floats]:
    """Standard normal nodes of the patient's own effect, and their weights."""
    nodes = np.linspace(-EFFECT_RANGE, EFFECT_RANGE, N_EFFECTS)
    weights = np.exp(-0.5 * nodes**2)
    return nodes, weights / weights.sum()


def kernel(grid: Grid, centre: Floats, spread: float) -> Floats:
    """Chance of each duration node (last axis) about each log duration."""
    distance = (grid.log_durations - centre[..., None]) / spread
    log_weight = -0.5 * distance**2
    log_weight -= log_weight.max(axis=-1, keepdims=True)
    weight: Floats = np.exp(log_weight)
    weight /= weight.sum(axis=-1, keepdims=True)
    return weight


def by_type(likelihood: Floats32, grid: Grid) -> Floats32:
    """(n, durations, shapes, amplitudes of the patient), spells' amplitudes summed out."""
    n = len(likelihood)
    spread = grid.spread.astype(np.float32)
    # One product a spell: how it is rounded must not hang on the other spells.
    summed: Floats32 = np.matmul(likelihood.reshape(n, -1, N_AMPLITUDES), spread.T)
    return summed.reshape(n, len(grid.log_durations), N_SHAPES, N_AMPLITUDES)


@dataclass(frozen=True)
class Groups:
    """Spells with equal covariates: distinct rows, and each spell's row."""

    values: Floats
    of_spell: npt.NDArray[np.intp]

    @classmethod
    def of(cls, x: Floats) -> "Groups":
        values, of_spell = np.unique(x, axis=0, return_inverse=True)
        return cls(values, of_spell.reshape(-1))

    def members(self) -> list[tuple[Floats, npt.NDArray[np.intp]]]:
        return [
            (value, np.flatnonzero(self.of_spell == row))
            for row, value in enumerate(self.values)
        ]


def spell_states(
    typed: Floats32, durations: Durations, groups: Groups, grid: Grid
) -> Floats32:
    """Log likelihood (n, effects, shapes, amplitudes) of a patient's state, by spell."""
    nodes, _ = effect_grid()
    n = len(typed)
    states = np.empty((n, N_EFFECTS, N_SHAPES, N_AMPLITUDES), np.float32)
    for x, rows in groups.members():
        centre = durations.mean + x @ durations.effects + durations.between * nodes
        usual = kernel(grid, centre, durations.within).astype(np.float32)
        sudden = kernel(grid, centre, durations.sudden_spread).astype(np.float32)
        for low in range(0, len(rows), _BLOCK):
            some = rows[low : low + _BLOCK]
            seen = typed[some]
            flat = seen.reshape(len(some), len(grid.log_durations), -1)
            likely = np.matmul(usual, flat).reshape(len(some), *states.shape[1:])
            likely[:, :, SUDDEN] = np.matmul(sudden, seen[:, :, SUDDEN])
            likely += _TINY
            states[some] = np.log(likely, out=likely)
    return states


def state_prior(durations: Durations) -> Floats:
    """Log prior (effects, shapes, amplitudes) of a patient's state."""
    _, weights = effect_grid()
    return np.log(weights)[:, None, None] + np.log(durations.types + _TINY)


def node_prior(state: Floats, x: Floats, durations: Durations, grid: Grid) -> Floats:
    """Chance of each node of a patient's next spell.

    Parameters
    ----------
    state : array (n, effects, shapes, amplitudes)
        Chance of each state; sums to 1.
    x : array (n, 2)
        Covariates of the spell.

    Returns
    -------
    array (n, nodes)
    """
    nodes, _ = effect_grid()
    n = len(state)
    chance = np.empty((n, len(grid.log_durations), N_SHAPES, N_AMPLITUDES))
    for value, rows in Groups.of(x).members():
        centre = durations.mean + value @ durations.effects + durations.between * nodes
        usual = kernel(grid, centre, durations.within)
        sudden = kernel(grid, centre, durations.sudden_spread)
        flat = state[rows].reshape(len(rows), N_EFFECTS, -1)
        spread = np.matmul(usual.T, flat)
        chance[rows] = spread.reshape(len(rows), -1, N_SHAPES, N_AMPLITUDES)
        chance[rows, :, SUDDEN] = np.matmul(sudden.T, state[rows][:, :, SUDDEN])
    # One product a spell, as above.
    mixed = np.matmul(chance.reshape(n, -1, N_AMPLITUDES), grid.spread)
    whole: Floats = mixed.reshape(n, -1)
    return whole


def combine(log_likelihood: Floats32, prior: Floats) -> tuple[Floats, Floats]:
    """Chances of the nodes (n, nodes), and the log of each spell's evidence (n,).

    Where no node is likely by both, the product is 0 everywhere: such a patient is
    unlike all that the prior knows, and the logarithms say which node is nearest.
    """
    best = log_likelihood.max(axis=1, keepdims=True)
    weight = prior * np.exp(log_likelihood - best)
    total = weight.sum(axis=1)
    evidence = best[:, 0].astype(np.float64)
    far = np.flatnonzero(total < _TINY)
    if len(far):
        least = np.finfo(prior.dtype).tiny
        log_weight = log_likelihood[far] + np.log(np.maximum(prior[far], least))
        evidence[far] = log_weight.max(axis=1)
        weight[far] = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        total[far] = weight[far].sum(axis=1)
    return weight / total[:, None], evidence + np.log(total)


def over_patients(values: Floats | Floats32, first: Ints) -> Floats:
    """Sums of the spells of each patient, whose runs start at `first`."""
    count = np.diff(first, append=len(values))
    total = values[first]
    # One spell of every patient at a time: `reduceat` is slow over so many columns.
    for place in range(1, int(count.max(initial=0))):
        there = count > place
        total[there] += values[first[there] + place]
    return total.astype(np.float64)


def posterior(log_weight: Floats) -> Floats:
    """Chances along all axes but the first."""
    axes = tuple(range(1, log_weight.ndim))
    weight: Floats = np.exp(log_weight - log_weight.max(axis=axes, keepdims=True))
    weight /= weight.sum(axis=axes, keepdims=True)
    return weight


def update_types(durations: Durations, states: Floats, steps: int = 3) -> Durations:
    """EM steps for the shares of patient types, from each patient's state."""
    _, weights = effect_grid()
    log_weight = np.log(weights)[:, None, None]
    types = durations.types
    for _ in range(steps):
        chance = posterior(states + log_weight + np.log(types + _TINY))
        counts = chance.sum(axis=(0, 1)) + type_prior()
        types = counts / counts.sum()
    return dataclasses.replace(durations, types=types)


def update_spread(
    durations: Durations,
    typed: Floats32,
    chance: Floats,
    groups: Groups,
    first: Ints,
    prior: Prior,
    grid: Grid,
) -> Durations:
    """Mean, effects and spreads, each patient's type held at `chance`.

    Parameters
    ----------
    typed : array (n, durations, shapes, amplitudes)
        `by_type` of the patients' spells.
    chance : array (patients, shapes, amplitudes)
    first : array (patients,)
        Each patient's first spell.
    """
    owner = np.repeat(np.arange(len(first)), np.diff(first, append=len(typed)))
    weighted = typed * chance[owner].astype(np.float32)[:, None]
    sudden = weighted[:, :, SUDDEN].sum(axis=-1)
    usual = weighted.sum(axis=(2, 3)) - sudden
    problem = _SpreadProblem(np.maximum(usual, 0), sudden, groups, first, prior, grid)
    start = np.array(
        [
            durations.mean,
            *durations.effects,
            np.log(durations.between),
            np.log(durations.within),
            np.log(durations.sudden),
        ]
    )
    found = minimize(
        problem.loss, start, jac=True, method="L-BFGS-B", bounds=_BOUNDS,
        options={"maxiter": 40, "ftol": 1e-9},
    )  # fmt: skip
    mean, one, two = (float(value) for value in found.x[:3])
    between, within, sudden = (float(value) for value in np.exp(found.x[3:]))
    return Durations(mean, (one, two), between, within, sudden, durations.types)


@dataclass(frozen=True)
class _SpreadProblem:
    """Negative log posterior of (mean, effects, log between, log within)."""

    usual: Floats32
    sudden: Floats32
    groups: Groups
    first: Ints
    prior: Prior
    grid: Grid

    def loss(self, theta: Floats) -> tuple[float, Floats]:
        mean, effects = theta[0], theta[1:3]
        between, within, further = np.exp(theta[3:])
        nodes, weights = effect_grid()
        wide = float(np.hypot(within, further))
        shape = (len(self.usual), N_EFFECTS)
        value, by_centre = np.empty(shape), np.empty(shape)
        by_within, by_further = np.empty(shape), np.empty(shape)
        x = np.empty((len(self.usual), 2))
        for covariate, rows, usual_of, sudden_of in self._members:
            centre = mean + covariate @ effects + between * nodes
            usual = self._moments(usual_of, centre, within)
            sudden = self._moments(sudden_of, centre, wide)
            total = usual[0] + sudden[0] + _TINY
            value[rows] = np.log(total)
            by_centre[rows] = (usual[1] + sudden[1]) / total
            share = (within / wide) ** 2
            by_within[rows] = (usual[2] + share * sudden[2]) / total
            by_further[rows] = (1 - share) * sudden[2] / total
            x[rows] = covariate
        log_likelihood, weight = self._over_effects(value, weights)
        slope = (weight * by_centre).sum(axis=1)
        gradient = np.array(
            [
                slope.sum(),
                *(slope @ x),
                between * (weight * by_centre * nodes).sum(),
                (weight * by_within).sum(),
                (weight * by_further).sum(),
            ]
        )
        spread = np.array([self.prior.log_days_sd, *_BELIEF_SPREAD])
        off = (theta - self._belief()) / spread
        return -log_likelihood + 0.5 * float(off @ off), -gradient + off / spread

    @cached_property
    def _members(self) -> list[tuple[Floats, npt.NDArray[np.intp], Floats, Floats]]:
        """Covariates and rows of each group, with both likelihoods in 64 bits."""
        return [
            (
                value,
                rows,
                self.usual[rows].astype(np.float64),
                self.sudden[rows].astype(np.float64),
            )
            for value, rows in self.groups.members()
        ]

    def _over_effects(self, value: Floats, weights: Floats) -> tuple[float, Floats]:
        """Log likelihood of all patients, and each spell's chances of the effects."""
        patient = over_patients(value, self.first) + np.log(weights)
        top = patient.max(axis=1, keepdims=True)
        likely = np.exp(patient - top)
        total = likely.sum(axis=1, keepdims=True)
        spells = np.diff(self.first, append=len(self.usual))
        log_likelihood = float((np.log(total) + top).sum())
        return log_likelihood, np.repeat(likely / total, spells, axis=0)

    def _belief(self) -> Floats:
        prior = self.prior
        spreads = np.log([prior.between, prior.within, prior.sudden])
        return np.array([prior.log_days, 0, 0, *spreads])

    def _moments(
        self, likelihood: Floats, centre: Floats, spread: float
    ) -> tuple[Floats, Floats, Floats]:
        """Likelihood at each effect, and its slopes in centre and log spread."""
        t = self.grid.log_durations
        weight = kernel(self.grid, centre, spread)
        distance = t - centre[:, None]
        expected = (weight * distance).sum(axis=1)
        expected_square = (weight * distance**2).sum(axis=1)
        zero = likelihood @ weight.T
        one = likelihood @ (weight * distance).T
        two = likelihood @ (weight * distance**2).T
        slope = (one - zero * expected) / spread**2
        slope_spread = (two - zero * expected_square) / spread**2
        return zero, slope, slope_spread

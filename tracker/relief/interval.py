"""How long relief lasts when its end is only known to lie between two days."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import LinAlgError, cholesky
from scipy.optimize import nnls

from tracker.relief.panel import Bools, Floats, Ints, sums
from tracker.relief.spells import LOST
from tracker.relief.survival import _RESPONDED, Weights, _check_spells

# EM rids the start of its shape quickly; what it leaves over, it leaves for long.
_EM_STEPS = 5
_MOST_STEPS = 500
_BLIND_STEPS = 20
_MOST_HALVINGS = 40
# A step must keep this share of the gain its slope promises (Armijo's rule).
_KEPT_GAIN = 1 / 3
# A log-likelihood is known to this share of the sum of weights.
_ROUNDING = 1e-14
# Relative to the diagonal: enough for Cholesky, too little to move the step.
_RIDGE = 1e-13


@dataclass(frozen=True)
class IntervalCurve:
    """Estimate of `npmle`: shares of durations, and the cells they lie in.

    Attributes
    ----------
    left, right : ndarray of float, days, increasing
        Cells (left, right]; the last `right` may be inf. Where in its cell a
        mass lies, the data cannot say.
    mass : ndarray of float
        Share of the durations in each cell, above 0; they add to 1.
    log_likelihood : float
    gap : float
        `log_likelihood` is at most `gap` times the sum of weights below the
        largest there is.
    iterations : int
        Steps after the first few of EM.

    Without a single interval the arrays are empty and the numbers 0.
    """

    left: Floats
    right: Floats
    mass: Floats
    log_likelihood: float
    gap: float
    iterations: int

    def survival(self, days: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Least and largest share of durations beyond each day.

        Parameters
        ----------
        days : array_like of float

        Returns
        -------
        low, high : ndarray of float, the shape of `days`
            They differ inside a cell: `low` has its mass already gone, `high`
            has it still to go. NaN without a single interval.

        Raises
        ------
        ValueError
            A day is not a number.
        """
        day = np.asarray(days, np.float64)
        if np.isnan(day).any():
            raise ValueError("days must be numbers, was nan")
        if not len(self.mass):
            return np.full(day.shape, np.nan), np.full(day.shape, np.nan)
        beyond = np.append(np.cumsum(self.mass[::-1])[::-1], 0.0)
        # The masses add to 1 but for rounding.
        beyond /= beyond[0]
        low: Floats = beyond[np.searchsorted(self.left, day, "left")]
        high: Floats = beyond[np.searchsorted(self.right, day, "right")]
        return low, high


@dataclass(frozen=True)
class _Ranges:
    """Distinct intervals as the first and last cell each holds, with weights."""

    first: Ints
    last: Ints
    weight: Floats
    n_cells: int

    def shares(self, mass: Floats) -> Floats:
        """Mass in each range."""
        # Sums, not differences of running sums: small shares keep their digits.
        edges = np.stack((self.first, self.last + 1), 1).ravel()
        return np.add.reduceat(np.append(mass, 0.0), edges)[::2]

    def slopes(self, per_range: Floats) -> Floats:
        """Sum over the ranges that hold each cell."""
        size = self.n_cells + 1
        begun = sums(self.first, per_range, size)
        held: Floats = np.cumsum(begun - sums(self.last + 1, per_range, size))[:-1]
        return held

    def within(self, cells: Ints) -> "_Ranges":
        """The same ranges over some of the cells."""
        return _Ranges(
            first=np.searchsorted(cells, self.first),
            last=np.searchsorted(cells, self.last, "right") - 1,
            weight=self.weight,
            n_cells=len(cells),
        )

    def shared(self, per_range: Floats) -> Floats:
        """Sum over the ranges that hold both cells, for each pair of cells."""
        n = self.n_cells
        table = sums(self.first * n + self.last, per_range, n * n)
        # To hold j <= l is to begin at j or before and to end at l or after.
        begun = np.cumsum(table.reshape(n, n), axis=0)
        held = np.triu(np.cumsum(begun[:, ::-1], axis=1)[:, ::-1])
        both: Floats = held + np.triu(held, 1).T
        return both


@dataclass(frozen=True)
class _Found:
    mass: Floats
    gap: float
    iterations: int


def npmle(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    tol: float = 1e-10,
) -> IntervalCurve:
    """Distribution of durations each known only to lie in (lower, upper].

    Parameters
    ----------
    lower, upper : array_like of float, days, 0 <= lower < upper
        `upper` is inf where the end was not seen (right-censored); a duration
        of exactly t whole days is (t - 1, t].
    weights : array_like of float, 0 or more, optional
        How often each interval counts. None counts each once.
    tol : float, above 0
        Largest `gap` to stop at.

    Returns
    -------
    IntervalCurve

    Raises
    ------
    ValueError
        The shapes differ, a value breaks its rule, or `tol` is not above 0.

    Notes
    -----
    The nonparametric maximum likelihood of Turnbull (1976, J R Stat Soc B
    38:290), which is Kaplan-Meier's where each end is known to the day or not
    at all. Mass can lie only in the maximal intersections of the intervals. As
    every cell begins some interval, the masses are unique.

    Five EM steps, then the constrained Newton method of Wang (2007, J R Stat
    Soc B 69:185): the quadratic approximation of the log-likelihood is maximised
    over the simplex as non-negative least squares (Dax 1990, J Optim Theory Appl
    64:429, has the row of ones), and the step halved until the log-likelihood gains.

    By concavity no distribution is likelier by more than the largest slope,
    max_j sum_i w_i A_ij / P_i, less the sum of weights (Gentleman & Geyer 1994,
    Biometrika 81:618): `gap` is that excess over the sum of weights. If
    rounding forbids `tol`, the best estimate comes back with its own, larger gap.

    The time goes with the number of cells, at most one a day for whole days, not
    with the number of intervals. Intervals censored by infusions given because
    relief fades bias this estimate as they do Kaplan-Meier's.
    """
    low, high, weight = _read(lower, upper, weights)
    if not tol > 0:
        raise ValueError(f"tol must be above 0, was {tol!r}")
    if not len(low):
        return IntervalCurve(low, low, low, 0.0, 0.0, 0)
    left, right, ranges = _collapse(low, high, weight)
    found = _maximise(ranges, tol)
    has_mass = found.mass > 0
    return IntervalCurve(
        left=left[has_mass],
        right=right[has_mass],
        mass=found.mass[has_mass],
        log_likelihood=float(ranges.weight @ np.log(ranges.shares(found.mass))),
        gap=found.gap,
        iterations=found.iterations,
    )


def spells_npmle(
    spells: pd.DataFrame, weights: Weights = "infusion", tol: float = 1e-10
) -> IntervalCurve:
    """`npmle` of how long relief lasted, among spells where it began.

    Parameters
    ----------
    spells : DataFrame
        As `find_spells` returns it, of one criteria_version. A lost spell is
        (lower, upper]; any other in which relief began is (confirmable, inf).
    weights : "infusion" or "patient"
        As for `kaplan_meier`.
    tol : float, above 0
        As for `npmle`.

    Returns
    -------
    IntervalCurve

    Raises
    ------
    ValueError
        As for `kaplan_meier` and `npmle`.

    Notes
    -----
    Kaplan-Meier's `upper` dates a loss to the first bad day logged; this uses
    the days without a score as what they are, days on which it may have been.
    """
    if weights not in ("infusion", "patient"):
        raise ValueError(f"weights must be infusion or patient, was {weights!r}")
    _check_spells(spells)
    begun = spells[spells["status"].isin(_RESPONDED)]
    lost = (begun["status"] == LOST).to_numpy(np.bool_)
    weight = np.ones(len(begun))
    if weights == "patient":
        patient, _ = pd.factorize(begun["patient_id"])
        weight = 1 / np.bincount(patient)[patient]
    return npmle(
        np.where(lost, begun["lower"], begun["confirmable"]),
        np.where(lost, begun["upper"], np.inf),
        weight,
        tol,
    )


def _read(
    lower: npt.ArrayLike, upper: npt.ArrayLike, weights: npt.ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    """The intervals that count for something, checked."""
    low, high = np.asarray(lower, np.float64), np.asarray(upper, np.float64)
    weight = np.ones(low.shape) if weights is None else np.asarray(weights, np.float64)
    if low.ndim != 1 or low.shape != high.shape or low.shape != weight.shape:
        raise ValueError(
            "lower, upper and weights must be lists of one length, "
            f"were {low.shape}, {high.shape} and {weight.shape}"
        )
    _refuse(~((low >= 0) & np.isfinite(low)), low, "lower must be finite and 0 or more")
    _refuse(~(high > low), high, "upper must be above lower")
    _refuse(
        ~((weight >= 0) & np.isfinite(weight)),
        weight,
        "weights must be finite and 0 or more",
    )
    counts = weight > 0
    return low[counts], high[counts], weight[counts]


def _refuse(broken: Bools, values: Floats, rule: str) -> None:
    if broken.any():
        raise ValueError(f"{rule}, was {values[broken][0]}")


def _collapse(
    lower: Floats, upper: Floats, weight: Floats
) -> tuple[Floats, Floats, _Ranges]:
    """Left and right ends of the cells, and the intervals in terms of them."""
    # Hashing: days repeat so often that sorting them all would take longest.
    lower_code, lowers = pd.factorize(lower)
    upper_code, uppers = pd.factorize(upper)
    left, right = _cells(np.sort(lowers), np.sort(uppers))
    first = np.searchsorted(left, lowers)[lower_code]
    last = (np.searchsorted(right, uppers, "right") - 1)[upper_code]
    code, distinct = pd.factorize(first * len(left) + last)
    ranges = _Ranges(
        first=distinct // len(left),
        last=distinct % len(left),
        weight=sums(code, weight, len(distinct)),
        n_cells=len(left),
    )
    return left, right, ranges


def _cells(lowers: Floats, uppers: Floats) -> tuple[Floats, Floats]:
    """Maximal intersections: a lower end with an upper end next after it."""
    next_upper = uppers[np.searchsorted(uppers, lowers, "right")]
    next_lower = np.append(lowers[1:], np.inf)
    is_cell = next_lower >= next_upper
    return lowers[is_cell], next_upper[is_cell]


def _maximise(ranges: _Ranges, tol: float) -> _Found:
    """The masses of least gap."""
    total = ranges.weight.sum()
    mass = np.full(ranges.n_cells, 1 / ranges.n_cells)
    for _ in range(_EM_STEPS):
        mass *= ranges.slopes(ranges.weight / ranges.shares(mass)) / total
    best = _Found(mass / mass.sum(), np.inf, 0)
    mass = best.mass
    patience = _MOST_STEPS
    for iteration in range(_MOST_STEPS):
        shares = ranges.shares(mass)
        slopes = ranges.slopes(ranges.weight / shares)
        gap = max(float(slopes.max() / total - 1), 0.0)
        if gap < best.gap:
            best = _Found(mass, gap, iteration)
        if gap <= tol or iteration - best.iterations > patience:
            break
        aim = _newton(ranges, mass, shares, slopes)
        # The changes add to 0, so that the sum of weights may be taken off.
        promised = float((slopes - total) @ (aim - mass))
        # Below rounding only the gap can tell whether steps still help.
        patience = _MOST_STEPS if promised > _ROUNDING * total else _BLIND_STEPS
        step = _step(ranges, shares, ranges.shares(aim), promised)
        if not step:
            break
        # At a whole step, masses the aim gives up become exactly 0.
        mass = aim if step == 1 else mass + step * (aim - mass)
    return best


def _newton(ranges: _Ranges, mass: Floats, shares: Floats, slopes: Floats) -> Floats:
    """The masses that maximise the log-likelihood's quadratic approximation.

    That is to minimise sum_i w_i (sum_j S_ij p_j - 2)^2 with S = A / P over the
    simplex, on cells that have mass or whose slope peaks above the others'.
    """
    total = ranges.weight.sum()
    cells = np.flatnonzero((mass > 0) | _peaks(slopes, total))
    slope = slopes[cells] / total
    gram = ranges.within(cells).shared(ranges.weight / shares**2) / total
    # As the p_j add to 1, the 2 goes into the matrix: (S - 2)'W(S - 2).
    gram += 4 - 2 * (slope[:, None] + slope)
    matrix = np.vstack((_root(gram), np.ones(len(cells))))
    found, _ = nnls(matrix, np.append(np.zeros(len(cells)), 1.0), maxiter=10_000)
    aim = np.zeros(len(mass))
    aim[cells] = found / found.sum()
    return aim


def _peaks(slopes: Floats, total: float) -> Bools:
    """Cells that would take mass: a slope no lower than either neighbour's."""
    padded = np.pad(slopes, 1, constant_values=-np.inf)
    neighbours = np.maximum(padded[:-2], padded[2:])
    peaks: Bools = (slopes > total) & (slopes >= neighbours)
    return peaks


def _root(gram: Floats) -> Floats:
    """Upper triangle R with R'R = gram, but for a ridge where rounding asks it."""
    ridge = 0.0
    while True:
        try:
            return cholesky(gram + ridge * np.diag(np.diag(gram)))
        except LinAlgError:
            ridge = max(10 * ridge, _RIDGE)


def _step(ranges: _Ranges, shares: Floats, aim: Floats, promised: float) -> float:
    """How far to go towards the aim, 0 if no step gains."""
    change = aim / shares - 1
    noise = _ROUNDING * ranges.weight.sum()
    # A whole step must not take all mass from an interval.
    step = 1.0 if aim.min() > 0 else 0.5
    for _ in range(_MOST_HALVINGS):
        gain = ranges.weight @ np.log1p(step * change)
        if gain >= _KEPT_GAIN * step * promised - noise:
            return step
        step /= 2
    return 0.0

"""How well each curve of the grid explains the logged days of each spell."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.relief.curves import DAYS, Floats32, Grid
from tracker.relief.panel import Floats, Ints, Panel

# Degrees of freedom of the weights that keep flares from deciding.
OUTLIER_DF = 6.0
CHUNK = 512
# Rows whose products with all curves stay in the cache.
_BLOCK = 64


@dataclass(frozen=True)
class Logs:
    """Logged days 1 to DAYS of n spells, zero where nothing is logged.

    `logged` and `weight` (n, DAYS) are 1 and the outlier weight on logged days;
    `improvement` (n, DAYS) is 1 - burden / baseline.
    """

    logged: Floats32
    weight: Floats32
    improvement: Floats32

    def rows(self, which: npt.NDArray[np.intp] | slice) -> "Logs":
        return Logs(self.logged[which], self.weight[which], self.improvement[which])


@dataclass(frozen=True)
class Evidence:
    """`log_likelihood` (n, nodes), up to a constant of the spell.

    The offset of a spell from its baseline has mean `offset_mean` (n, nodes) and
    variance `offset_var` (n,) given the node.
    """

    log_likelihood: Floats32
    offset_mean: Floats32
    offset_var: Floats


def read_logs(
    panel: Panel,
    first: Ints,
    end: Ints,
    day_zero: Ints,
    baseline: Floats,
    deviation: Floats,
) -> Logs:
    """Day matrices of n spells, whose panel rows are [first, end).

    Parameters
    ----------
    baseline : array (n,), points
    deviation : array (n,)
        Standard deviation of a day, as a share of the baseline.
    """
    n = len(first)
    count = end - first
    owner = np.repeat(np.arange(n), count)
    row = np.arange(len(owner)) + np.repeat(first - (np.cumsum(count) - count), count)
    day = panel.key[row] - day_zero[owner]
    value = 1 - panel.burden[row] / baseline[owner]
    middle = _running_median(value, owner, np.cumsum(count) - count, count)
    z = (value - middle) / deviation[owner]
    weight = np.minimum(1.0, (OUTLIER_DF + 1) / (OUTLIER_DF + z**2))
    near = day <= DAYS
    place = (owner[near], day[near] - 1)
    logs = Logs(*(np.zeros((n, DAYS), np.float32) for _ in range(3)))
    logs.logged[place] = 1
    logs.weight[place] = weight[near]
    logs.improvement[place] = value[near]
    return logs


def _running_median(value: Floats, owner: Ints, first: Ints, count: Ints) -> Floats:
    """Median of the five logs of a spell around each one, ends repeated."""
    if not len(value):
        return value
    place = np.arange(len(value))
    low, high = first[owner], (first + count - 1)[owner]
    around = [np.clip(place + shift, low, high) for shift in range(-2, 3)]
    middle: Floats = np.median(value[np.stack(around)], axis=0)
    return middle


def weigh(
    logs: Logs,
    grid: Grid,
    correlation: float,
    variance: Floats,
    offset_mean: Floats,
    offset_var: Floats,
) -> Evidence:
    """Likelihood of every node for n spells, the spell's offset integrated out.

    Parameters
    ----------
    correlation : float
        Of neighbouring days.
    variance : array (n,)
        Of one day, as a squared share of the baseline.
    offset_mean, offset_var : arrays (n,)
        Normal prior of how far the spell lies from the baseline, in shares.

    Notes
    -----
    improvement = curve - offset + e, where e is a first-order autoregression on
    days that follow each other and starts afresh after a hole. Everything is a
    product of day matrices with the curves and their squares.
    """
    phi = np.float32(correlation)
    fresh = np.float32(1 - correlation**2)
    innovation = (variance * (1 - correlation**2))[:, None].astype(np.float32)
    shift = offset_mean[:, None].astype(np.float32)
    r = (logs.improvement + shift) * logs.logged
    before = _later(r)
    linked = logs.logged * _later(logs.logged)
    pair = linked * np.sqrt(logs.weight * _later(logs.weight))
    single = (logs.logged - linked) * logs.weight
    step = pair * (r - phi * before)
    next_pair = _earlier(pair)
    linear = step - phi * _earlier(step) + fresh * single * r
    quadratic = pair + phi**2 * next_pair + fresh * single
    lean = (1 - phi) * (pair - phi * next_pair) + fresh * single
    constant = (step * (r - phi * before) + fresh * single * r * r).sum(1)
    pulled = ((1 - phi) * step + fresh * single * r).sum(1)
    stiff = (1 - phi) ** 2 * pair.sum(1) + fresh * single.sum(1)
    known = 1 + offset_var * stiff / innovation[:, 0]
    left = (offset_var / known)[:, None].astype(np.float32)
    sharpness = 0.5 * np.log(known)[:, None].astype(np.float32)
    log_likelihood = np.empty((len(r), grid.n_nodes), np.float32)
    offset = np.empty_like(log_likelihood)
    for rows, days in _by_length(logs.logged):
        curves = grid.curves[:, :days]
        misfit = _product(quadratic[rows, :days], grid.squares[:, :days])
        misfit -= (2 * phi) * _product(pair[rows, :days], grid.neighbours[:, :days])
        misfit -= 2 * _product(linear[rows, :days], curves)
        pull = pulled[rows, None] - _product(lean[rows, :days], curves)
        pull /= innovation[rows]
        misfit += constant[rows, None]
        misfit /= -2 * innovation[rows]
        misfit += 0.5 * left[rows] * pull**2
        misfit -= sharpness[rows]
        log_likelihood[rows] = misfit
        offset[rows] = shift[rows] - left[rows] * pull
    return Evidence(
        log_likelihood=log_likelihood,
        offset_mean=offset,
        offset_var=left[:, 0].astype(np.float64),
    )


def _by_length(logged: Floats32) -> Iterator[tuple[npt.NDArray[np.intp], int]]:
    """Some rows at a time, and how many days they reach: short spells cost less."""
    last = DAYS - np.argmax(logged[:, ::-1] > 0, axis=1)
    order = np.argsort(last, kind="stable")
    for first in range(0, len(order), _BLOCK):
        rows = order[first : first + _BLOCK]
        yield rows, int(last[rows].max(initial=1))


def _product(left: Floats32, right: Floats32) -> Floats32:
    """`left` (n, days) times `right` (nodes, days) turned, always `_BLOCK` rows high.

    How a row is rounded hangs on how many stand beside it, and a draw at the edge of
    two curves would fall to the one or the other by who else is forecast.
    """
    block = np.zeros((_BLOCK, left.shape[1]), np.float32)
    block[: len(left)] = left
    product: Floats32 = (block @ right.T)[: len(left)]
    return product


def _later(days: Floats32) -> Floats32:
    """Each day's value moved to the day after it."""
    moved = np.zeros_like(days)
    moved[:, 1:] = days[:, :-1]
    return moved


def _earlier(days: Floats32) -> Floats32:
    """Each day's value moved to the day before it."""
    moved = np.zeros_like(days)
    moved[:, :-1] = days[:, 1:]
    return moved

"""How long relief lasts in a group: Kaplan-Meier with limits clustered by patient."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from tracker.relief.panel import Bools, Floats, Ints, sums
from tracker.relief.spells import CUT_BY_INFUSION, CUT_BY_SILENCE, HOLDING, LOST

# Whether each infusion counts once, or each patient.
Weights: TypeAlias = Literal["infusion", "patient"]

_RESPONDED = (LOST, HOLDING, CUT_BY_INFUSION, CUT_BY_SILENCE)
_CELLS_AT_ONCE = 2_000_000
# Weighted sums that should reach a half may miss it in the last bit.
_ROUNDING = 1e-12


class Median(NamedTuple):
    """Median days of relief with its confidence limits, NaN where not reached."""

    estimate: float
    lower: float
    upper: float


class ProductLimit(NamedTuple):
    """Sums of weights followed, lost and censored on each day, and the survival."""

    at_risk: Floats
    events: Floats
    censored: Floats
    survival: Floats


@dataclass(frozen=True)
class _Durations:
    """One row a spell: whole days, whether the loss was seen, patient, weight."""

    day: Ints
    lost: Bools
    cluster: Ints
    weight: Floats


def kaplan_meier(
    spells: pd.DataFrame,
    weights: Weights = "infusion",
    conf: float = 0.95,
    *,
    pending_is_loss: bool = False,
) -> pd.DataFrame:
    """Share of spells still in relief by day, among those where relief began.

    Parameters
    ----------
    spells : DataFrame
        As `find_spells` returns it, of one criteria_version. Spells without an
        onset are left out.
    weights : "infusion" or "patient"
        "infusion" counts each spell once; "patient" gives each patient's spells
        a weight of 1 together. They estimate different things: say which.
    conf : float in (0, 1)
        Level of the pointwise limits.
    pending_is_loss : bool
        Count a spell that was cut while scores were below the threshold as lost
        on the first day it can have been, the day after `lower`.

    Returns
    -------
    DataFrame, one row a day from 0 to the longest duration
        day (int); at_risk (sum of weights still followed on that day), events,
        censored (sums of weights, after the events of the day); survival;
        lower, upper (limits; 1 while nothing was lost, NaN where the curve is
        0 or cannot be judged).

    Raises
    ------
    ValueError
        `weights` or `conf` is not allowed, a column is missing, or the spells
        mix criteria versions.

    Notes
    -----
    Kaplan & Meier (1958, J Am Stat Assoc 53:457) on `upper` where lost, else
    censored at `confirmable`. Limits are log-log, on the infinitesimal jackknife
    variance clustered by patient (Efron 1982, The Jackknife, the Bootstrap and
    Other Resampling Plans, SIAM): spells of one patient are alike, and
    Greenwood's formula then reads far too narrow. A single patient's spells
    are taken as independent. Boosters are often given because relief is fading;
    censoring there makes the curve read too long (see `bounds`).
    """
    durations = _durations(spells, weights, pending_is_loss)
    level = _level(conf)
    weight = None if weights == "infusion" else durations.weight
    curve = product_limit(durations.day, durations.lost, weight)
    variance = _variance(durations, curve)
    lower, upper = _limits(curve.survival, variance, level)
    anybody = len(durations.day) > 0
    return pd.DataFrame(
        {
            "day": np.arange(len(curve.survival)),
            "at_risk": curve.at_risk,
            "events": curve.events,
            "censored": curve.censored,
            "survival": curve.survival,
            "lower": lower if anybody else np.nan,
            "upper": upper if anybody else np.nan,
        }
    )


def product_limit(day: Ints, lost: Bools, weight: Floats | None = None) -> ProductLimit:
    """Kaplan-Meier estimate of whole days, without limits.

    Parameters
    ----------
    day : ndarray of int, at least 0
        Days to the loss, or to where it is known to be still to come.
    lost : ndarray of bool
        Whether the loss was seen.
    weight : ndarray of float, optional
        1 each when left out.

    Returns
    -------
    ProductLimit
        Arrays of one value a day, from 0 to the longest duration.

    Raises
    ------
    ValueError
        A day is negative.

    Notes
    -----
    Kaplan & Meier (1958, J Am Stat Assoc 53:457). Days are counted, not sorted.
    """
    if len(day) and day.min() < 0:
        raise ValueError(f"day must be 0 or more, was {day.min()}")
    horizon = int(day.max(initial=0)) + 1
    # One pass over pairs (day, lost).
    pair = day + day
    pair += lost
    censored, events = (
        np.bincount(pair, weight, 2 * horizon).astype(np.float64).reshape(-1, 2).T
    )
    at_risk = _from_the_end(censored + events)
    stays = at_risk - events
    kept = np.divide(stays, at_risk, out=np.ones(horizon), where=at_risk > 0)
    survival: Floats = np.cumprod(kept, dtype=np.float64)
    return ProductLimit(at_risk, events, censored, survival)


def bounds(spells: pd.DataFrame, weights: Weights = "infusion") -> pd.DataFrame:
    """Two readings of the share still in relief, as boosters are informative.

    Parameters
    ----------
    spells, weights
        As for `kaplan_meier`.

    Returns
    -------
    DataFrame, one row a day
        day (int), low, high (share still in relief): the smaller and larger of
        the two curves, with a pending loss counted as a loss and censored.

    Raises
    ------
    ValueError
        As for `kaplan_meier`.

    Notes
    -----
    The band has no confidence limits: it shows what a booster hides, not how few
    the data are. Nor is it a strict bound: a booster given before any score has
    fallen leaves no trace, and in simulated clinics with boosters on request
    even the low curve was often some percent too long.
    """
    censored = kaplan_meier(spells, weights)
    counted = kaplan_meier(spells, weights, pending_is_loss=True)
    horizon = max(len(censored), len(counted))
    curves = np.stack([_held(curve, horizon) for curve in (censored, counted)])
    return pd.DataFrame(
        {
            "day": np.arange(horizon),
            "low": curves.min(axis=0),
            "high": curves.max(axis=0),
        }
    )


def median(curve: pd.DataFrame) -> Median:
    """First day on which at most half are still in relief.

    Parameters
    ----------
    curve : DataFrame
        As `kaplan_meier` returns it.

    Returns
    -------
    Median
        estimate, and the days on which the lower and the upper limit reach a
        half (Brookmeyer & Crowley 1982, Biometrics 38:29), all in days.
    """
    return Median(*(_first_at_half(curve, c) for c in ("survival", "lower", "upper")))


def numbers_at_risk(curve: pd.DataFrame, days: npt.ArrayLike) -> pd.Series:
    """Weight still followed on some days, for the row below a chart.

    Parameters
    ----------
    curve : DataFrame
        As `kaplan_meier` returns it.
    days : array_like of int, at least 0

    Returns
    -------
    Series of float, indexed by day
        0 beyond the end of the curve.

    Raises
    ------
    ValueError
        A day is negative.
    """
    index = pd.Index(np.asarray(days, np.int64).ravel(), name="day")
    if len(index) and index.min() < 0:
        raise ValueError(f"days must be 0 or more, was {index.min()}")
    return curve.set_index("day")["at_risk"].reindex(index, fill_value=0.0)


def _durations(
    spells: pd.DataFrame, weights: Weights, pending_is_loss: bool
) -> _Durations:
    if weights not in ("infusion", "patient"):
        raise ValueError(f"weights must be infusion or patient, was {weights!r}")
    _check_spells(spells)
    responded = spells[spells["status"].isin(_RESPONDED)]
    lost = (responded["status"] == LOST).to_numpy(np.bool_)
    day = responded["confirmable"].to_numpy(np.float64, copy=True)
    day[lost] = responded["upper"].to_numpy(np.float64)[lost]
    if pending_is_loss:
        pending = ~lost & (responded["pending"] > 0).to_numpy(np.bool_)
        day[pending] = responded["lower"].to_numpy(np.float64)[pending] + 1
        lost = lost | pending
    cluster, _ = pd.factorize(responded["patient_id"])
    weight = np.ones(len(day))
    if weights == "patient":
        weight = 1 / np.bincount(cluster)[cluster]
    return _Durations(day.astype(np.int64), lost, cluster.astype(np.int64), weight)


def _check_spells(spells: pd.DataFrame) -> None:
    needed = ("patient_id", "status", "lower", "upper", "confirmable", "pending")
    for column in needed:
        if column not in spells.columns:
            raise ValueError(f"spells must have the column {column}, it is missing")
    if "criteria_version" not in spells.columns:
        return
    versions = spells["criteria_version"].unique()
    if len(versions) > 1:
        mixed = ", ".join(sorted(map(str, versions)))
        raise ValueError(f"spells must share one criteria_version, was {mixed}")


def _level(conf: float) -> float:
    """Normal quantile of a two-sided level."""
    if not 0 < conf < 1:
        raise ValueError(f"conf must lie in (0, 1), was {conf!r}")
    return float(ndtri((1 + conf) / 2))


def _from_the_end(values: Floats) -> Floats:
    """Sums of each value and all after it, along the last axis."""
    return np.cumsum(values[..., ::-1], axis=-1)[..., ::-1]


def _variance(durations: _Durations, curve: ProductLimit) -> Floats:
    """Variance of log survival, by the infinitesimal jackknife.

    A patient's influence on minus the log of the survival at t is the sum to t
    of dN_i / (Y - d) - Y_i d / (Y (Y - d)), with Y at risk and d lost in all,
    Y_i and dN_i the patient's own. Patients are taken some at a time, to bound
    the memory of the patients x days table.
    """
    at_risk, events = curve.at_risk, curve.events
    horizon, stays = len(at_risk), at_risk - events
    per_loss = np.divide(1, stays, out=np.zeros(horizon), where=stays > 0)
    per_day = np.divide(events, at_risk, out=np.zeros(horizon), where=at_risk > 0)
    per_day *= per_loss
    cluster = durations.cluster
    if not cluster.any():
        # One patient: infusions are the units, as there is nothing else.
        cluster = np.arange(len(cluster))
    order = np.argsort(cluster, kind="stable")
    variance = np.zeros(horizon)
    step = max(_CELLS_AT_ONCE // horizon, 1)
    for first in range(0, int(cluster.max(initial=-1)) + 1, step):
        some = order[slice(*np.searchsorted(cluster[order], (first, first + step)))]
        leaving, lost = _tables(durations, cluster[some] - first, some, horizon)
        influence = np.cumsum(
            lost * per_loss - _from_the_end(leaving) * per_day, axis=1
        )
        variance += (influence**2).sum(axis=0)
    return variance


def _tables(
    durations: _Durations, unit: Ints, some: Ints, horizon: int
) -> tuple[Floats, Floats]:
    """Weights of some spells by unit and day: all that end, and those lost."""
    cell = unit * horizon + durations.day[some]
    weight, lost = durations.weight[some], durations.lost[some]
    shape = (int(unit.max()) + 1, horizon)
    size = shape[0] * horizon
    leaving = sums(cell, weight, size).reshape(shape)
    return leaving, sums(cell[lost], weight[lost], size).reshape(shape)


def _limits(survival: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Log-log limits of a survival curve from the variance of its log."""
    log = np.full(len(survival), np.nan)
    inside = (survival > 0) & (survival < 1)
    log[inside] = -np.log(survival[inside])
    spread = level * np.sqrt(variance) / log
    lower = np.exp(-log * np.exp(spread))
    upper = np.exp(-log * np.exp(-spread))
    lower[survival == 1] = upper[survival == 1] = 1.0
    return lower, upper


def _held(curve: pd.DataFrame, horizon: int) -> Floats:
    """The survival of a curve, held at its last value up to the horizon."""
    survival = curve["survival"].to_numpy(np.float64)
    return np.pad(survival, (0, horizon - len(survival)), mode="edge")


def _first_at_half(curve: pd.DataFrame, column: str) -> float:
    reached = curve.loc[curve[column] <= 0.5 + _ROUNDING, "day"]
    return float(reached.iloc[0]) if len(reached) else float("nan")

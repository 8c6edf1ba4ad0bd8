"""How long relief lasts in one group beside another: by dose, route, phase, condition."""

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tracker.relief.panel import sums
from tracker.relief.spells import CUT_BY_INFUSION, LOST
from tracker.relief.survival import (
    _RESPONDED,
    Weights,
    _Durations,
    _durations,
    _from_the_end,
    _level,
    bounds,
    kaplan_meier,
    median,
)

TOO_FEW_PATIENTS = "too_few_patients"
# Upper edges of the dose bands, mg/kg: 0.5 is the usual dose, and 1.0 the highest
# usual in a session of at most two hours.
DOSE_EDGES = (0.4, 0.6, 1.0)
# A series of three infusions or more is an induction, whenever it is given.
_INDUCTION_INFUSIONS = 3
_LAST_BOOSTER = 10
# Doses worked out from a weight may miss an edge in the last bit.
_DOSE_SLACK = 1e-9
# What a series that mixed agents cannot be compared by, as its columns are those of
# its last day; nor one with another treatment beside it, which may have helped.
_OF_ONE_AGENT = ("agent", "dose_band", "dose_mg", "mg_per_kg")
_NOT_OF_THE_DOSE = ("mixed_agents", "other_treatments")
# Columns behind the groups that are not columns themselves.
_NEEDED = {
    "dose_band": ("mg_per_kg",),
    "phase": ("series", "n_infusions"),
    "nth_booster": ("patient_id", "series", "n_infusions"),
}

_ESTIMATES = (
    "lost",
    "share_cut",
    "median",
    "median_lower",
    "median_upper",
    "median_low",
    "median_high",
    "restricted_mean",
    "restricted_mean_lower",
    "restricted_mean_upper",
    "restricted_mean_low",
    "restricted_mean_high",
)


class RestrictedMean(NamedTuple):
    """Mean days of relief up to a horizon with its limits, NaN where not known."""

    estimate: float
    lower: float
    upper: float
    standard_error: float


def restricted_mean(
    curve: pd.DataFrame,
    horizon: int,
    spells: pd.DataFrame | None = None,
    weights: Weights = "infusion",
    conf: float = 0.95,
) -> RestrictedMean:
    """Mean days of relief, counting none beyond a horizon.

    Parameters
    ----------
    curve : DataFrame
        As `kaplan_meier` returns it.
    horizon : int, days, at least 1
    spells : DataFrame, optional
        Those the curve was made of, for limits that know whose they are.
    weights : "infusion" or "patient"
        As the curve was made with.
    conf : float in (0, 1)
        Level of the limits. Without spells it must be that of the curve's.

    Returns
    -------
    RestrictedMean
        estimate, lower, upper, standard_error, in days. All NaN where the curve
        ends above 0 before the horizon, as the mean then depends on days nobody
        was followed on.

    Raises
    ------
    ValueError
        `horizon` is not 1 or more, or as for `kaplan_meier`.

    Notes
    -----
    The area under the curve (Irwin 1949, J Hyg 47:188): unlike the median it is
    known wherever the curve is.

    With spells, the variance is that of the infinitesimal jackknife clustered by
    patient, times n / (n - 1), and the limits are Student's with n - 1 degrees
    of freedom, n the number of patients. Without, it is the area of
    S(s) S(t) v(min(s, t)), with v the variance of log S that the curve's limits
    hold: Greenwood's where each patient has one spell, and an eighth too narrow
    in simulated clinics where a patient's eight spells were alike.
    """
    if horizon < 1:
        raise ValueError(f"horizon must be 1 or more, was {horizon!r}")
    level = _level(conf)
    estimate = _area(curve["survival"], horizon)
    if np.isnan(estimate) or curve["upper"].iloc[:1].isna().any():
        return RestrictedMean(*[np.nan] * 4)
    if spells is None:
        error = _error_of_curve(curve[:horizon], level)
    else:
        durations = _durations(spells, weights, pending_is_loss=False)
        error, n_units = _error_of_spells(durations, curve, horizon)
        level = float(stdtrit(n_units - 1, (1 + conf) / 2))
    limits = np.clip((estimate - level * error, estimate + level * error), 0, horizon)
    return RestrictedMean(estimate, float(limits[0]), float(limits[1]), error)


def compare(
    spells: pd.DataFrame,
    by: str | pd.Series,
    weights: Weights = "infusion",
    min_patients: int = 5,
    *,
    horizon: int = 60,
    conf: float = 0.95,
) -> pd.DataFrame:
    """How long relief lasts in each group, among spells where it began.

    Parameters
    ----------
    spells : DataFrame
        As `find_spells` returns it: all series of the patients, as they are
        counted for "phase" and "nth_booster".
    by : str or Series
        "dose_band" (mg/kg of the series' last day), "phase" (induction: the
        first series, and any of three infusions or more; booster: the others),
        "nth_booster" (place among the patient's boosters), or a column of
        `spells`, such as "route" or "agent". Or a Series of group by
        patient_id; a patient with several rows (conditions, say) counts in
        each of those groups.
    weights : "infusion" or "patient"
        As for `kaplan_meier`; with "patient", a weight of 1 in each group.
    min_patients : int, at least 1
        With fewer patients whose relief began, a group's numbers are withheld.
    horizon : int, days, at least 1
        Of the restricted mean.
    conf : float in (0, 1)
        Level of the limits.

    Returns
    -------
    DataFrame, one row a group, in the order of the groups
        group; n_patients, n_spells (int, those in which relief began); lost
        (spells); share_cut (of the spells, by the next infusion); median,
        median_lower, median_upper, restricted_mean, restricted_mean_lower,
        restricted_mean_upper (days, with limits); median_low, median_high,
        restricted_mean_low, restricted_mean_high (days, of the two curves of
        `bounds`); reason (str: empty, or too_few_patients, and then every
        number but the two counts is NaN). A number is NaN too where the curve
        does not reach a half, or the horizon.

        `attrs` has left_out (spells left out of a comparison of doses or
        agents as their series mixed agents or another treatment began), without_group (spells whose group
        is not known), horizon and weights.

    Raises
    ------
    ValueError
        A column is missing, an option breaks its rule, or as for
        `kaplan_meier`.

    Notes
    -----
    The groups were not drawn by lot: a higher dose goes to whom a lower one did
    not help for long, and the n-th booster to whom the others helped. Where
    share_cut differs between groups, so does the bias of their curves; look at
    low and high before the median. Doses of different routes are not alike:
    compare them within one. Limits do not allow for the number of groups.
    """
    if min_patients < 1:
        raise ValueError(f"min_patients must be 1 or more, was {min_patients!r}")
    if horizon < 1:
        raise ValueError(f"horizon must be 1 or more, was {horizon!r}")
    grouped = group_spells(spells, by)
    begun = grouped["status"].isin(_RESPONDED)
    mixed = pd.Series(False, grouped.index)
    if isinstance(by, str) and by in _OF_ONE_AGENT:
        for flag in _NOT_OF_THE_DOSE:
            if flag in grouped:
                mixed |= grouped[flag].astype(bool)
    known = grouped["group"].notna()
    rows = [
        _row(group, part, weights, min_patients, horizon, conf)
        for group, part in grouped[known & ~mixed].groupby("group", observed=True)
    ]
    names = ["group", "n_patients", "n_spells", *_ESTIMATES, "reason"]
    table = pd.DataFrame(rows, columns=names)
    table.attrs = {
        "left_out": int((begun & mixed).sum()),
        "without_group": int((begun & ~known & ~mixed).sum()),
        "horizon": horizon,
        "weights": weights,
    }
    return table


def _row(
    group: object,
    spells: pd.DataFrame,
    weights: Weights,
    min_patients: int,
    horizon: int,
    conf: float,
) -> dict[str, object]:
    """One row of `compare`."""
    begun = spells[spells["status"].isin(_RESPONDED)]
    row: dict[str, object] = {
        "group": group,
        "n_patients": begun["patient_id"].nunique(),
        "n_spells": len(begun),
        "reason": "",
    }
    if begun["patient_id"].nunique() < min_patients:
        return row | dict.fromkeys(_ESTIMATES, np.nan) | {"reason": TOO_FEW_PATIENTS}
    curve = kaplan_meier(begun, weights, conf)
    band = bounds(begun, weights)
    middle, mean = median(curve), restricted_mean(curve, horizon, begun, weights, conf)
    low, high = band["low"], band["high"]
    middles = median(band.assign(survival=low, lower=low, upper=high))
    return row | {
        "lost": float((begun["status"] == LOST).sum()),
        "share_cut": float((begun["status"] == CUT_BY_INFUSION).mean()),
        "median": middle.estimate,
        "median_lower": middle.lower,
        "median_upper": middle.upper,
        "median_low": middles.lower,
        "median_high": middles.upper,
        "restricted_mean": mean.estimate,
        "restricted_mean_lower": mean.lower,
        "restricted_mean_upper": mean.upper,
        "restricted_mean_low": _area(low, horizon),
        "restricted_mean_high": _area(high, horizon),
    }


def group_spells(spells: pd.DataFrame, by: str | pd.Series) -> pd.DataFrame:
    """The spells with their `group`, once for each group they are in; see `compare`."""
    spells = spells.reset_index(drop=True)
    if isinstance(by, pd.Series):
        groups = pd.DataFrame({"patient_id": by.index, "group": by.array})
        spells = spells.drop(columns="group", errors="ignore")
        return spells.merge(groups.drop_duplicates(), how="left", on="patient_id")
    for column in _NEEDED.get(by, (by,)):
        if column not in spells.columns:
            raise ValueError(
                f"to compare by {by!r}, spells must have the column {column}"
            )
    if by == "dose_band":
        return spells.assign(group=_dose_bands(spells["mg_per_kg"]))
    if by == "phase":
        words = np.where(_is_booster(spells), "booster", "induction")
        phases = pd.Categorical(words, ["induction", "booster"])
        return spells.assign(group=phases)
    if by == "nth_booster":
        return spells.assign(group=_nth_booster(spells))
    return spells.assign(group=spells[by])


def _dose_bands(mg_per_kg: pd.Series) -> pd.Series:
    """Band of each dose; its upper edge belongs to a band."""
    edges = [f"{edge:g}" for edge in DOSE_EDGES]
    between = [f"over {low} to {high} mg/kg" for low, high in itertools.pairwise(edges)]
    names = [f"up to {edges[0]} mg/kg", *between, f"over {edges[-1]} mg/kg"]
    ends = [-np.inf, *(edge + _DOSE_SLACK for edge in DOSE_EDGES), np.inf]
    return pd.cut(mg_per_kg, ends, labels=names)


def _is_booster(spells: pd.DataFrame) -> pd.Series:
    return (spells["series"] > 1) & (spells["n_infusions"] < _INDUCTION_INFUSIONS)


def _nth_booster(spells: pd.DataFrame) -> pd.Series:
    """Place of each booster among the patient's, missing for inductions."""
    in_order = spells.sort_values("series", kind="stable")
    booster = _is_booster(in_order)
    place = booster.astype(int).groupby(in_order["patient_id"]).cumsum()
    names = [*map(str, range(1, _LAST_BOOSTER)), f"{_LAST_BOOSTER} or later"]
    ends = [*range(_LAST_BOOSTER), np.inf]
    # Aligned with the spells by assign, whatever their order.
    return pd.cut(place.where(booster), ends, labels=names)


def _area(survival: pd.Series, horizon: int) -> float:
    """Days under a curve of whole days, NaN if it ends before the horizon."""
    ends_early = len(survival) < horizon and survival.iloc[-1] > 0
    return float("nan") if ends_early else float(survival.iloc[:horizon].sum())


def _error_of_spells(
    durations: _Durations, curve: pd.DataFrame, horizon: int
) -> tuple[float, int]:
    """Standard error of the area from each patient's influence, and how many."""
    at_risk, events = (curve[c].to_numpy(np.float64) for c in ("at_risk", "events"))
    survival = curve["survival"].to_numpy(np.float64, copy=True)
    survival[horizon:] = 0.0
    stays = at_risk - events
    # A loss on a day takes its share of all the area from that day on.
    per_loss = np.divide(
        _from_the_end(survival), stays, out=np.zeros(len(curve)), where=stays > 0
    )
    hazard = np.divide(events, at_risk, out=np.zeros(len(curve)), where=at_risk > 0)
    by_day = np.cumsum(per_loss * hazard)
    day, unit = durations.day, durations.cluster
    influence = durations.weight * (durations.lost * per_loss[day] - by_day[day])
    if not unit.any():
        # One patient: infusions are the units, as in the curve.
        unit = np.arange(len(unit))
    n_units = int(unit.max()) + 1
    if n_units == 1:
        return float("nan"), n_units
    squares = float((sums(unit, influence, n_units) ** 2).sum())
    return float(np.sqrt(squares * n_units / (n_units - 1))), n_units


def _error_of_curve(curve: pd.DataFrame, level: float) -> float:
    """Standard error of the area from the limits of the curve alone."""
    survival = curve["survival"].to_numpy(np.float64)
    inside = (survival > 0) & (survival < 1)
    log = -np.log(survival[inside])
    upper = -np.log(curve["upper"].to_numpy(np.float64)[inside])
    # The limits are log-log; one that is 1 to the last bit has no logarithm.
    ratio = log / np.maximum(upper, np.finfo(np.float64).tiny)
    deviation = np.zeros(len(survival))
    deviation[inside] = log * np.log(ratio) / level
    # Each day with itself, and twice with each later one.
    pairs = survival * (2 * _from_the_end(survival) - survival)
    return float(np.sqrt(pairs @ deviation**2))

"""Whether relief shortens or lengthens over a patient's series, and with the dose."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from tracker.relief.completed import Completed, complete
from tracker.relief.cycles import prepare
from tracker.relief.model import ReliefModel
from tracker.relief.panel import AsOf, Bools, Floats, Ints, sums
from tracker.relief.series import last_treatment
from tracker.relief.speech import ENGLISH, Speech
from tracker.relief.spells import Assessed, in_label_order

TOO_FEW_SPELLS = "too_few_spells"
TOO_FEW_PATIENTS = "too_few_patients"
# Fewer spells with relief than this show no direction.
LEAST_SPELLS = 3
LEAST_PATIENTS = 5
LEVEL = 0.8
# Belief about log durations from one series to the next, before there are data: a
# clinic's mean change, and how far its patients differ.
SLOPE_BELIEF, PATIENTS_DIFFER = 0.10, 0.05
A_TENTH_MG_PER_KG = 0.1

_COLUMNS = {
    "n_spells": "int64",
    "first_days": "float64",
    "last_days": "float64",
    "change_days": "float64",
    "low": "float64",
    "high": "float64",
    "p_shortening": "float64",
    "reason": "str",
}


def duration_trend(
    model: ReliefModel,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    as_of: AsOf = None,
) -> pd.DataFrame:
    """How relief changes from a patient's first series to the last.

    Parameters
    ----------
    diary, infusions, as_of
        As for `find_spells`.

    Returns
    -------
    DataFrame, one row a patient with a series, sorted by patient_id
        patient_id; n_spells (int, with relief); first_days, last_days (days relief
        typically lasts at the first and at the last of them); change_days, low, high
        (days between the two, with its 80 % interval); p_shortening (chance that
        relief shortens); reason (too_few_spells where there are fewer than three,
        and then the other numbers are NaN; else empty).
        `attrs` has slope, slope_low, slope_high: the clinic's change of the log
        duration by each series, with its 80 % interval.

    Raises
    ------
    ValueError
        As for `find_spells`.

    Notes
    -----
    Boosters given as relief fades hide long relief, and those given earlier and
    earlier look like tolerance. So the slope is that of durations completed by the
    joint model, with what the completion leaves open added to the sampling error
    (multiple imputation, Rubin 1987). Slopes are drawn towards the clinic's mean by
    their precision (random-effects meta-analysis, DerSimonian & Laird 1986,
    Control Clin Trials 7:177).
    """
    found = model.assess(diary, infusions, as_of)
    done = complete(model, prepare(found, model.noise, model.criteria.floor))
    number = found.series.number[done.rows].astype(np.float64)
    slopes = _Slopes.of(done, number, model.durations.within)
    mean, mean_var, between = _pooled(slopes)
    patients = np.unique(found.series.patient)
    table = _rows(slopes, patients, mean, between, found, infusions)
    reach = float(ndtri((1 + LEVEL) / 2)) * float(np.sqrt(mean_var))
    table.attrs = {"slope": mean, "slope_low": mean - reach, "slope_high": mean + reach}
    return table


class _Slopes(NamedTuple):
    """Of each patient with enough spells: slope of the log duration by series number."""

    patient: Ints
    slope: Floats
    variance: Floats
    centre: Floats
    first: Floats
    last: Floats
    n_spells: dict[int, int]

    @classmethod
    def of(cls, done: Completed, x: Floats, within: float) -> "_Slopes":
        log_days = np.log(np.maximum(done.days, 1))
        rows = []
        counts: dict[int, int] = {}
        for patient in np.unique(done.patient):
            own = np.flatnonzero(done.patient == patient)
            counts[int(patient)] = len(own)
            if len(own) < LEAST_SPELLS:
                continue
            about = x[own] - x[own].mean()
            square = float(about @ about)
            drawn = about @ log_days[own] / square
            variance = float(drawn.var()) * (1 + 1 / len(drawn)) + within**2 / square
            centre = float(log_days[own].mean())
            ends = (about[0], about[-1])
            rows.append((patient, drawn.mean(), variance, centre, *ends))
        columns = np.array(rows, np.float64).reshape(-1, 6).T
        return cls(
            columns[0].astype(np.int64),
            columns[1],
            columns[2],
            columns[3],
            columns[4],
            columns[5],
            counts,
        )


def _pooled(slopes: _Slopes) -> tuple[float, float, float]:
    """The clinic's mean slope, its variance, and the variance between patients."""
    belief = 1 / SLOPE_BELIEF**2
    n = len(slopes.slope)
    between = PATIENTS_DIFFER**2
    if n > 1:
        weight = 1 / slopes.variance
        mean = float(weight @ slopes.slope / weight.sum())
        spread = float(weight @ (slopes.slope - mean) ** 2)
        scale = float(weight.sum() - (weight @ weight) / weight.sum())
        seen = max((spread - (n - 1)) / scale, 0.0)
        # The belief is worth three patients.
        between = ((n - 1) * seen + 3 * between) / (n + 2)
    weight = 1 / (slopes.variance + between)
    total = belief + float(weight.sum())
    return float(weight @ slopes.slope) / total, 1 / total, between


def _rows(
    slopes: _Slopes,
    patients: Ints,
    mean: float,
    between: float,
    found: Assessed,
    infusions: pd.DataFrame,
) -> pd.DataFrame:
    share = between / (between + slopes.variance)
    slope = share * slopes.slope + (1 - share) * mean
    spread = np.sqrt(share * slopes.variance)
    reach = float(ndtri((1 + LEVEL) / 2)) * spread
    first, last = _ends(slopes, slope)
    middle = last - first
    sides = [
        np.subtract(*_ends(slopes, slope + side)[::-1]) for side in (-reach, reach)
    ]
    values = np.full((len(patients), 6), np.nan)
    place = np.searchsorted(patients, slopes.patient)
    shortening = ndtr(-slope / spread)
    values[place] = np.stack((first, last, middle, *sides, shortening), axis=1)
    counts = np.array([slopes.n_spells.get(int(one), 0) for one in patients], np.int64)
    reason = np.where(counts < LEAST_SPELLS, TOO_FEW_SPELLS, "")
    names = list(_COLUMNS)
    columns = {names[0]: counts} | dict(zip(names[1:-1], values.T, strict=True))
    return _labelled(columns | {names[-1]: reason}, patients, found, infusions)


def _ends(slopes: _Slopes, slope: Floats) -> tuple[Floats, Floats]:
    first: Floats = np.exp(slopes.centre + slope * slopes.first)
    last: Floats = np.exp(slopes.centre + slope * slopes.last)
    return first, last


def _labelled(
    columns: dict[str, Any],
    patients: Ints,
    found: Assessed,
    infusions: pd.DataFrame,
) -> pd.DataFrame:
    """The columns with the patients' labels, sorted by them."""
    first_row = np.searchsorted(found.series.patient, patients)
    row = found.panel.infusion_row[found.series.first_row[first_row]]
    label = infusions["patient_id"].array.take(row)
    order = np.argsort(in_label_order(pd.Index(label)))
    typed = {
        name: pd.array(columns[name]).astype(kind) for name, kind in _COLUMNS.items()
    }
    frame = pd.DataFrame({"patient_id": label} | typed)
    return frame.iloc[order].reset_index(drop=True)


class DoseEffect(NamedTuple):
    """Ratio of durations by each 0.1 mg/kg more, within patients, with 95 % limits.

    `n_patients`, `n_spells`: those whose dose varied; `agent`, `route`: of all that
    was compared; `reason`: too_few_patients where the numbers are NaN, else empty.
    """

    ratio: float
    lower: float
    upper: float
    n_patients: int
    n_spells: int
    agent: str
    route: str
    reason: str


def dose_effect(
    model: ReliefModel,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    as_of: AsOf = None,
) -> DoseEffect:
    """Whether relief lasts longer after a higher dose in one and the same patient.

    Parameters
    ----------
    diary, infusions, as_of
        As for `find_spells`; infusions need mg_per_kg, and agent and route where
        there are several: the commonest pair is compared.

    Raises
    ------
    ValueError
        As for `find_spells`.

    Notes
    -----
    Patients are compared with themselves alone (a fixed effect of each): a higher
    dose goes to whom a lower one did not help for long, so that patients of high and
    low dose differ to begin with. Within a patient, too, doses were not drawn by lot,
    and a dose that rises over the years rides on any change over time. Limits are
    clustered by patient, with what the completed durations leave open added.
    """
    found = model.assess(diary, infusions, as_of)
    done = complete(model, prepare(found, model.noise, model.criteria.floor))
    given = last_treatment(found.panel, infusions, found.series)
    usable, agent, route = _one_kind(given, done)
    dose = np.asarray(given["mg_per_kg"], np.float64)[done.rows]
    rows = np.flatnonzero(usable & np.isfinite(dose))
    about = _about_own(dose[rows] / A_TENTH_MG_PER_KG, done.patient[rows])
    varied = np.isin(done.patient[rows], done.patient[rows][np.abs(about) > 1e-9])
    rows, about = rows[varied], about[varied]
    patient = done.patient[rows]
    n = len(np.unique(patient))
    if n < LEAST_PATIENTS:
        nan = float("nan")
        return DoseEffect(nan, nan, nan, n, len(rows), agent, route, TOO_FEW_PATIENTS)
    log_days = np.log(np.maximum(done.days[rows], 1))
    square = float(about @ about)
    drawn = about @ log_days / square
    slope = float(drawn.mean())
    mean = _about_own(log_days.mean(axis=1), patient)
    pull = sums(patient, about * (mean - slope * about), int(patient.max()) + 1)
    variance = float((pull**2).sum()) / square**2 * n / (n - 1)
    variance += float(drawn.var()) * (1 + 1 / len(drawn))
    reach = float(ndtri(0.975)) * np.sqrt(variance)
    ratio, lower, upper = np.exp([slope, slope - reach, slope + reach]).tolist()
    return DoseEffect(ratio, lower, upper, n, len(rows), agent, route, "")


def _one_kind(given: Mapping[str, Any], done: Completed) -> tuple[Bools, str, str]:
    """Spells of the commonest agent and route, those of mixed agents left out."""
    pure = ~np.asarray(given["mixed_agents"], bool)[done.rows]
    agents, routes = (
        np.array(["" if pd.isna(one) else str(one) for one in given[name]])[done.rows]
        for name in ("agent", "route")
    )
    if not pure.any():
        return pure, "", ""
    pairs = Counter(zip(agents[pure].tolist(), routes[pure].tolist(), strict=True))
    # Of equally common ones the first by name, whatever the order of the rows.
    agent, route = min(pairs, key=lambda pair: (-pairs[pair], pair))
    return pure & (agents == agent) & (routes == route), agent, route


def _about_own(values: Floats, patient: Ints) -> Floats:
    """Each value less the mean of its patient's."""
    if not len(values):
        return values
    n = int(patient.max()) + 1
    count = np.maximum(np.bincount(patient, minlength=n), 1)
    about: Floats = values - (sums(patient, values, n) / count)[patient]
    return about


def trend_words(row: Mapping[str, Any], say: Speech = ENGLISH) -> str:
    """A row of `duration_trend` as a sentence."""
    if row["reason"]:
        return say.t(
            "Too few to say whether relief changes: {count} series brought relief, and "
            "{needed} are needed.",
            count=row["n_spells"],
            needed=LEAST_SPELLS,
        )
    low, high = sorted(abs(round(row[name])) for name in ("low", "high"))
    if row["low"] < 0 < row["high"]:
        return say.t(
            "No clear change over {count} series with relief (80 % interval {low} to "
            "{high} days).",
            count=row["n_spells"],
            low=f"{round(row['low']):+d}",
            high=f"{round(row['high']):+d}",
        )
    change = round(row["change_days"])
    days = say.tn("{n} day", "{n} days", abs(change))
    text = _SHORTENED if change < 0 else _LENGTHENED
    return say.t(text, days=days, count=row["n_spells"], low=low, high=high)


_SHORTENED = (
    "Relief has shortened by {days} over {count} series with relief (80 % interval "
    "{low} to {high})."
)
_LENGTHENED = (
    "Relief has lengthened by {days} over {count} series with relief (80 % interval "
    "{low} to {high})."
)


def dose_words(effect: DoseEffect) -> str:
    """A `DoseEffect` as a sentence."""
    if effect.reason:
        return (
            f"Too few to say whether a higher dose lasts longer: the dose varied in "
            f"{effect.n_patients} patients with relief, and {LEAST_PATIENTS} are needed."
        )
    span = f"95 % interval {effect.lower:.2f} to {effect.upper:.2f}"
    return (
        f"In the same patient, 0.1 mg/kg more went with relief {effect.ratio:.2f} times "
        f"as long ({span}; {effect.n_patients} patients). Doses were not drawn by lot."
    )

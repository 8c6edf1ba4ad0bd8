"""From a diary and infusions to how long relief held after each series."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tracker.relief.criteria import Criteria
from tracker.relief.panel import AsOf, Bools, Floats, Ints, Panel, read_panel
from tracker.relief.population import (
    Population,
    own_baselines,
    own_spread,
    pool,
    shrink,
)
from tracker.relief.rule import SLACK, Trace, Windows, days_at, spell_windows, trace
from tracker.relief.series import NEVER, SeriesTable, build_series, last_treatment
from tracker.relief.treatments import with_other_treatments

LOST = "lost"
HOLDING = "holding"
CUT_BY_INFUSION = "cut_by_infusion"
CUT_BY_SILENCE = "cut_by_silence"
NO_RESPONSE = "no_response"
NOT_ASSESSABLE = "not_assessable"

TEXT = pd.StringDtype(na_value=np.nan)
_DTYPES = {
    "series": "int64",
    "start": "datetime64[us]",
    "last_infusion": "datetime64[us]",
    "n_infusions": "int64",
    "agent": "str",
    "route": "str",
    "dose_mg": "float64",
    "mg_per_kg": "float64",
    "mixed_agents": "bool",
    "other_treatments": "bool",
    "baseline": "float64",
    "baseline_sd": "float64",
    "baseline_days": "int64",
    "baseline_source": "str",
    "status": "str",
    "reason": "str",
    "onset": "float64",
    "best": "float64",
    "lower": "float64",
    "upper": "float64",
    "confirmable": "float64",
    "pending": "int64",
    "loss_confirmed": "float64",
    "last_log": "float64",
    "days_logged": "int64",
    "days_expected": "int64",
    "late_share": "float64",
    "next_infusion": "datetime64[us]",
    "criteria_version": "str",
}


@dataclass(frozen=True)
class Logs:
    """How much was logged in each spell; days from the last infusion, or NaN."""

    number: Ints
    last: Floats
    in_onset_window: Ints
    last_in_onset_window: Floats


@dataclass(frozen=True)
class Assessed:
    """Everything known of each series, as arrays of one value a series.

    `baseline` (points of burden) is NaN where there is none; `status` and `reason`
    are those of `find_spells`.
    """

    panel: Panel
    series: SeriesTable
    windows: Windows
    traced: Trace
    logs: Logs
    baseline: Floats
    baseline_sd: Floats
    baseline_days: Ints
    status: npt.NDArray[Any]
    reason: npt.NDArray[Any]
    population: Population


def assess(
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    criteria: Criteria,
    as_of: AsOf = None,
    population: Population | None = None,
) -> Assessed:
    """Put the rule to both frames; what `find_spells` and the model start from.

    Raises
    ------
    ValueError
        As for `find_spells`.
    """
    panel = read_panel(diary, infusions, criteria, as_of)
    series = build_series(panel, infusions, criteria)
    own = own_baselines(panel, series, criteria)
    if population is None:
        population = pool(own, criteria)
    baseline = shrink(own, population, criteria)
    windows = spell_windows(panel, series, criteria)
    traced = trace(panel, series, windows, baseline, criteria)
    logs = _logs(panel, windows, criteria)
    which = np.cumsum(series.is_first) - 1
    known = baseline[which]
    until = panel.as_of[series.patient]
    status, reason = _status(series, windows, traced, logs, known, until, criteria)
    return Assessed(
        panel=panel,
        series=series,
        windows=windows,
        traced=traced,
        logs=logs,
        baseline=known,
        baseline_sd=own_spread(own)[which],
        baseline_days=own.days[which],
        status=status,
        reason=reason,
        population=population,
    )


def find_spells(
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    criteria: Criteria,
    as_of: AsOf = None,
    population: Population | None = None,
    *,
    treatments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How long relief held after each series of infusions.

    Parameters
    ----------
    diary : DataFrame, one row a patient and logged day, any order
        patient_id (any hashable), date (naive datetime64, the local day), and
        `criteria.columns` (0 to 10, NaN where blank); where present late (bool: it
        was written after its day). Other columns are ignored.
    infusions : DataFrame, one row an infusion, any order
        patient_id, date; where present end_date (last day of a multi-day
        infusion), course (names the series), agent, route, dose_mg, mg_per_kg.
    criteria : Criteria
    as_of : Series of patient_id to date, date, or None
        Rows after it are ignored; None is the last date in either frame.
    population : Population, optional
        The clinic's baselines to draw a patient's own towards. None estimates
        them from these frames; with `n_patients` 0 nothing is borrowed.
    treatments : DataFrame, optional
        patient_id, date: other treatments begun or changed on that day.

    Returns
    -------
    DataFrame, one row a series, sorted by patient_id and series
        patient_id; series (int, from 1); start, last_infusion (first infusion's
        date; the last one's end, day 0 of the spell); n_infusions (int, days);
        agent, route (str), dose_mg, mg_per_kg (float) of the last infusion;
        mixed_agents (bool: the series names more than one agent);
        other_treatments (bool: one began from the series' first day to the spell's
        last); baseline (points of burden, higher is worse, NaN if none), baseline_sd
        (of the patient's own logged days, NaN with fewer than two), baseline_days
        (int), baseline_source (own, clinic or none);
        status, reason (str, below); onset (first day of relief, NaN if none);
        best (largest improvement, share of the baseline); lower, upper (loss
        lies in (lower, upper]; upper is inf when no loss was seen, both NaN
        without an onset); confirmable (day to censor at, NaN unless censored);
        pending (int, logged days below `off` at the end of a spell not lost);
        loss_confirmed (day the loss became known); last_log (last logged day);
        days_logged, days_expected (int); late_share (of the days logged, NaN where
        there is none or the diary does not say); next_infusion (date or NaT);
        criteria_version (str). Days count from last_infusion.

    Raises
    ------
    ValueError
        A column is missing or of the wrong kind; a date is missing, has a time
        zone or a time of day; a score is infinite or outside 0 to 10; a patient
        has two rows for a day; an end_date precedes its date; `as_of` lacks a
        patient; the population is of another item.

    Notes
    -----
    A spell's days run from the day after the last infusion to the day before
    the next series, or `as_of`. Days without a score are not filled in.

    Onset is the first day of the first `k_on` consecutive logged days at `on`
    or better, if it is one of the days 1 to `onset_window`. Loss is the first
    later run of `k_off` consecutive logged days below `off`, neighbours at most
    `max_gap` days apart; `upper` is its first day and `lower` the last logged
    day at `off` or better before it.

    The status is the first of these that fits:

    - not_assessable: no baseline (reason no_baseline), one below `floor`
      (floor), or a next series before `k_off` days could pass (next_infusion);
    - lost: a loss was confirmed;
    - cut_by_silence: relief, no loss, and the last log more than `silence_days`
      before the next series or `as_of`;
    - cut_by_infusion, holding: relief until the next series, or `as_of`;
    - not_assessable, awaiting_onset: no onset yet, and there still may be one;
    - no_response: no onset with `response_logs` logs in the onset window;
    - not_assessable: no log at all (no_logs) or too few (too_few_days).

    A loss that starts in the last `k_off - 1` logs cannot be confirmed, so a
    spell is known to be free of a confirmable loss only up to `confirmable`,
    the smaller of `lower` and the day of the `k_off`-th last log (0 if fewer):
    estimators that assume independent censoring must censor there.
    """
    found = assess(diary, infusions, criteria, as_of, population)
    panel, series, traced = found.panel, found.series, found.traced
    windows, logs, known = found.windows, found.logs, found.baseline
    usable = np.where(known >= criteria.floor - SLACK, known, np.nan)
    columns = {
        "series": series.number,
        "start": _dates(series.start),
        "last_infusion": _dates(series.last_day),
        "n_infusions": series.n_infusions,
        **last_treatment(panel, infusions, series),
        "other_treatments": with_other_treatments(panel, series, windows, treatments),
        "baseline": known,
        "baseline_sd": found.baseline_sd,
        "baseline_days": found.baseline_days,
        "baseline_source": _source(found),
        "status": found.status,
        "reason": found.reason,
        "onset": traced.onset,
        "best": _best(panel, windows, usable),
        "lower": traced.lower,
        "upper": traced.upper,
        "confirmable": traced.confirmable,
        "pending": traced.pending,
        "loss_confirmed": traced.loss_confirmed,
        "last_log": logs.last,
        "days_logged": logs.number,
        "days_expected": windows.length // criteria.every_days,
        "late_share": _late_share(panel, windows),
        "next_infusion": _dates(series.next_start),
        "criteria_version": np.full(len(known), criteria.version, object),
    }
    return _frame(columns, panel, series, infusions["patient_id"])


def _frame(
    columns: dict[str, Any], panel: Panel, series: SeriesTable, patient_id: pd.Series
) -> pd.DataFrame:
    """The columns in their dtypes, sorted by patient label and series."""
    row = panel.infusion_row[series.first_row]
    rank = np.zeros(panel.n_patients, np.int64)
    rank[panel.patient_of_label] = in_label_order(panel.labels)
    order = np.lexsort((series.number, rank[series.patient]))
    label = patient_id.array.take(row[order])
    typed = {
        name: _typed(columns[name][order], dtype) for name, dtype in _DTYPES.items()
    }
    return pd.DataFrame({"patient_id": label} | typed)


def _typed(values: npt.NDArray[Any], dtype: str) -> Any:
    if dtype == "str":
        return pd.array(values, dtype=TEXT)
    return values.astype(dtype, copy=False)


def _logs(panel: Panel, windows: Windows, criteria: Criteria) -> Logs:
    number = windows.end - windows.first
    day_after = windows.day_zero + 1 + criteria.onset_window
    early_end = np.minimum(np.searchsorted(panel.key, day_after), windows.end)
    early = early_end - windows.first
    return Logs(
        number=number,
        last=days_at(panel, windows, windows.end - 1, number > 0),
        in_onset_window=early,
        last_in_onset_window=days_at(panel, windows, early_end - 1, early > 0),
    )


def _status(
    series: SeriesTable,
    windows: Windows,
    traced: Trace,
    logs: Logs,
    baseline: Floats,
    until: Ints,
    criteria: Criteria,
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Status and reason of each spell: the first of the rules that fits."""
    is_open = series.next_start == NEVER
    end = np.where(is_open, until, series.next_start) - series.last_day
    silent = end - logs.last > criteria.silence_days
    begun = ~np.isnan(traced.onset)
    early = windows.length < criteria.onset_window
    awaiting = is_open & (early | (traced.unconfirmed & ~silent))
    answered = logs.in_onset_window >= criteria.response_logs
    answered &= logs.last_in_onset_window >= criteria.response_day
    rules: list[tuple[Bools, str, str]] = [
        (np.isnan(baseline), NOT_ASSESSABLE, "no_baseline"),
        (baseline < criteria.floor - SLACK, NOT_ASSESSABLE, "floor"),
        (windows.too_soon, NOT_ASSESSABLE, "next_infusion"),
        (np.isfinite(traced.upper), LOST, ""),
        (begun & silent, CUT_BY_SILENCE, ""),
        (begun & ~is_open, CUT_BY_INFUSION, ""),
        (begun, HOLDING, ""),
        (awaiting, NOT_ASSESSABLE, "awaiting_onset"),
        (answered, NO_RESPONSE, ""),
        (logs.number == 0, NOT_ASSESSABLE, "no_logs"),
    ]
    fits = [fit for fit, _, _ in rules]
    first = np.select(fits, range(len(rules)), len(rules))
    status = np.array([status for _, status, _ in rules] + [NOT_ASSESSABLE], object)
    reason = np.array([reason for _, _, reason in rules] + ["too_few_days"], object)
    return status[first], reason[first]


def _best(panel: Panel, windows: Windows, baseline: Floats) -> Floats:
    """Largest improvement of each spell, NaN without a log."""
    lowest = np.full(len(windows.first), np.nan)
    logged = windows.end > windows.first
    if logged.any():
        edges = np.stack((windows.first[logged], windows.end[logged]), 1).ravel()
        # The last spell may end with the panel, one row beyond it.
        padded = np.append(panel.burden, np.inf)
        lowest[logged] = np.minimum.reduceat(padded, edges)[::2]
    best: Floats = 1 - lowest / baseline
    return best


def _late_share(panel: Panel, windows: Windows) -> Floats:
    """Share of each spell's logged days that were written after their day."""
    number = (windows.end - windows.first).astype(np.float64)
    share = np.full(len(number), np.nan)
    if panel.late is not None:
        so_far = np.append(0, np.cumsum(panel.late))
        late = so_far[windows.end] - so_far[windows.first]
        np.divide(late, number, out=share, where=number > 0)
    return share


def _source(found: Assessed) -> npt.NDArray[Any]:
    borrowed = np.where(np.isnan(found.baseline), "none", "clinic")
    return np.where(found.baseline_days > 0, "own", borrowed).astype(object)


def _dates(days: Ints) -> npt.NDArray[np.datetime64]:
    """Days since 1970 as dates, `NEVER` as NaT."""
    dates = np.full(len(days), np.datetime64("NaT"), "datetime64[D]")
    come = days != NEVER
    dates[come] = days[come].astype("datetime64[D]")
    return dates.astype("datetime64[us]")


def in_label_order(labels: pd.Index) -> Ints:
    """Rank of each label; labels of kinds that do not compare go by kind first."""
    try:
        order = labels.argsort()
    except TypeError:
        names = [(type(label).__qualname__, str(label)) for label in labels]
        order = np.array(sorted(range(len(names)), key=names.__getitem__))
    rank = np.empty(len(labels), np.int64)
    rank[order] = np.arange(len(labels))
    return rank

"""Onset and loss: the rule put to all spells of a panel at once."""

from dataclasses import dataclass

import numpy as np

from tracker.relief.criteria import Criteria
from tracker.relief.panel import Bools, Floats, Ints, Panel, keys, row_bounds
from tracker.relief.series import NEVER, SeriesTable

# What equals a threshold counts as reaching it, whatever the last bit.
SLACK = 1e-9


@dataclass(frozen=True)
class Windows:
    """Each spell's calendar days, and the panel rows [first, end) logged on them.

    `day_zero` is the key of the day relief counts from; `too_soon` says that
    the next series left too few days to confirm a loss.
    """

    day_zero: Ints
    length: Ints
    first: Ints
    end: Ints
    too_soon: Bools


@dataclass(frozen=True)
class Trace:
    """What the scores of each spell did; days from the last infusion, or NaN.

    `unconfirmed` says that the last logs are good days that began in the onset
    window, whether or not there are enough of them for an onset.
    """

    onset: Floats
    lower: Floats
    upper: Floats
    loss_confirmed: Floats
    confirmable: Floats
    pending: Ints
    unconfirmed: Bools


def spell_windows(panel: Panel, series: SeriesTable, criteria: Criteria) -> Windows:
    """From the day after a series to the day before the next, or `as_of`."""
    last = np.minimum(series.next_start - 1, panel.as_of[series.patient])
    length = np.maximum(last - series.last_day, 0)
    day_zero = keys(series.patient, series.last_day)
    return Windows(
        day_zero=day_zero,
        length=length,
        first=np.searchsorted(panel.key, day_zero + 1),
        end=np.searchsorted(panel.key, day_zero + 1 + length),
        too_soon=(series.next_start != NEVER) & (length < criteria.k_off),
    )


def trace(
    panel: Panel,
    series: SeriesTable,
    windows: Windows,
    baseline: Floats,
    criteria: Criteria,
) -> Trace:
    """Onset, loss and what is pending; `baseline` has one value a patient.

    Each question is put to all rows of the panel; the answers are sorted row
    numbers, in which a spell finds its own by bisection.
    """
    good, bad = _good_and_bad(panel, series, baseline, criteria)
    onset_row = _at_or_after(_runs(good, criteria.k_on), windows.first)
    begun = (onset_row + criteria.k_on <= windows.end) & ~windows.too_soon
    onset = days_at(panel, windows, onset_row, begun)
    begun &= onset <= criteria.onset_window

    near = panel.key[1:] - panel.key[:-1] <= criteria.max_gap
    loss_row = _at_or_after(_runs(bad, criteria.k_off, near), onset_row)
    lost = begun & (loss_row + criteria.k_off <= windows.end)
    known_row = loss_row + criteria.k_off - 1
    lower_row = _before(np.flatnonzero(~bad), np.where(lost, loss_row, windows.end))
    lower = days_at(panel, windows, lower_row, begun)
    loss = days_at(panel, windows, loss_row, lost)
    sure = _surely_not_lost(panel, windows, lower, criteria)
    return Trace(
        onset=np.where(begun, onset, np.nan),
        lower=lower,
        upper=np.where(begun & ~lost, np.inf, loss),
        loss_confirmed=days_at(panel, windows, known_row, lost),
        confirmable=np.where(lost, np.nan, sure),
        pending=np.where(begun & ~lost, windows.end - 1 - lower_row, 0),
        unconfirmed=_unconfirmed_onset(panel, windows, good, criteria),
    )


def days_at(panel: Panel, windows: Windows, row: Ints, valid: Bools) -> Floats:
    """Days from the last infusion to one row a spell, NaN where not valid."""
    days = np.full(len(row), np.nan)
    days[valid] = panel.key[row[valid]] - windows.day_zero[valid]
    return days


def _good_and_bad(
    panel: Panel, series: SeriesTable, baseline: Floats, criteria: Criteria
) -> tuple[Bools, Bools]:
    """Rows at `on` or better, and rows below `off`; neither without a baseline."""
    usable = np.full(panel.n_patients, np.nan)
    usable[series.patient[series.is_first]] = np.where(
        baseline >= criteria.floor - SLACK, baseline, np.nan
    )
    rows = np.diff(row_bounds(panel.key, panel.n_patients))
    good = panel.burden <= np.repeat(usable * (1 - criteria.on + SLACK), rows)
    bad = panel.burden > np.repeat(usable * (1 - criteria.off + SLACK), rows)
    return good, bad


def _runs(flags: Bools, length: int, near: Bools | None = None) -> Ints:
    """Rows that start `length` flagged rows in line, all `near` their neighbour."""
    if len(flags) < length:
        return np.empty(0, np.int64)
    linked = flags[1:] & flags[:-1]
    if near is not None:
        linked &= near
    last = len(flags) - length + 1
    start = flags[:last].copy()
    for shift in range(length - 1):
        start &= linked[shift : shift + last]
    return np.flatnonzero(start)


def _at_or_after(rows: Ints, place: Ints) -> Ints:
    """First of the sorted rows at or after each place, or one beyond them all."""
    return np.append(rows, NEVER)[np.searchsorted(rows, place)]


def _before(rows: Ints, place: Ints) -> Ints:
    """Last of the sorted rows before each place, or -1."""
    return np.append(rows, -1)[np.searchsorted(rows, place) - 1]


def _surely_not_lost(
    panel: Panel, windows: Windows, lower: Floats, criteria: Criteria
) -> Floats:
    """Last day by which a loss would have been confirmed, had there been one."""
    row = windows.end - criteria.k_off
    enough = row >= windows.first
    day = np.where(enough, days_at(panel, windows, row, enough), 0.0)
    return np.minimum(lower, day)


def _unconfirmed_onset(
    panel: Panel, windows: Windows, good: Bools, criteria: Criteria
) -> Bools:
    last_other = _before(np.flatnonzero(~good), windows.end)
    row = np.maximum(last_other + 1, windows.first)
    day = days_at(panel, windows, row, row < windows.end)
    unconfirmed: Bools = day <= criteria.onset_window
    return unconfirmed

"""Which infusions belong to one series."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tracker.relief.criteria import Criteria
from tracker.relief.panel import Bools, Floats, Ints, Panel, read_numbers

# Day of a next series that has not come.
NEVER = np.int64(2**40)


@dataclass(frozen=True)
class SeriesTable:
    """One row a series, sorted by patient number and day; days since 1970.

    `first_row` is the place of its first infusion in the panel; `last_day` is
    the day relief counts from, the end of its last infusion; `next_start` is
    the first day of the patient's next series, or `NEVER`.
    """

    first_row: Ints
    patient: Ints
    number: Ints
    start: Ints
    last_day: Ints
    next_start: Ints
    n_infusions: Ints

    @property
    def is_first(self) -> Bools:
        """Whether a row is its patient's first series ever."""
        first: Bools = self.number == 1
        return first


def build_series(
    panel: Panel, infusions: pd.DataFrame, criteria: Criteria
) -> SeriesTable:
    """Chain infusions into series.

    An infusion joins the series before it when it starts at most `merge_gap`
    days after that one ended and at most `series_span` days after the series
    began. Where the clinic names a course, the course decides instead: its
    infusions, and any given between them, are one series, and no other joins.
    Two infusions on one day count as one.
    """
    patient, day = panel.infusion_patient, panel.infusion_day
    new_day = np.ones(len(day), np.bool_)
    new_day[1:] = (patient[1:] != patient[:-1]) | (day[1:] != day[:-1])
    heads = _heads(panel, _courses(panel, infusions), new_day, criteria)
    first = np.flatnonzero(heads)
    start, owner = day[first], patient[first]
    new_patient = np.ones(len(first), np.bool_)
    new_patient[1:] = owner[1:] != owner[:-1]
    next_start = np.full(len(first), NEVER)
    next_start[:-1][~new_patient[1:]] = start[1:][~new_patient[1:]]
    order = np.arange(len(first))
    number = order - np.maximum.accumulate(np.where(new_patient, order, 0)) + 1
    return SeriesTable(
        first_row=first,
        patient=owner,
        number=number,
        start=start,
        last_day=over_series(np.maximum, panel.infusion_end, first),
        next_start=next_start,
        n_infusions=over_series(np.add, new_day.astype(np.int64), first),
    )


def over_series(reduce: np.ufunc, values: npt.NDArray[Any], first: Ints) -> Any:
    """Reduce the rows of each run that starts at `first`; none gives none."""
    return reduce.reduceat(values, first) if len(first) else values[:0]


def last_treatment(
    panel: Panel, infusions: pd.DataFrame, series: SeriesTable
) -> dict[str, Any]:
    """Agent, route and doses of each series' last infusion day.

    Returns
    -------
    dict of columns, one value a series
        agent, route (str), dose_mg, mg_per_kg (float), mixed_agents (bool:
        the series names more than one agent). A value that is not given, or
        on which two infusions of that day disagree, is missing.
    """
    which = np.repeat(
        np.arange(len(series.start)),
        np.diff(series.first_row, append=len(panel.infusion_row)),
    )
    final_day = over_series(np.maximum, panel.infusion_day, series.first_row)
    last = panel.infusion_day == final_day[which]
    tail_first = np.flatnonzero(np.diff(which[last], prepend=-1))
    columns: dict[str, Any] = {}
    for name in ("agent", "route"):
        codes, words = _words(infusions, name, panel.infusion_row)
        columns[name] = _word(words, _agreed(codes[last], tail_first))
    for name in ("dose_mg", "mg_per_kg"):
        amount = _amounts(infusions, name)[panel.infusion_row]
        columns[name] = _agreed(amount[last], tail_first)
    agents, _ = _words(infusions, "agent", panel.infusion_row)
    fewest = over_series(np.fmin, agents, series.first_row)
    most = over_series(np.fmax, agents, series.first_row)
    columns["mixed_agents"] = fewest < most
    return columns


def _courses(panel: Panel, infusions: pd.DataFrame) -> Ints:
    """A number for each named course of a patient, -1 for none."""
    if "course" not in infusions.columns:
        return np.full(len(panel.infusion_row), -1)
    codes, names = pd.factorize(infusions["course"])
    course = codes[panel.infusion_row].astype(np.int64)
    return np.where(course < 0, -1, panel.infusion_patient * len(names) + course)


def _heads(panel: Panel, course: Ints, new_day: Bools, criteria: Criteria) -> Bools:
    """Which infusion rows begin a series."""
    patient, day = panel.infusion_patient, panel.infusion_day
    block_head = ~_held_by_course(course, new_day)
    blocks = np.flatnonzero(block_head)
    named = over_series(np.maximum, course, blocks) >= 0
    owner, start = patient[blocks], day[blocks]
    # An earlier infusion of the same patient may be the last to end.
    reach = np.maximum.accumulate(panel.infusion_end + (patient << 32))
    ended = np.roll(reach - (patient << 32), 1)[blocks]
    head = np.ones(len(blocks), np.bool_)
    head[1:] = owner[1:] != owner[:-1]
    head |= start - ended > criteria.merge_gap
    head[1:] |= named[1:] | named[:-1]
    heads = np.zeros(len(day), np.bool_)
    heads[blocks] = _split_long(head, named, start, criteria.series_span)
    return heads


def _held_by_course(course: Ints, new_day: Bools) -> Bools:
    """Rows that a course, or a shared day, holds together with the row before."""
    row = np.arange(len(course))
    last_of_course = row.copy()
    named = np.flatnonzero(course >= 0)
    _, which = np.unique(course[named], return_inverse=True)
    last = np.zeros(len(named), np.int64)
    np.maximum.at(last, which, named)
    last_of_course[named] = last[which]
    reach = np.maximum.accumulate(last_of_course)
    held = ~new_day
    held[1:] |= reach[:-1] >= row[1:]
    return held


def _split_long(head: Bools, named: Bools, start: Ints, span: int) -> Bools:
    """Begin a new series wherever one without a course outgrows the span."""
    while len(head):
        first = np.flatnonzero(head)
        chain = np.cumsum(head) - 1
        over = np.flatnonzero(~named & (start - start[first[chain]] > span))
        if not len(over):
            break
        head[over[np.diff(chain[over], prepend=-1) > 0]] = True
    return head


def _words(
    infusions: pd.DataFrame, name: str, row: Ints
) -> tuple[Floats, npt.NDArray[Any]]:
    """Numbers of a text column's words, NaN where not given, and the words."""
    if name not in infusions.columns:
        return np.full(len(row), np.nan), np.empty(0, object)
    codes, words = pd.factorize(infusions[name])
    numbers = np.where(codes < 0, np.nan, codes)[row]
    return numbers, np.asarray(words, object)


def _word(words: npt.NDArray[Any], number: Floats) -> npt.NDArray[Any]:
    text = np.full(len(number), np.nan, object)
    given = ~np.isnan(number)
    text[given] = words[number[given].astype(np.int64)]
    return text


def _amounts(infusions: pd.DataFrame, name: str) -> Floats:
    if name not in infusions.columns or infusions[name].isna().all():
        return np.full(len(infusions), np.nan)
    amounts = read_numbers(infusions[name], f"infusions {name}")
    impossible = (amounts < 0) | np.isinf(amounts)
    if impossible.any():
        raise ValueError(
            f"infusions {name} must be finite and 0 or more, "
            f"was {amounts[impossible][0]}"
        )
    return amounts


def _agreed(values: Floats, first: Ints) -> Floats:
    """The one value of each run, NaN where there is none or more than one."""
    least = over_series(np.fmin, values, first)
    most = over_series(np.fmax, values, first)
    agreed: Floats = np.where(least == most, least, np.nan)
    return agreed

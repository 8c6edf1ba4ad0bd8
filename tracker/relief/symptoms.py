"""Which symptom returns first, and whether side effects outlast relief."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tracker.relief.criteria import Criteria
from tracker.relief.panel import AsOf, read_days
from tracker.relief.population import Population
from tracker.relief.spells import LOST, find_spells

NOT_CLEAR = "not_clear"
OUTLAST, END_BEFORE, NONE_REPORTED, NOT_ASKED = (
    "outlast",
    "end_before",
    "none_reported",
    "not_asked",
)
_REPORTS = ("patient_id", "date", "code")


def first_to_return(
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    items: Sequence[str],
    as_of: AsOf = None,
    populations: Mapping[str, Population] | None = None,
) -> pd.DataFrame:
    """Which of several symptoms was lost first after each series.

    Parameters
    ----------
    diary, infusions, as_of
        As for `find_spells`; the diary needs a column for each item.
    items : sequence of str
        Two or more; each is judged by its own everyday criteria.
    populations : mapping of item to Population, optional

    Returns
    -------
    DataFrame, one row a series in which an item was lost and another had relief
        patient_id, series, first: the item whose loss surely came before every other
        one's, or not_clear where the stretches in which they were lost overlap.

    Raises
    ------
    ValueError
        There are fewer than two items, or as for `find_spells`.
    """
    if len(set(items)) < 2:
        raise ValueError(f"items must be two or more, was {list(items)!r}")
    populations = populations or {}
    parts = []
    for item in items:
        spells = find_spells(
            diary, infusions, Criteria.for_item(item), as_of, populations.get(item)
        )
        begun = spells[spells["onset"].notna()]
        parts.append(
            begun[["patient_id", "series", "status", "lower", "upper"]].assign(
                item=item
            )
        )
    every = pd.concat(parts, ignore_index=True)
    return _firsts(every)


def _firsts(every: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for key, group in every.groupby(["patient_id", "series"], sort=False):
        patient, series = key
        spells = group.to_dict("records")
        lost = [spell for spell in spells if spell["status"] == LOST]
        if len(spells) < 2 or not lost:
            continue
        earliest = min(lost, key=lambda spell: float(spell["upper"]))
        # What lasted to `lower` at least was lost after it.
        clear = all(
            spell["lower"] >= earliest["upper"]
            for spell in spells
            if spell["item"] != earliest["item"]
        )
        rows.append((patient, series, earliest["item"] if clear else NOT_CLEAR))
    frame = pd.DataFrame(rows, columns=["patient_id", "series", "first"])
    frame["series"] = frame["series"].astype("int64")
    frame["first"] = frame["first"].astype("str")
    return frame


def return_words(found: pd.DataFrame, names: Mapping[str, str]) -> str:
    """What `first_to_return` found in one patient, as a sentence.

    `names`: what people call each item, in lower case.
    """
    if found.empty:
        return "No series so far shows which symptom returns first."
    counts = found["first"].value_counts()
    ordered = sorted(
        (item for item in counts.index if item != NOT_CLEAR),
        key=lambda item: (-counts[item], item),
    )
    said = [f"{names.get(item, item)} in {counts[item]}" for item in ordered]
    if NOT_CLEAR in counts.index:
        said.append(f"not clear in {counts[NOT_CLEAR]}")
    series = "series" if len(found) > 1 else "one series"
    of = f"Of {len(found)} series" if len(found) > 1 else f"In {series}"
    return f"{of}, first to return: {', '.join(said)}."


def side_effects_and_benefit(
    spells: pd.DataFrame, reports: pd.DataFrame
) -> pd.DataFrame:
    """Whether side effects were still there when relief was lost.

    Parameters
    ----------
    spells : DataFrame
        As `find_spells` returns it.
    reports : DataFrame, one row a side effect, or a day that was asked with none
        patient_id; date (naive datetime64); code (missing where none was reported).

    Returns
    -------
    DataFrame, one row a series that was lost
        patient_id, series; last_side_effect (days from the last infusion, NaN if
        none); answer: outlast (reported on or after the first day seen lost),
        end_before (none after the last day in relief), not_clear (in between),
        none_reported (asked, and there were none) or not_asked.

    Raises
    ------
    ValueError
        A column of the reports is missing or of the wrong kind.
    """
    for column in _REPORTS:
        if column not in reports.columns:
            raise ValueError(f"reports must have the column {column}, it is missing")
    read_days(reports["date"], "reports date")
    lost = spells[spells["status"] == LOST]
    rows = []
    for spell in lost.to_dict("records"):
        own = reports[reports["patient_id"] == spell["patient_id"]]
        start, next_one = spell["last_infusion"], spell["next_infusion"]
        inside = own["date"] >= start
        if not pd.isna(next_one):
            inside &= own["date"] < next_one
        named = own["date"][inside & own["code"].notna()]
        last = float((named.max() - start).days) if len(named) else float("nan")
        answer = (
            _answer(last, float(spell["lower"]), float(spell["upper"]))
            if inside.any()
            else NOT_ASKED
        )
        rows.append((spell["patient_id"], spell["series"], last, answer))
    frame = pd.DataFrame(
        rows, columns=["patient_id", "series", "last_side_effect", "answer"]
    )
    frame["series"] = frame["series"].astype("int64")
    frame["last_side_effect"] = frame["last_side_effect"].astype("float64")
    frame["answer"] = frame["answer"].astype("str")
    return frame


def _answer(last: float, lower: float, upper: float) -> str:
    if np.isnan(last):
        return NONE_REPORTED
    if last >= upper:
        return OUTLAST
    return END_BEFORE if last <= lower else NOT_CLEAR


def side_effect_words(found: pd.DataFrame) -> str:
    """What `side_effects_and_benefit` found in one patient, as a sentence."""
    asked = found[found["answer"] != NOT_ASKED]
    if asked.empty:
        return "Nobody has asked for side effects in a series whose relief was lost."
    outlasted = int((asked["answer"] == OUTLAST).sum())
    if not outlasted:
        return f"Side effects outlasted relief in none of {len(asked)} series."
    return f"Side effects outlasted relief in {outlasted} of {len(asked)} series."

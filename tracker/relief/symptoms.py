"""Which symptom returns first, and whether side effects outlast relief."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tracker.relief.criteria import Criteria
from tracker.relief.panel import AsOf, read_days
from tracker.relief.population import Population
from tracker.relief.speech import ENGLISH, Speech
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
    by_series: dict[tuple[Hashable, int], dict[str, _Begun]] = {}
    for item in items:
        spells = find_spells(
            diary, infusions, Criteria.for_item(item), as_of, populations.get(item)
        )
        for spell in _begun(spells):
            by_series.setdefault((spell.patient, spell.series), {})[item] = spell
    rows = [
        (patient, series, _first(spells))
        for (patient, series), spells in by_series.items()
        if len(spells) > 1 and any(one.status == LOST for one in spells.values())
    ]
    frame = pd.DataFrame(rows, columns=["patient_id", "series", "first"])
    frame["series"] = frame["series"].astype("int64")
    frame["first"] = frame["first"].astype("str")
    return frame


class _Begun(NamedTuple):
    """A spell in which relief was seen."""

    patient: Hashable
    series: int
    status: str
    lower: float
    upper: float


def _begun(spells: pd.DataFrame) -> list[_Begun]:
    begun = spells[spells["onset"].notna()]
    columns = ("patient_id", "series", "status", "lower", "upper")
    return [
        _Begun(*row)
        for row in zip(*(begun[name].tolist() for name in columns), strict=True)
    ]


def _first(spells: Mapping[str, _Begun]) -> str:
    """The item that was lost before every other, or that it is not clear."""
    lost = {item: spell for item, spell in spells.items() if spell.status == LOST}
    earliest = min(lost, key=lambda item: lost[item].upper)
    # What lasted to `lower` at least was lost after it.
    clear = all(
        spell.lower >= lost[earliest].upper
        for item, spell in spells.items()
        if item != earliest
    )
    return earliest if clear else NOT_CLEAR


def return_words(
    found: pd.DataFrame, names: Mapping[str, str], say: Speech = ENGLISH
) -> str:
    """What `first_to_return` found in one patient, as a sentence.

    `names`: what people call each item, in lower case.
    """
    if found.empty:
        return say.t("No series so far shows which symptom returns first.")
    counts = found["first"].value_counts()
    ordered = sorted(
        (item for item in counts.index if item != NOT_CLEAR),
        key=lambda item: (-counts[item], item),
    )
    said = [
        say.t("{item} in {count}", item=names.get(item, item), count=counts[item])
        for item in ordered
    ]
    if NOT_CLEAR in counts.index:
        said.append(say.t("not clear in {count}", count=counts[NOT_CLEAR]))
    return say.tn(
        "In one series, first to return: {which}.",
        "Of {n} series, first to return: {which}.",
        len(found),
        which=", ".join(said),
    )


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
    asked = _days_asked(reports)
    lost = spells[spells["status"] == LOST]
    rows = []
    for spell in lost.to_dict("records"):
        start, next_one = spell["last_infusion"], spell["next_infusion"]
        inside = [
            (day, named)
            for day, named in asked.get(spell["patient_id"], [])
            if day >= start and (pd.isna(next_one) or day < next_one)
        ]
        last = max((day for day, named in inside if named), default=None)
        days = float("nan") if last is None else float((last - start).days)
        answer = (
            _answer(days, float(spell["lower"]), float(spell["upper"]))
            if inside
            else NOT_ASKED
        )
        rows.append((spell["patient_id"], spell["series"], days, answer))
    frame = pd.DataFrame(
        rows, columns=["patient_id", "series", "last_side_effect", "answer"]
    )
    frame["series"] = frame["series"].astype("int64")
    frame["last_side_effect"] = frame["last_side_effect"].astype("float64")
    frame["answer"] = frame["answer"].astype("str")
    return frame


def _days_asked(reports: pd.DataFrame) -> dict[Hashable, list[tuple[Any, bool]]]:
    """Each patient's days on which somebody asked, and whether one was reported."""
    found: dict[Hashable, list[tuple[Any, bool]]] = {}
    columns = reports["patient_id"], reports["date"], reports["code"].notna()
    for patient, day, named in zip(*columns, strict=True):
        found.setdefault(patient, []).append((day, bool(named)))
    return found


def _answer(last: float, lower: float, upper: float) -> str:
    if np.isnan(last):
        return NONE_REPORTED
    if last >= upper:
        return OUTLAST
    return END_BEFORE if last <= lower else NOT_CLEAR


def side_effect_words(found: pd.DataFrame, say: Speech = ENGLISH) -> str:
    """What `side_effects_and_benefit` found in one patient, as a sentence."""
    asked = found[found["answer"] != NOT_ASKED]
    if asked.empty:
        return say.t(
            "Nobody has asked for side effects in a series whose relief was lost."
        )
    outlasted = int((asked["answer"] == OUTLAST).sum())
    if not outlasted:
        return say.t(
            "Side effects outlasted relief in none of {count} series.", count=len(asked)
        )
    return say.t(
        "Side effects outlasted relief in {outlasted} of {count} series.",
        outlasted=outlasted,
        count=len(asked),
    )

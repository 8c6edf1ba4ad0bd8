"""From answers to a total, its band, and the answers somebody must look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, cast

from tracker.questionnaires.answers import asked_items, check_answers
from tracker.questionnaires.catalogue import find
from tracker.questionnaires.clusters import (
    ClusterScore,
    Provisional,
    judge_pattern,
    score_clusters,
)
from tracker.questionnaires.instrument import Instrument
from tracker.questionnaires.rules import Band, Level

# Means are kept to two decimals, as thirds have no end.
DECIMALS = 2


@dataclass(frozen=True)
class Completeness:
    """How many of what the total counts was answered.

    Parameters
    ----------
    answered, of : int
        Items, a group of which only the highest counts as one; items that earlier
        answers made needless are left out.
    """

    answered: int
    of: int


@dataclass(frozen=True)
class Raised:
    """An answer that somebody must look at."""

    item: str
    value: int
    level: Level
    words: str


@dataclass(frozen=True)
class Score:
    """An answered instrument.

    Parameters
    ----------
    instrument, version : str
        Of the instrument: a score is compared only with its own version.
    total : int or float, optional
        None where it cannot be given; `reason` then says why.
    band : Band, optional
        None without a total, or where no bands are published.
    completeness : Completeness
    prorated : bool
        The total was filled in from the answered items.
    flags : tuple of Raised
        In item order, each at the highest level reached, whatever the total.
    unanswered : tuple of str
        Ids of asked items without an answer.
    unanswered_flags : tuple of str
        Those of them that could have flagged: not answering is no "no".
    clusters : tuple of ClusterScore
    provisional : Provisional, optional
    reason : str
        Why there is no total; empty with one.
    """

    instrument: str
    version: str
    total: float | None
    band: Band | None
    completeness: Completeness
    prorated: bool
    flags: tuple[Raised, ...]
    unanswered: tuple[str, ...]
    unanswered_flags: tuple[str, ...]
    clusters: tuple[ClusterScore, ...]
    provisional: Provisional | None
    reason: str


def score(instrument: Instrument | str, answers: Sequence[int | None]) -> Score:
    """Score one filling of an instrument.

    Parameters
    ----------
    instrument : Instrument or str
        Or the id of one that comes with Respite, such as "phq-9".
    answers : sequence of int or None
        In item order, as option values; None is unanswered.

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        Unknown instrument; too few or too many answers; an answer that is not an
        integer or not an option. Names item, rule and value.

    Notes
    -----
    Where the instrument allows gaps, each counts as the mean of the answered items
    and a sum is rounded to a whole number, half up, so that it falls into a band.
    Answers that flag do so without a total too, and are never filled in.
    """
    found = find(instrument)
    by_item = check_answers(found, answers)
    asked = asked_items(found, by_item)
    values = [_part_value(ids, least, by_item) for ids, least in found.parts]
    answered = [value for value in values if value is not None]
    completeness = _completeness(found, by_item, len(answered))
    reason = _reason(found, completeness)
    total = None if reason else _total(found, answered)
    clusters = score_clusters(found, by_item)
    open_items = [item for item in asked if by_item[item.id] is None]
    return Score(
        instrument=found.id,
        version=found.version,
        total=total,
        band=None if total is None else band_of(found, total),
        completeness=completeness,
        prorated=total is not None and completeness.answered < completeness.of,
        flags=_raised(found, by_item),
        unanswered=tuple(item.id for item in open_items),
        unanswered_flags=tuple(item.id for item in open_items if item.flags),
        clusters=clusters,
        provisional=judge_pattern(found, clusters),
        reason=reason,
    )


def band_of(instrument: Instrument | str, total: float) -> Band | None:
    """The band `total` falls into; None where no bands are published.

    Raises
    ------
    ValueError
        Unknown instrument; `total` is not one it can give.
    """
    found = find(instrument)
    check_total(found, "total", total)
    reached = [band for band in found.bands if total >= band.at_least]
    return reached[-1] if reached else None


def check_total(instrument: Instrument, name: str, total: Any) -> float:
    """`total` as a number `instrument` can give.

    Raises
    ------
    ValueError
        The instrument gives none, or not this one; names rule and value.
    """
    if instrument.bounds is None:
        raise ValueError(f"{instrument.name} gives no total; {name} is {total!r}")
    lowest, highest = instrument.bounds
    number = isinstance(total, int | float) and not isinstance(total, bool)
    if number and lowest <= total <= highest:
        return cast(float, total)
    raise ValueError(
        f"{instrument.name}: {name} must be a number from {lowest:g} to {highest:g}, "
        f"not {total!r}"
    )


def _part_value(
    ids: tuple[str, ...], least: int, answers: Mapping[str, int | None]
) -> int | None:
    given = [answer for i in ids if (answer := answers[i]) is not None]
    return max(given) if len(given) >= least else None


def _completeness(
    instrument: Instrument, answers: Mapping[str, int | None], answered: int
) -> Completeness:
    if instrument.scoring.method != "none":
        return Completeness(answered, len(instrument.parts))
    asked = asked_items(instrument, answers)
    given = sum(answers[item.id] is not None for item in asked)
    return Completeness(given, len(asked))


def _reason(instrument: Instrument, completeness: Completeness) -> str:
    if instrument.scoring.method == "none":
        return f"{instrument.name} gives no total; each answer counts by itself."
    if completeness.answered == 0:
        return "Nothing is answered."
    missing = completeness.of - completeness.answered
    allowed = instrument.scoring.max_missing
    if missing <= allowed:
        return ""
    verb = "is" if missing == 1 else "are"
    gaps = f"{missing} of {completeness.of} {verb} unanswered"
    if allowed == 0:
        return f"{gaps}; {instrument.name} gives a total only when all are answered."
    return f"{gaps}; {instrument.name} gives a total with {allowed} at most."


def _total(instrument: Instrument, answered: Sequence[int]) -> float:
    scoring = instrument.scoring
    mean = Fraction(sum(answered), len(answered))
    if scoring.method == "mean":
        return round(float(mean * scoring.times), DECIMALS)
    raw = floor(mean * len(instrument.parts) + Fraction(1, 2))
    if scoring.table:
        return dict(scoring.table)[raw]
    return raw * scoring.times


def _raised(
    instrument: Instrument, answers: Mapping[str, int | None]
) -> tuple[Raised, ...]:
    raised = []
    for item in instrument.items:
        answer = answers[item.id]
        if answer is None:
            continue
        reached = [flag for flag in item.flags if answer >= flag.at_least]
        if reached:
            flag = max(reached, key=lambda each: each.at_least)
            raised.append(Raised(item.id, answer, flag.level, flag.words))
    return tuple(raised)

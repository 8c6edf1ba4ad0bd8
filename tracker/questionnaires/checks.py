"""Whether the parts of an instrument fit together."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NoReturn

from tracker.questionnaires.loinc import is_loinc

if TYPE_CHECKING:
    from tracker.questionnaires.instrument import Instrument, Item

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_LEVELS = ("low", "moderate", "high")
_LONGEST_DAYS = 366


def refuse(field: str, rule: str, value: object) -> NoReturn:
    """Raise ValueError: `field` must `rule`, not `value`."""
    raise ValueError(f"{field} must {rule}, not {value!r}")


def check(instrument: "Instrument") -> None:
    """Refuse an instrument whose parts contradict each other.

    Raises
    ------
    ValueError
        Names the field, the rule and the value.
    """
    for part in _CHECKS:
        part(instrument)


def _identity(instrument: "Instrument") -> None:
    if not _ID.match(instrument.id):
        rule = "be lower case letters and digits, with single hyphens between them"
        refuse("id", rule, instrument.id)
    for field in ("version", "licence"):
        if not getattr(instrument, field).strip():
            refuse(field, "say something", getattr(instrument, field))
    if not instrument.source.citation.strip():
        refuse("source", "name authors, year and place", instrument.source.citation)
    if instrument.higher_is not in ("worse", "better"):
        refuse("higher_is", "be worse or better", instrument.higher_is)


def _days(instrument: "Instrument") -> None:
    recall, least = instrument.recall_days, instrument.min_interval_days
    if not 0 <= recall <= _LONGEST_DAYS:
        refuse("recall_days", f"be from 0 to {_LONGEST_DAYS}", recall)
    if not recall <= least <= _LONGEST_DAYS:
        rule = f"be from recall_days, {recall}, to {_LONGEST_DAYS}"
        refuse("min_interval_days", rule, least)


def _items(instrument: "Instrument") -> None:
    if not instrument.items:
        refuse("items", "have at least one item", [])
    _unique("items", (item.id for item in instrument.items))
    for item in instrument.items:
        _item(item)


def _item(item: "Item") -> None:
    field = f"items.{item.id}"
    if not item.id.strip():
        refuse("items", "each have an id", item.id)
    if len(item.options) < 2:
        refuse(f"{field}.options", "be at least two", len(item.options))
    _unique(f"{field}.options", (option.value for option in item.options))
    for flag in item.flags:
        lowest, highest = item.values[0] + 1, item.values[-1]
        if not lowest <= flag.at_least <= highest:
            rule = f"be from {lowest} to {highest}"
            refuse(f"{field}.flags.at_least", rule, flag.at_least)
        if flag.level not in _LEVELS:
            refuse(f"{field}.flags.level", f"be {', '.join(_LEVELS)}", flag.level)
    _unique(f"{field}.flags", (flag.at_least for flag in item.flags))


def _asking(instrument: "Instrument") -> None:
    earlier: dict[str, tuple[int, ...]] = {}
    for item in instrument.items:
        gate = item.ask_if
        if gate is not None:
            field = f"items.{item.id}.ask_if"
            if instrument.scoring.method != "none":
                refuse(field, "be left out where there is a total", gate.item)
            if gate.item not in earlier:
                refuse(field, "name an item before this one", gate.item)
            if gate.at_least not in earlier[gate.item]:
                refuse(field, f"name an answer of item {gate.item}", gate.at_least)
        earlier[item.id] = item.values


def _languages(instrument: "Instrument") -> None:
    for text in instrument.texts():
        for language, words in text.by_language:
            if not _LANGUAGE.match(language):
                rule = "be two or three lower case letters (ISO 639)"
                refuse("a language", rule, language)
            if not words.strip():
                refuse(f"every text in {language}", "say something", words)
    if not instrument.languages:
        there = [sorted(text.languages) for text in instrument.texts()]
        refuse("texts", "share at least one language", there)


def _scoring(instrument: "Instrument") -> None:
    scoring = instrument.scoring
    if scoring.method not in ("sum", "mean", "none"):
        refuse("scoring.method", "be sum, mean or none", scoring.method)
    known = {item.id for item in instrument.items}
    _unique("scoring.groups", (group.id for group in scoring.groups))
    _unique("scoring.groups", (i for group in scoring.groups for i in group.items))
    for group in scoring.groups:
        _known(f"scoring.groups.{group.id}", group.items, known)
        if not 1 <= group.least <= len(group.items):
            rule = f"be from 1 to {len(group.items)}"
            refuse(f"scoring.groups.{group.id}.least", rule, group.least)
    if not 0 <= scoring.max_missing < len(instrument.parts):
        rule = f"be from 0 to {len(instrument.parts) - 1}"
        refuse("scoring.max_missing", rule, scoring.max_missing)
    if scoring.times < 1:
        refuse("scoring.times", "be at least 1", scoring.times)
    _table(instrument)


def _table(instrument: "Instrument") -> None:
    scoring = instrument.scoring
    if not scoring.table:
        return
    if scoring.method != "sum" or scoring.times != 1:
        rule = "be left out unless the method is sum and times is 1"
        refuse("scoring.table", rule, (scoring.method, scoring.times))
    lowest, highest = instrument.raw_bounds
    raws = [raw for raw, _ in scoring.table]
    if raws != list(range(lowest, highest + 1)):
        rule = f"give every raw sum from {lowest} to {highest} once, ascending"
        refuse("scoring.table", rule, raws)
    for raw, total in scoring.table:
        if not math.isfinite(total):
            refuse(f"scoring.table.{raw}", "be a finite number", total)


def _bands(instrument: "Instrument") -> None:
    if not instrument.bands:
        return
    bounds = instrument.bounds
    if bounds is None:
        refuse("bands", "be left out where there is no total", len(instrument.bands))
    starts = [band.at_least for band in instrument.bands]
    if starts != sorted(set(starts)):
        refuse("bands", "ascend", starts)
    if starts[0] != bounds[0]:
        refuse("bands", f"begin at the lowest total, {bounds[0]:g}", starts[0])
    if starts[-1] > bounds[1]:
        refuse("bands", f"begin at {bounds[1]:g} or below", starts[-1])
    _unique("bands", (band.code for band in instrument.bands))


def _clusters(instrument: "Instrument") -> None:
    known = {item.id for item in instrument.items}
    _unique("clusters", (cluster.id for cluster in instrument.clusters))
    for cluster in instrument.clusters:
        field = f"clusters.{cluster.id}"
        _known(field, cluster.items, known)
        _unique(field, cluster.items)
        if not 0 <= cluster.needed <= len(cluster.items):
            rule = f"be from 0 to {len(cluster.items)}"
            refuse(f"{field}.needed", rule, cluster.needed)


def _changes(instrument: "Instrument") -> None:
    bounds = instrument.bounds
    given = (instrument.mcid, instrument.response, instrument.remission)
    if bounds is None:
        if any(given):
            refuse("mcid, response and remission", "be left out without a total", given)
        return
    lowest, highest = bounds
    mcid, response, remission = given
    if mcid and not 0 < mcid.points <= highest - lowest:
        rule = f"be above 0 and at most {highest - lowest:g}"
        refuse("mcid.points", rule, mcid.points)
    if response and not 0 < response.share <= 1:
        refuse("response.share", "be above 0 and at most 1", response.share)
    if remission and not lowest <= remission.limit <= highest:
        rule = f"be from {lowest:g} to {highest:g}"
        refuse("remission.limit", rule, remission.limit)


def _codes(instrument: "Instrument") -> None:
    codes = {
        "loinc_panel": instrument.loinc_panel,
        "loinc_score": instrument.loinc_score,
    }
    codes |= {f"items.{item.id}.loinc": item.loinc for item in instrument.items}
    for field, code in codes.items():
        if code is not None and not is_loinc(code):
            refuse(field, "be a LOINC code with its check digit", code)


def _known(field: str, items: Iterable[str], known: set[str]) -> None:
    named = tuple(items)
    if not named:
        refuse(field, "name at least one item", [])
    for item in named:
        if item not in known:
            refuse(field, "name items there are", item)


def _unique(field: str, values: Iterable[object]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            refuse(field, "name each only once", value)


_CHECKS: tuple[Callable[["Instrument"], None], ...] = (
    _identity,
    _days,
    _items,
    _asking,
    _languages,
    _scoring,
    _bands,
    _clusters,
    _changes,
    _codes,
)

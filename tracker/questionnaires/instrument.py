"""What a questionnaire is: wording, answers, scoring, licence, source."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tracker.questionnaires.checks import check
from tracker.questionnaires.rules import (
    AskIf,
    Band,
    Cluster,
    Direction,
    Flag,
    Mcid,
    Remission,
    Response,
    Scoring,
    Source,
)
from tracker.questionnaires.text import ENGLISH, Text, common_languages


@dataclass(frozen=True)
class Option:
    """One answer: its value and its label; without a label the value is shown."""

    value: int
    label: Text | None = None


@dataclass(frozen=True)
class Item:
    """One question.

    Parameters
    ----------
    id : str
        Unique in the instrument; numbered as on paper where paper numbers.
    text : Text
    options : tuple of Option
        In the order they are shown.
    anchors : (Text, Text), optional
        What the lowest and the highest value mean, on a scale of bare numbers.
    flags : tuple of Flag
        The highest one reached counts.
    ask_if : AskIf, optional
        Only where there is no total.
    loinc : str, optional
    """

    id: str
    text: Text
    options: tuple[Option, ...]
    anchors: tuple[Text, Text] | None = None
    flags: tuple[Flag, ...] = ()
    ask_if: AskIf | None = None
    loinc: str | None = None

    @cached_property
    def values(self) -> tuple[int, ...]:
        """Values an answer may have, ascending."""
        return tuple(sorted(option.value for option in self.options))


@dataclass(frozen=True)
class Instrument:
    """A questionnaire as data.

    Parameters
    ----------
    id : str
        Lower case letters, digits and hyphens.
    version : str
        Changes whenever wording, scoring or a band changes; kept with each answer.
    title : Text
    instructions : Text
        Read before the items; the recall period is named here.
    items : tuple of Item
    recall_days : int, days
        How far the answers look back; 0 is now.
    min_interval_days : int, days
        Least time between two fillings; never less than `recall_days`.
    scoring : Scoring
    licence : str
        The terms, as their holder states them.
    source : Source
        Of the instrument itself.
    higher_is : "worse" or "better"
    bands : tuple of Band
        Ascending, the first at the lowest total; empty where none is published.
    bands_source : Source, optional
    clusters : tuple of Cluster
    provisional : str
        What it means when every cluster has the symptoms it needs; empty without
        such a rule.
    mcid, response, remission : optional
        None where nothing is published.
    loinc_panel, loinc_score : str, optional
    notes : tuple of str
        What is not verified, or left out, and why.

    Raises
    ------
    ValueError
        Something does not fit together: names the field, the rule and the value.
    """

    id: str
    version: str
    title: Text
    instructions: Text
    items: tuple[Item, ...]
    recall_days: int
    min_interval_days: int
    scoring: Scoring
    licence: str
    source: Source
    higher_is: Direction = "worse"
    bands: tuple[Band, ...] = ()
    bands_source: Source | None = None
    clusters: tuple[Cluster, ...] = ()
    provisional: str = ""
    mcid: Mcid | None = None
    response: Response | None = None
    remission: Remission | None = None
    loinc_panel: str | None = None
    loinc_score: str | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self)

    @property
    def name(self) -> str:
        """The title in the language it is surely there in."""
        return self.title.get(self.default_language)

    @cached_property
    def parts(self) -> tuple[tuple[tuple[str, ...], int], ...]:
        """What the total counts, in order: item ids, and the answers it needs."""
        grouped = {item: group for group in self.scoring.groups for item in group.items}
        parts: dict[str, tuple[tuple[str, ...], int]] = {}
        for item in self.items:
            group = grouped.get(item.id)
            if group is None:
                parts[f"item {item.id}"] = ((item.id,), 1)
            else:
                parts[f"group {group.id}"] = (group.items, group.least)
        return tuple(parts.values())

    @cached_property
    def bounds(self) -> tuple[float, float] | None:
        """Lowest and highest total; None where there is no total."""
        scoring = self.scoring
        if scoring.method == "none":
            return None
        if scoring.table:
            totals = [total for _, total in scoring.table]
            return min(totals), max(totals)
        lowest, highest = self.raw_bounds
        count = len(self.parts) if scoring.method == "mean" else 1
        return lowest * scoring.times / count, highest * scoring.times / count

    @cached_property
    def raw_bounds(self) -> tuple[int, int]:
        """Lowest and highest sum of the answers that count."""
        values = {item.id: item.values for item in self.items}
        lowest = sum(max(values[i][0] for i in ids) for ids, _ in self.parts)
        highest = sum(max(values[i][-1] for i in ids) for ids, _ in self.parts)
        return lowest, highest

    def texts(self) -> Iterator[Text]:
        """Every text a patient reads."""
        yield self.title
        yield self.instructions
        for item in self.items:
            yield item.text
            yield from item.anchors or ()
            for option in item.options:
                if option.label is not None:
                    yield option.label

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every text is there, sorted."""
        return common_languages(self.texts())

    @property
    def default_language(self) -> str:
        """English where it is there, else the first language there is."""
        return ENGLISH if ENGLISH in self.languages else self.languages[0]

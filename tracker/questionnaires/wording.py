"""What a screen needs to ask an instrument."""

from dataclasses import dataclass
from typing import Any

from tracker.questionnaires.catalogue import find
from tracker.questionnaires.instrument import Instrument, Item

# Of the document `as_json` makes; changes when a key changes its meaning.
FORMAT = 1


@dataclass(frozen=True)
class AskedItem:
    """One question as it is shown.

    Parameters
    ----------
    id, text : str
    options : tuple of (int, str)
        Value and label, in the order they are shown.
    anchors : (str, str), optional
        What the lowest and the highest number mean.
    """

    id: str
    text: str
    options: tuple[tuple[int, str], ...]
    anchors: tuple[str, str] | None


@dataclass(frozen=True)
class Wording:
    """An instrument in one language.

    Parameters
    ----------
    asked_for, language : str
        The language wanted, and the one this is in.
    fell_back : bool
        They differ: the screen says so.
    note : str
        That, in words; empty where they do not differ.
    title, instructions : str
    items : tuple of AskedItem
    """

    asked_for: str
    language: str
    fell_back: bool
    note: str
    title: str
    instructions: str
    items: tuple[AskedItem, ...]


def wording(instrument: Instrument | str, language: str) -> Wording:
    """The texts of an instrument, in `language` where it is there.

    Parameters
    ----------
    instrument : Instrument or str
        Or the id of one that comes with Respite.
    language : str
        A language tag such as "es" or "es-MX"; the region is not looked at, and
        neither is upper or lower case.

    Returns
    -------
    Wording
        In English where the language is not there (in the first language there is
        where English is not), and then saying so. Never in two languages at once.

    Raises
    ------
    ValueError
        Unknown instrument.
    """
    found = find(instrument)
    wanted = language.replace("_", "-").split("-")[0].lower()
    there = wanted if wanted in found.languages else found.default_language
    fell_back = there != wanted
    return Wording(
        asked_for=language,
        language=there,
        fell_back=fell_back,
        note=_note(found, language, there) if fell_back else "",
        title=found.title.get(there),
        instructions=found.instructions.get(there),
        items=tuple(_asked(item, there) for item in found.items),
    )


def _note(instrument: Instrument, asked_for: str, there: str) -> str:
    return (
        f"{instrument.name} has no checked wording in {asked_for!r}; this is {there!r}."
    )


def _asked(item: Item, language: str) -> AskedItem:
    anchors = item.anchors
    return AskedItem(
        id=item.id,
        text=item.text.get(language),
        options=tuple(
            (
                option.value,
                str(option.value)
                if option.label is None
                else option.label.get(language),
            )
            for option in item.options
        ),
        anchors=anchors and (anchors[0].get(language), anchors[1].get(language)),
    )


def as_json(instrument: Instrument | str, language: str) -> dict[str, Any]:
    """What a phone needs to ask an instrument, as JSON values.

    Parameters
    ----------
    instrument : Instrument or str
    language : str
        As for `wording`.

    Returns
    -------
    dict
        format (int, of this document), id, version, language, asked_for (str),
        fell_back (bool), note, title, instructions (str), recall_days,
        min_interval_days (int), licence, citation (str), items (list). An item has
        id, text (str), options (list of value, label), anchors (two str, or None),
        flags_from (int or None: the least value somebody must look at) and ask_if
        (item, at_least; or None). The same instrument and language always give the
        same document; `id` and `version` name its content.

    Raises
    ------
    ValueError
        Unknown instrument.
    """
    found = find(instrument)
    said = wording(found, language)
    items = zip(found.items, said.items, strict=True)
    return {
        "format": FORMAT,
        "id": found.id,
        "version": found.version,
        "language": said.language,
        "asked_for": said.asked_for,
        "fell_back": said.fell_back,
        "note": said.note,
        "title": said.title,
        "instructions": said.instructions,
        "recall_days": found.recall_days,
        "min_interval_days": found.min_interval_days,
        "licence": found.licence,
        "citation": found.source.citation,
        "items": [_item_json(item, asked) for item, asked in items],
    }


def _item_json(item: Item, asked: AskedItem) -> dict[str, Any]:
    gate = item.ask_if
    return {
        "id": asked.id,
        "text": asked.text,
        "options": [{"value": value, "label": label} for value, label in asked.options],
        "anchors": None if asked.anchors is None else list(asked.anchors),
        "flags_from": min((flag.at_least for flag in item.flags), default=None),
        "ask_if": gate and {"item": gate.item, "at_least": gate.at_least},
    }

"""An instrument from a parsed document, for wording only a clinic may hold."""

from collections.abc import Mapping
from typing import Any

from tracker.questionnaires.checks import refuse
from tracker.questionnaires.fields import Fields
from tracker.questionnaires.instrument import Instrument, Item, Option
from tracker.questionnaires.load_rules import (
    read_bands,
    read_clusters,
    read_mcid,
    read_remission,
    read_response,
    read_scoring,
    read_source,
)
from tracker.questionnaires.rules import AskIf, Flag

# Of the document; changes when a field changes its meaning.
DOCUMENT_FORMAT = 1

_DOCUMENT = (
    "format id version title instructions options items recall_days "
    "min_interval_days higher_is scoring bands bands_source clusters provisional "
    "mcid response remission loinc licence source notes"
)
_LEVELS = ("low", "moderate", "high")


def load(document: Mapping[str, Any]) -> Instrument:
    """Build an instrument from a document, parsed from JSON by the caller.

    Parameters
    ----------
    document : mapping
        Its fields are described in docs/questionnaires.md.

    Returns
    -------
    Instrument

    Raises
    ------
    ValueError
        A field is missing, unknown, of the wrong type, or contradicts another;
        names the field, the rule and the value.
    """
    fields = Fields.of(document, allowed=_DOCUMENT)
    if fields.whole("format") != DOCUMENT_FORMAT:
        refuse("format", f"be {DOCUMENT_FORMAT}", document["format"])
    codes = Fields.of(fields.raw("loinc", {}), "loinc", allowed="panel score")
    recall = fields.whole("recall_days")
    return Instrument(
        id=fields.string("id"),
        version=fields.string("version"),
        title=fields.text("title"),
        instructions=fields.text("instructions"),
        items=_read_items(fields),
        recall_days=recall,
        min_interval_days=fields.whole("min_interval_days", recall),
        scoring=read_scoring(fields),
        licence=fields.string("licence"),
        source=read_source(fields),
        higher_is=fields.choice("higher_is", ("worse", "better"), "worse"),
        bands=read_bands(fields),
        bands_source=(
            read_source(fields, "bands_source") if fields.raw("bands", None) else None
        ),
        clusters=read_clusters(fields),
        provisional=fields.string("provisional", ""),
        mcid=read_mcid(fields),
        response=read_response(fields),
        remission=read_remission(fields),
        loinc_panel=codes.string("panel", None),
        loinc_score=codes.string("score", None),
        notes=fields.strings("notes"),
    )


def _read_items(fields: Fields) -> tuple[Item, ...]:
    return tuple(
        _read_item(fields, f"items.{place}", value)
        for place, value in enumerate(fields.items("items"), start=1)
    )


def _read_item(document: Fields, path: str, value: object) -> Item:
    allowed = "id text options anchors flags ask_if loinc"
    fields = Fields.of(value, path, allowed=allowed)
    shared = fields.raw("options", None) is None
    return Item(
        id=fields.string("id"),
        text=fields.text("text"),
        options=_read_options(document if shared else fields),
        anchors=_read_anchors(fields),
        flags=_read_flags(fields),
        ask_if=_read_ask_if(fields),
        loinc=fields.string("loinc", None),
    )


def _read_options(fields: Fields) -> tuple[Option, ...]:
    options = []
    for place, value in enumerate(fields.items("options"), start=1):
        path = f"{fields.where('options')}.{place}"
        option = Fields.of(value, path, allowed="value label")
        label = option.raw("label", None)
        options.append(
            Option(
                value=option.whole("value"),
                label=None if label is None else option.text("label"),
            )
        )
    return tuple(options)


def _read_anchors(fields: Fields) -> Any:
    value = fields.raw("anchors", None)
    if value is None:
        return None
    anchors = Fields.of(value, fields.where("anchors"), allowed="lowest highest")
    return anchors.text("lowest"), anchors.text("highest")


def _read_flags(fields: Fields) -> tuple[Flag, ...]:
    flags = []
    for place, value in enumerate(fields.items("flags", ()), start=1):
        path = f"{fields.where('flags')}.{place}"
        flag = Fields.of(value, path, allowed="at_least level words")
        flags.append(
            Flag(
                at_least=flag.whole("at_least"),
                level=flag.choice("level", _LEVELS),
                words=flag.string("words"),
            )
        )
    return tuple(flags)


def _read_ask_if(fields: Fields) -> AskIf | None:
    value = fields.raw("ask_if", None)
    if value is None:
        return None
    gate = Fields.of(value, fields.where("ask_if"), allowed="item at_least")
    return AskIf(item=gate.string("item"), at_least=gate.whole("at_least"))

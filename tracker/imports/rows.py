"""From a row's cells to a diary day as the API would be sent it."""

import re
from collections.abc import Mapping
from typing import Any

from tracker.imports.columns import plain
from tracker.problems import one
from tracker.vocabulary import SCORES

_NUMBER = re.compile(r"^-?\d{1,6}([.,]\d{1,6})?$", re.ASCII)
NONE_WORDS = {"none", "no", "ninguno", "ninguna", "0", "-"}
SEVERITY_WORDS = {"mild": 1, "moderate": 2, "severe": 3, "leve": 1, "moderado": 2,
                  "grave": 3}  # fmt: skip


def payload_of(cells: Mapping[str, str], terms: Mapping[str, str]) -> dict[str, Any]:
    """What a phone would have sent for these cells; blank cells are left out.

    Parameters
    ----------
    cells
        Text by item: the 0-10 items, sleep_hours, note, side_effects.
    terms
        Side-effect code by its plain name, lay or clinical, and by itself.
    """
    payload: dict[str, Any] = {}
    for item in (*SCORES, "sleep_hours"):
        text = cells.get(item, "")
        if text:
            payload[item] = _number(item, text)
    if cells.get("note"):
        payload["note"] = cells["note"]
    if cells.get("side_effects"):
        payload["side_effects"] = _side_effects(cells["side_effects"], terms)
    return payload


def _number(item: str, text: str) -> float:
    if not _NUMBER.match(text):
        raise one(item, "a number", text[:80], f"{text[:80]!r} is not a number.")
    return float(text.replace(",", "."))


def _side_effects(text: str, terms: Mapping[str, str]) -> list[dict[str, Any]]:
    """ "nausea:2; headache" as codes with severities, 1 where none is given."""
    if plain(text) in NONE_WORDS:
        return []
    return [
        _side_effect(part, terms) for part in re.split(r"[;|]", text) if part.strip()
    ]


def _side_effect(part: str, terms: Mapping[str, str]) -> dict[str, Any]:
    name, _, strength = part.partition(":")
    code = terms.get(plain(name))
    if code is None:
        raise one(
            "side_effects",
            "a side effect of the vocabulary, as nausea:2; headache",
            name.strip()[:80],
            f"{name.strip()[:80]!r} is not in the vocabulary of side effects.",
        )
    word = plain(strength) or "1"
    severity = SEVERITY_WORDS.get(word) or (
        int(word) if word in {"1", "2", "3"} else None
    )
    if severity is None:
        raise one(
            "side_effects", "1, 2 or 3", strength.strip()[:80], "Severity is 1, 2 or 3."
        )
    return {"code": code, "severity": severity}

"""JSON from strangers, decoded once and strictly.

Python's decoder lets through NaN, duplicate keys and lone surrogates, and gives
up loudly on deep nesting and huge integers. Here each is one ordinary refusal,
the same on every database, before the database is asked.
"""

import json
import re
from math import isinf
from typing import Any, NoReturn

from tracker.problems import Invalid, one

MAX_DIGITS = 40
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def decode(body: bytes) -> Any:
    """The value in `body`.

    Raises
    ------
    Invalid
        Not UTF-8, not JSON, or JSON that means different things to different
        readers.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise one("body", "UTF-8 text", None, "The body is not UTF-8 text.") from None
    if text.startswith("\ufeff"):
        raise one(
            "body",
            "no byte-order mark",
            None,
            "The body starts with a byte-order mark; send plain UTF-8.",
        )
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise one(
            "body", "few levels of nesting", None, "The body is nested too deeply."
        ) from None
    except json.JSONDecodeError as error:
        raise one(
            "body",
            "valid JSON",
            None,
            f"The body is not valid JSON: {error.msg} at character {error.pos}.",
        ) from None
    # Only an escape can smuggle in what no database stores; most bodies have none.
    if _ESCAPED.search(text):
        _check_texts("body", value)
    return value


def _check_texts(field: str, value: Any) -> None:
    if isinstance(value, str):
        check_text(field, value)
    elif isinstance(value, list):
        for item in value:
            _check_texts(field, item)
    elif isinstance(value, dict):
        for name, item in value.items():
            check_text(field, name)
            _check_texts(name if field == "body" else f"{field}.{name}", item)


def check_text(field: str, text: str) -> str:
    """`text`, if every database can store it."""
    found = _UNSTORABLE.search(text)
    if found is None:
        return text
    name = "a NUL character" if found[0] == "\x00" else "half of a surrogate pair"
    raise one(
        field,
        "text without NUL characters or lone surrogates",
        shown(text),
        f"{field} holds {name}, which cannot be stored.",
    )


def shown(value: Any, limit: int = 200) -> Any:
    """`value` as an error may repeat it: short, and itself valid JSON."""
    if isinstance(value, float) and (value != value or isinf(value)):
        return str(value)
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = value if isinstance(value, str) else repr(value)
    short = text if len(text) <= limit else text[:limit] + "…"
    return _UNSTORABLE.sub("\ufffd", short)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, value in pairs:
            if key in seen:
                raise one(
                    shown(key),
                    "each field once",
                    shown(value),
                    f"{shown(key)} is given twice.",
                )
            seen.add(key)
    return found


def _constant(name: str) -> NoReturn:
    raise _not_a_number(name)


def _float(literal: str) -> float:
    value = float(literal)
    if isinf(value):
        raise _not_a_number(literal)
    return value


def _int(literal: str) -> int:
    if len(literal) > MAX_DIGITS:
        raise one(
            "body",
            f"numbers of at most {MAX_DIGITS} digits",
            literal[:MAX_DIGITS] + "…",
            f"A number in the body has {len(literal)} digits.",
        )
    return int(literal)


def _not_a_number(literal: str) -> Invalid:
    return one(
        "body",
        "finite numbers",
        shown(literal),
        f"{shown(literal)} is not a finite number.",
    )


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_float=_float,
    parse_int=_int,
)

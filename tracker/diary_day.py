"""What may be said about a diary day, whichever way it comes in."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tracker import days
from tracker.language import t
from tracker.problems import Invalid, Problem, Refused, one
from tracker.strict_json import check_text, shown
from tracker.vocabulary import SCORES, STAFF_SOURCES, Source

MAX_NOTE = 500
MAX_SIDE_EFFECTS = 40
SEVERITIES = (1, 2, 3)


@dataclass(frozen=True)
class DayContent:
    """One diary day as somebody described it. None is blank, never zero."""

    mood: int | None = None
    anxiety: int | None = None
    pain: int | None = None
    sleep_quality: int | None = None
    energy: int | None = None
    sleep_hours: float | None = None
    note: str = ""
    # None: nobody asked. Empty: asked, and there were none.
    side_effects: tuple[tuple[str, int], ...] | None = None

    def as_json(self) -> dict[str, Any]:
        effects = self.side_effects
        return {
            "mood": self.mood,
            "anxiety": self.anxiety,
            "pain": self.pain,
            "sleep_quality": self.sleep_quality,
            "energy": self.energy,
            "sleep_hours": self.sleep_hours,
            "note": self.note,
            "side_effects": effects
            if effects is None
            else [{"code": code, "severity": severity} for code, severity in effects],
        }

    @property
    def is_blank(self) -> bool:
        return self == DayContent()


@dataclass(frozen=True)
class Device:
    """What a device says of itself; kept, never trusted."""

    id: UUID | None = None
    written_at: datetime | None = None
    time_zone: str = ""


@dataclass(frozen=True)
class Day:
    """A validated request to store one diary day."""

    content: DayContent
    content_json: str = field(repr=False)
    content_hash: str = field(repr=False)
    device: Device = Device()
    entered_via: Source | None = None


def parse_day(payload: Any, known_codes: frozenset[str]) -> Day:
    """`payload`, decoded from JSON, as a `Day`.

    Raises
    ------
    Invalid
        With one problem for every field that breaks a rule.
    """
    if not isinstance(payload, dict):
        raise one("body", "a JSON object", shown(payload), "Send one JSON object.")
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in payload.items():
        reader = _READERS.get(name, _unknown)
        try:
            values[name] = reader(name, value)
        except Refused as refusal:
            problems.extend(refusal.problems)
    problems.extend(_unknown_codes(values.get("side_effects"), known_codes))
    if problems:
        raise Invalid(problems)
    return _assemble(values)


def make_day(content: DayContent, device: Device = Device()) -> Day:
    """`content` with the text and hash it is stored under."""
    text = _text(content)
    return Day(content, text, _digest(text), device)


def content_hash(content: DayContent) -> str:
    """Equal for equal content: what a day is compared by when it arrives again."""
    return _digest(_text(content))


def content_json(content: DayContent) -> str:
    """`content.as_json()` as text: what a revision keeps of a day."""
    return _text(content)


def content_of(items: Mapping[str, Any]) -> DayContent:
    """The content that `DayContent.as_json` told, or the columns of a stored day."""
    effects = items["side_effects"]
    if isinstance(effects, str):
        effects = json.loads(effects)
    if effects is not None:
        effects = tuple((one["code"], one["severity"]) for one in effects)
    return DayContent(**{**items, "side_effects": effects})


def _text(content: DayContent) -> str:
    """The content as JSON, as `json.dumps` with no spaces writes `as_json()`.

    Put together here: the encoder would be built anew for each of many days.
    """
    scores = ",".join(
        f'"{item}":{"null" if (score := getattr(content, item)) is None else score}'
        for item in _SCORE_NAMES
    )
    hours = "null" if content.sleep_hours is None else repr(content.sleep_hours)
    return (
        f'{{{scores},"sleep_hours":{hours},"note":{_quoted(content.note)},'
        f'"side_effects":{effects_json(content) or "null"}}}'
    )


def effects_json(content: DayContent) -> str | None:
    """The side effects alone as text; None where nobody asked."""
    effects = content.side_effects
    if not effects:
        return None if effects is None else "[]"
    told = [
        f'{{"code":{_quoted(code)},"severity":{severity}}}'
        for code, severity in effects
    ]
    return f"[{','.join(told)}]"


_SCORE_NAMES = tuple(str(item) for item in SCORES)
_quoted = json.encoder.encode_basestring_ascii


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _assemble(values: dict[str, Any]) -> Day:
    content = DayContent(
        **{item: values.get(item) for item in SCORES},
        sleep_hours=values.get("sleep_hours"),
        note=values.get("note", ""),
        side_effects=values.get("side_effects"),
    )
    text = _text(content)
    return Day(content, text, _digest(text), _device(values), values.get("entered_via"))


def _device(values: Mapping[str, Any]) -> Device:
    if not _OF_DEVICES & values.keys():
        return _NO_DEVICE
    return Device(
        id=values.get("device_id"),
        written_at=values.get("written_at"),
        time_zone=values.get("time_zone", ""),
    )


_OF_DEVICES = frozenset({"device_id", "written_at", "time_zone"})
_NO_DEVICE = Device()


def parse_date(field_name: str, text: str) -> date:
    """A calendar date written YYYY-MM-DD in ASCII digits."""
    try:
        return days.parse_date(text)
    except (ValueError, TypeError):
        pass
    raise one(
        field_name,
        "a calendar date as YYYY-MM-DD",
        shown(text),
        t("{text} is not a calendar date written YYYY-MM-DD.", text=shown(text)),
    )


def _unknown(name: str, value: Any) -> Any:
    known = ", ".join(_READERS)
    raise one(
        shown(name), f"one of: {known}", shown(value), f"{shown(name)} is not known."
    )


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _score(name: str, value: Any) -> int | None:
    if value is None:
        return None
    whole = _whole(value)
    if whole is not None and 0 <= whole <= 10:
        return whole
    raise one(
        name,
        "a whole number from 0 to 10",
        shown(value),
        f"{_label(name)} is {shown(value)!r}; a whole number from 0 to 10 is possible.",
    )


def _whole(value: Any) -> int | None:
    """The integer that `value` is: 6 and 6.0 are, "6" and true are not."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None


def _sleep_hours(name: str, value: Any) -> float | None:
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # NaN fails both comparisons.
    if number and 0 <= value <= 24:
        # Minus zero is stored as zero by one database and as itself by the other.
        return float(value) + 0.0
    raise one(
        name,
        "a number from 0 to 24",
        shown(value),
        f"Sleep is {shown(value)!r} hours; 0 to 24 is possible.",
    )


def _note(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise one(name, "text", shown(value), "A note is text.")
    if len(value) > MAX_NOTE:
        raise one(
            name,
            f"at most {MAX_NOTE} characters",
            shown(value),
            f"The note has {len(value)} characters; {MAX_NOTE} fit.",
        )
    return check_text(name, value)


def _side_effects(name: str, value: Any) -> tuple[tuple[str, int], ...]:
    # An explicit null could mean "none" or "not asked"; leaving it out cannot.
    rule = f"a list of at most {MAX_SIDE_EFFECTS} side effects; left out if not asked"
    if not isinstance(value, list) or len(value) > MAX_SIDE_EFFECTS:
        raise one(name, rule, shown(value), f"Side effects are {rule}.")
    effects = sorted(_effect(f"{name}.{i}", item) for i, item in enumerate(value))
    codes = [code for code, _ in effects]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise one(
            name, "each code once", sorted(twice), f"{sorted(twice)} is named twice."
        )
    return tuple(effects)


def _effect(name: str, item: Any) -> tuple[str, int]:
    if not isinstance(item, dict) or item.keys() != {"code", "severity"}:
        rule = "an object with code and severity"
        raise one(name, rule, shown(item), f"A side effect is {rule}.")
    code, severity = item["code"], _whole(item["severity"])
    if not isinstance(code, str):
        raise one(f"{name}.code", "a code", shown(code), "A code is text.")
    if severity not in SEVERITIES:
        raise one(
            f"{name}.severity",
            "1 (mild), 2 (moderate) or 3 (severe)",
            shown(item["severity"]),
            f"Severity is {shown(item['severity'])!r}; 1, 2 or 3 is possible.",
        )
    return check_text(f"{name}.code", code), severity


def _unknown_codes(
    effects: tuple[tuple[str, int], ...] | None, known: frozenset[str]
) -> list[Problem]:
    return [
        Problem(
            "side_effects",
            "a code of the vocabulary",
            shown(code),
            f"{shown(code)} is not in the vocabulary of side effects.",
        )
        for code, _ in effects or ()
        if code not in known
    ]


def _uuid(name: str, value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise one(name, "a UUID", shown(value), f"{_label(name)} is no UUID.") from None


def _moment(name: str, value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return days.parse_moment(value)
    except (ValueError, TypeError):
        pass
    raise one(
        name,
        "a date and time with offset (RFC 3339)",
        shown(value),
        f"{_label(name)} is not a date and time with offset.",
    )


def _zone(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 64:
        raise one(name, "an IANA time zone", shown(value), "That is no time zone.")
    try:
        days.zone(check_text(name, value))
    except ValueError as error:
        raise one(name, "an IANA time zone", shown(value), str(error)) from None
    return value


def _entered_via(name: str, value: Any) -> Source | None:
    if value is None:
        return None
    possible = (Source.PHONE, *sorted(STAFF_SOURCES))
    if value in possible:
        return Source(value)
    rule = f"one of {', '.join(possible)}"
    raise one(name, rule, shown(value), f"{_label(name)} is {rule}.")


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(SCORES, _score),
    "sleep_hours": _sleep_hours,
    "note": _note,
    "side_effects": _side_effects,
    "device_id": _uuid,
    "written_at": _moment,
    "time_zone": _zone,
    "entered_via": _entered_via,
}

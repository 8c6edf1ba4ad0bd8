"""Numbers to call in a crisis: what a clinic confirmed, else what the file suggests."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tracker.language import msg, t
from tracker.models import Clinic, CrisisLines
from tracker.problems import Problem, not_as_needed

FILE = Path(__file__).with_name("data") / "crisis_lines.json"
MOST_LINES = 8
LONGEST_NAME = 80
_PHONE = re.compile(r"[+0-9][0-9 ()-]{1,18}", re.ASCII)
PHONE_RULE = msg("digits, with + ( ) - and spaces, at most 19")


@lru_cache(1)
def _file() -> Mapping[str, Any]:
    stored: Mapping[str, Any] = json.loads(FILE.read_text("utf-8"))
    return stored


def suggestions() -> Mapping[str, Any]:
    """By ISO country: the emergency number and lines nobody has confirmed yet."""
    countries: Mapping[str, Any] = _file()["countries"]
    return countries


def suggested_on() -> date:
    """When the suggestions were written down: numbers change."""
    return date.fromisoformat(_file()["written"])


def card_of(clinic: Clinic) -> dict[str, Any]:
    """The numbers for `clinic`'s patients; `confirmed` says whether it checked them.

    A clinic that has confirmed nothing has no country of its own either: nothing
    is guessed, and the phone names the emergency numbers of continents.
    """
    own = CrisisLines.objects.filter(clinic=clinic).first()
    if own is None:
        return {"confirmed": False, "country": "", "emergency": "", "lines": []}
    return {
        "confirmed": True,
        "country": own.country,
        "emergency": own.emergency,
        "lines": own.lines,
    }


def is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None


def problems_of(
    country: str, emergency: str, lines: Sequence[Mapping[str, str]]
) -> list[Problem]:
    """What keeps these numbers from being shown to somebody in a crisis."""
    found = []
    if not re.fullmatch("[A-Z]{2}", country):
        rule = t("an ISO country code, as ES")
        found.append(_wrong("country", rule, country))
    if not is_phone(emergency):
        found.append(_wrong("emergency", t(PHONE_RULE), emergency))
    if len(lines) > MOST_LINES:
        rule = t("at most {n} lines", n=MOST_LINES)
        found.append(_wrong("lines", rule, len(lines)))
    for number, line in enumerate(lines):
        found.extend(_problems_of_line(number, line))
    return found


def _problems_of_line(number: int, line: Mapping[str, str]) -> list[Problem]:
    found = []
    name, phone, sms = line["name"], line["phone"], line["sms"]
    if not 1 <= len(name) <= LONGEST_NAME:
        rule = t("a name of 1 to {n} characters", n=LONGEST_NAME)
        found.append(_wrong(f"lines.{number}.name", rule, name))
    if not is_phone(phone):
        found.append(_wrong(f"lines.{number}.phone", t(PHONE_RULE), phone))
    if sms and not is_phone(sms):
        found.append(_wrong(f"lines.{number}.sms", t(PHONE_RULE), sms))
    if len(line["hours"]) > LONGEST_NAME:
        rule = t("at most {n} characters", n=LONGEST_NAME)
        found.append(_wrong(f"lines.{number}.hours", rule, line["hours"]))
    return found


def _wrong(field: str, rule: str, value: Any) -> Problem:
    said = value if value not in ("", None) else t("nothing")
    return Problem(field, rule, value, not_as_needed(said, rule))

"""The dashboard's words in the language of whoever looks.

English stands in the source; each file in `tracker/locales` holds one other language,
by the English text. A context variable says which language is spoken, so what runs
without a screen (the API, the worker, a command) speaks English.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

ENGLISH = "en"
# As each language calls itself.
NAMES = {"en": "English", "es": "Español"}
_FILES = Path(__file__).parent / "locales"
# Languages that write 2,5 and not 2.5.
_WITH_COMMA = frozenset({"es"})

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def msg(text: str) -> str:
    """Mark a text that is translated later, where it is shown."""
    return text


MONTHS = (
    msg("Jan"),
    msg("Feb"),
    msg("Mar"),
    msg("Apr"),
    msg("May"),
    msg("Jun"),
    msg("Jul"),
    msg("Aug"),
    msg("Sep"),
    msg("Oct"),
    msg("Nov"),
    msg("Dec"),
)
WEEKDAYS = (
    msg("Mon"),
    msg("Tue"),
    msg("Wed"),
    msg("Thu"),
    msg("Fri"),
    msg("Sat"),
    msg("Sun"),
)


@lru_cache(1)
def languages() -> tuple[str, ...]:
    """Languages there are words for, English first."""
    return (ENGLISH, *sorted(path.stem for path in _FILES.glob("*.json")))


def current() -> str:
    """The language that is spoken here and now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block; English where it is not known."""
    token = _spoken.set(language if language in languages() else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


def wanted(chosen: str, accepted: Sequence[str]) -> str:
    """The language to speak to somebody.

    Parameters
    ----------
    chosen : str
        What they chose themselves; empty or unknown for nothing.
    accepted : sequence of str
        BCP 47 tags their browser asks for, the most wanted first.
    """
    asked = (tag.lower().split("-")[0] for tag in (chosen, *accepted))
    return next((tag for tag in asked if tag in languages()), ENGLISH)


def t(text: str, /, **values: object) -> str:
    """`text` in the spoken language, with each `{name}` filled in from `values`."""
    found = _catalogue(_spoken.get()).get(text)
    return _fill(found if isinstance(found, str) and found else text, values)


def tn(one: str, many: str, number: int, /, **values: object) -> str:
    """`one` or `many`, by `number`, which fills `{n}`; the catalogue's key is `many`."""
    found = _catalogue(_spoken.get()).get(many)
    forms = found if isinstance(found, dict) else {"one": one, "other": many}
    text = forms["one"] if number == 1 else forms["other"]
    return _fill(text, {"n": number, **values})


def number(value: float, places: int | None = None) -> str:
    """A number to be read: with `places` decimals, or as few as it needs."""
    text = f"{value:g}" if places is None else f"{value:.{places}f}"
    return text.replace(".", ",") if _spoken.get() in _WITH_COMMA else text


def day_month(day: date, today: date | None = None) -> str:
    """'21 Nov', with the year when it is not that of `today`."""
    text = f"{day.day} {month(day)}"
    return text if today and today.year == day.year else f"{text} {day.year}"


def full_date(day: date) -> str:
    """'01 Nov 2026'."""
    first = f"{day.day:02}" if _spoken.get() == ENGLISH else str(day.day)
    return f"{first} {month(day)} {day.year}"


def month(day: date) -> str:
    """The short name of the day's month."""
    return t(MONTHS[day.month - 1])


def weekday(day: date) -> str:
    """The short name of the day of the week."""
    return t(WEEKDAYS[day.weekday()])


@lru_cache(8)
def _catalogue(language: str) -> Mapping[str, Any]:
    if language == ENGLISH:
        return {}
    found: dict[str, Any] = json.loads((_FILES / f"{language}.json").read_text("utf-8"))
    return found


class _Kept(dict[str, object]):
    """A name in braces that nobody fills stays as it is, and fails no page."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _fill(text: str, values: Mapping[str, object]) -> str:
    return text.format_map(_Kept(values)) if values else text

"""Reasons in words: plain, with the days behind them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.triage import rules


def reason(kind: str, since: date, detail: Mapping[str, Any], today: date) -> str:
    """One sentence: what was found, and since when."""
    return _SENTENCES[kind](since, detail, today)


def _flag(since: date, detail: Mapping[str, Any], today: date) -> str:
    what = ", ".join(detail["what"])
    return f"Red flag for {day(since, today)}: {what}."


def _lost(since: date, detail: Mapping[str, Any], today: date) -> str:
    lower, upper = detail["lower"], detail["upper"]
    ago = days_ago((today - since).days)
    if lower is not None and upper - lower > 1:
        return f"Relief was lost between day {lower} and day {upper}, {ago}."
    return f"Relief was lost on day {upper}, {ago}."


def _fading(since: date, detail: Mapping[str, Any], today: date) -> str:
    pending = detail["pending"]
    logs = "The last log is" if pending == 1 else f"The last {pending} logs are"
    return f"{logs} below the mark; a loss is not confirmed."


def _expected(since: date, detail: Mapping[str, Any], today: date) -> str:
    chance = f"{100 * detail['chance']:.0f} %"
    until = day(date.fromisoformat(detail["until"]), today)
    if detail["booked"]:
        return f"Relief will probably fade before the booking on {until} ({chance})."
    return f"Relief will probably fade by {until} ({chance}), and nothing is booked."


def _silence(since: date, detail: Mapping[str, Any], today: date) -> str:
    if not detail["last"]:
        return f"Nothing logged yet, {(today - since).days + 1} days after joining."
    silent = (today - date.fromisoformat(detail["last"])).days
    return f"Nothing logged for {silent} days{_usually(detail['habit'])}."


def _usually(habit: int | None) -> str:
    if habit is None:
        return ""
    if habit == 1:
        return "; usually every day is logged"
    return f"; usually at most {habit} days pass"


def day(value: date, today: date) -> str:
    """'21 Nov', with the year when it is not this one."""
    text = f"{value.day} {value:%b}"
    return text if value.year == today.year else f"{text} {value.year}"


def days_ago(days: int) -> str:
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


_SENTENCES = {
    rules.RED_FLAG: _flag,
    rules.LOST: _lost,
    rules.FADING: _fading,
    rules.EXPECTED: _expected,
    rules.SILENCE: _silence,
}

"""Reasons in words: plain, with the days behind them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.language import day_month, t, tn
from tracker.triage import rules


def reason(kind: str, since: date, detail: Mapping[str, Any], today: date) -> str:
    """One sentence: what was found, and since when."""
    return _SENTENCES[kind](since, detail, today)


def _flag(since: date, detail: Mapping[str, Any], today: date) -> str:
    what = ", ".join(t(one) for one in detail["what"])
    return t("Red flag for {day}: {what}.", day=day_month(since, today), what=what)


def _lost(since: date, detail: Mapping[str, Any], today: date) -> str:
    lower, upper = detail["lower"], detail["upper"]
    ago = days_ago((today - since).days)
    if lower is not None and upper - lower > 1:
        return t(
            "Relief was lost between day {lower} and day {upper}, {ago}.",
            lower=lower,
            upper=upper,
            ago=ago,
        )
    return t("Relief was lost on day {upper}, {ago}.", upper=upper, ago=ago)


def _fading(since: date, detail: Mapping[str, Any], today: date) -> str:
    return tn(
        "The last log is below the mark; a loss is not confirmed.",
        "The last {n} logs are below the mark; a loss is not confirmed.",
        detail["pending"],
    )


def _expected(since: date, detail: Mapping[str, Any], today: date) -> str:
    chance = f"{100 * detail['chance']:.0f} %"
    until = day_month(date.fromisoformat(detail["until"]), today)
    if detail["booked"]:
        return t(
            "Relief will probably fade before the booking on {day} ({chance}).",
            day=until,
            chance=chance,
        )
    return t(
        "Relief will probably fade by {day} ({chance}), and nothing is booked.",
        day=until,
        chance=chance,
    )


def _silence(since: date, detail: Mapping[str, Any], today: date) -> str:
    if not detail["last"]:
        days = (today - since).days + 1
        return t("Nothing logged yet, {days} days after joining.", days=days)
    silent = (today - date.fromisoformat(detail["last"])).days
    usually = _usually(detail["habit"])
    return t("Nothing logged for {days} days{usually}.", days=silent, usually=usually)


def _usually(habit: int | None) -> str:
    if habit is None:
        return ""
    if habit == 1:
        return t("; usually every day is logged")
    return t("; usually at most {days} days pass", days=habit)


def days_ago(days: int) -> str:
    """How long ago, in words."""
    if days <= 0:
        return t("today")
    return t("yesterday") if days == 1 else t("{n} days ago", n=days)


_SENTENCES = {
    rules.RED_FLAG: _flag,
    rules.LOST: _lost,
    rules.FADING: _fading,
    rules.EXPECTED: _expected,
    rules.SILENCE: _silence,
}

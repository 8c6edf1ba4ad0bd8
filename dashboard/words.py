"""Sentences of the dashboard: plain, exact, and never more than is known."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker import language
from tracker.language import msg, t, tn
from tracker.relief_words import STATUSES

STATUS_WORDS = dict(STATUSES)
# State is always shape and word, colour comes third.
STATUS_MARKS = {
    "lost": "▬",
    "holding": "➤",
    "cut_by_infusion": "┤",
    "cut_by_silence": "┆",
    "no_response": "○",
    "not_assessable": "▨",
}
STATUS_TONES = {
    "lost": "lost",
    "holding": "relief",
    "cut_by_infusion": "infusion",
    "cut_by_silence": "unknown",
    "no_response": "unknown",
    "not_assessable": "unknown",
}
REASONS = {
    "no_baseline": msg("no day before the first infusion was logged"),
    "floor": msg("ratings before treatment were too low to show a change"),
    "next_infusion": msg("the next infusion came within three days"),
    "awaiting_onset": msg("less than ten days have passed"),
    "no_logs": msg("no day was logged after it"),
    "too_few_days": msg("too few days were logged after it"),
}
ITEM_WORDS = {
    "mood": msg("Mood"),
    "anxiety": msg("Anxiety"),
    "pain": msg("Pain"),
    "sleep_quality": msg("Sleep quality"),
    "energy": msg("Energy"),
}

SEVERITY_WORDS = {1: msg("mild"), 2: msg("moderate"), 3: msg("severe")}


def item_word(item: str) -> str:
    return t(ITEM_WORDS[item])


def severity_word(severity: int) -> str:
    return t(SEVERITY_WORDS[severity])


def options(labels: Mapping[str, str]) -> dict[str, str]:
    """Choices with their labels in the spoken language."""
    return {value: t(label) for value, label in labels.items()}


def choices(kind: Any) -> dict[str, str]:
    """A vocabulary's codes, with their labels in the spoken language."""
    return {str(code): t(str(label)) for code, label in kind.choices}


def conditions_of(patient: Any) -> str:
    """What a patient is treated for."""
    return ", ".join(t(label) for label in patient.condition_labels)


def day_text(day: date, today: date) -> str:
    """'21 Nov', with the year when it is not this one."""
    return language.day_month(day, today)


def weekday_text(day: date, today: date) -> str:
    """'Fri 21 Nov'."""
    return f"{language.weekday(day)} {day_text(day, today)}"


def span(low: object, high: object) -> str:
    return t("{low} to {high}", low=low, high=high)


def ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return t("{n}th", n=number)
    form = {1: msg("{n}st"), 2: msg("{n}nd"), 3: msg("{n}rd")}.get(
        number % 10, msg("{n}th")
    )
    return t(form, n=number)


def spell_text(spell: Any) -> str:
    """How one spell went, with the days behind the statement."""
    logged = t(
        "{logged} of {expected} days logged",
        logged=spell.days_logged,
        expected=spell.days_expected,
    )
    if spell.status == "lost":
        return _lost_text(spell, logged)
    if spell.status == "holding":
        said = t(
            "Relief is holding; last seen on day {day} ({logged}).",
            day=spell.lower,
            logged=logged,
        )
        return f"{said} {_pending_text(spell.pending)}".strip()
    if spell.status == "not_assessable":
        why = t(REASONS.get(spell.reason, spell.reason))
        return t("Not enough to say: {why} ({logged}).", why=why, logged=logged)
    return t(_HOW_IT_WENT[spell.status], day=spell.lower, logged=logged)


_HOW_IT_WENT = {
    "cut_by_infusion": msg(
        "Relief held to day {day}, then the next infusion came ({logged})."
    ),
    "cut_by_silence": msg(
        "Relief held to day {day}, then nothing was logged ({logged})."
    ),
    "no_response": msg("No clear relief after this infusion ({logged})."),
}


def _lost_text(spell: Any, logged: str) -> str:
    if spell.lower is not None and spell.upper - spell.lower > 1:
        return t(
            "Relief was lost between day {lower} and day {upper} ({logged}).",
            lower=spell.lower,
            upper=spell.upper,
            logged=logged,
        )
    return t(
        "Relief was lost on day {upper} ({logged}).", upper=spell.upper, logged=logged
    )


def _pending_text(pending: int) -> str:
    if not pending:
        return ""
    return tn(
        "The last {n} log is below the mark; a loss is not confirmed.",
        "The last {n} logs are below the mark; a loss is not confirmed.",
        pending,
    )


def status_sentence(spell: Any | None, infusions: int, today: date) -> str:
    """The first thing a clinician reads about a patient."""
    if spell is None:
        return t("No infusion is recorded yet. Days logged now become the baseline.")
    day = (today - spell.last_infusion).days
    said = t(
        "Day {day} after the {ordinal} infusion.", day=day, ordinal=ordinal(infusions)
    )
    return f"{said} {spell_text(spell)}"


def outlook_sentence(outlook: Any | None) -> str:
    """The shortest answer to "until when", or why there is none."""
    if outlook is None:
        return t(
            "No outlook yet: it is made when an infusion and diary days are there."
        )
    return str(outlook.sentences[0])


def outlook_brief(outlook: Any | None, today: date) -> str:
    """A few words for a table."""
    if outlook is None:
        return ""
    if outlook.window is None:
        return t(OUTLOOK_REASONS.get(outlook.reason, msg("not enough to say")))
    usual = next((one for one in outlook.quantiles if one.share == 0.25), None)
    if usual is None or usual.date is None:
        return t("likely for over 180 days")
    if usual.date <= today:
        return t("may have ended")
    return t("likely to {day}", day=day_text(usual.date, today))


OUTLOOK_REASONS = {
    "no_series": "",
    "inducing": msg("in a course"),
    "lost": msg("relief has ended"),
    "no_response": msg("no relief seen"),
    "no_response_likely": msg("relief not likely"),
    "no_end_in_sight": msg("no end in sight"),
    "silence": msg("nothing logged lately"),
    "not_calibrated": msg("not reliable here yet"),
}


def window_text(window: Any, today: date) -> str:
    """'Booster window 24 Nov to 9 Dec.' A range, never one date."""
    if window.start is None:
        return t("Booster window: later than 180 days after the last infusion.")
    start = day_text(window.start, today)
    if window.end is None:
        return t("Booster window: {start} to beyond 180 days.", start=start)
    end = day_text(window.end, today)
    return t("Booster window: {start} to {end}.", start=start, end=end)

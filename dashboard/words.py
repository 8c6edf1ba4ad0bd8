"""Sentences of the dashboard: plain, exact, and never more than is known."""

from datetime import date
from typing import Any

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
    "no_baseline": "no day before the first infusion was logged",
    "floor": "ratings before treatment were too low to show a change",
    "next_infusion": "the next infusion came within three days",
    "awaiting_onset": "less than ten days have passed",
    "no_logs": "no day was logged after it",
    "too_few_days": "too few days were logged after it",
}
ITEM_WORDS = {
    "mood": "Mood",
    "anxiety": "Anxiety",
    "pain": "Pain",
    "sleep_quality": "Sleep quality",
    "energy": "Energy",
}

SEVERITY_WORDS = {1: "mild", 2: "moderate", 3: "severe"}


def day_text(day: date, today: date) -> str:
    """'21 Nov', with the year when it is not this one."""
    text = f"{day.day} {day:%b}"
    return text if day.year == today.year else f"{text} {day.year}"


def ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def plural(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def spell_text(spell: Any) -> str:
    """How one spell went, with the days behind the statement."""
    status, upper, lower = spell.status, spell.upper, spell.lower
    logged = f"{spell.days_logged} of {spell.days_expected} days logged"
    if status == "lost":
        if lower is not None and upper - lower > 1:
            return f"Relief was lost between day {lower} and day {upper} ({logged})."
        return f"Relief was lost on day {upper} ({logged})."
    if status == "holding":
        pending = (
            f" The last {plural(spell.pending, 'log is', 'logs are')} below the mark; "
            "a loss is not confirmed."
            if spell.pending
            else ""
        )
        return f"Relief is holding; last seen on day {lower} ({logged}).{pending}"
    if status == "cut_by_infusion":
        return f"Relief held to day {lower}, then the next infusion came ({logged})."
    if status == "cut_by_silence":
        return f"Relief held to day {lower}, then nothing was logged ({logged})."
    if status == "no_response":
        return f"No clear relief after this infusion ({logged})."
    return f"Not enough to say: {REASONS.get(spell.reason, spell.reason)} ({logged})."


def status_sentence(spell: Any | None, infusions: int, today: date) -> str:
    """The first thing a clinician reads about a patient."""
    if spell is None:
        return "No infusion is recorded yet. Days logged now become the baseline."
    day = (today - spell.last_infusion).days
    return f"Day {day} after the {ordinal(infusions)} infusion. {spell_text(spell)}"


def outlook_sentence(outlook: Any | None) -> str:
    """The shortest answer to "until when", or why there is none."""
    if outlook is None:
        return "No outlook yet: it is made when an infusion and diary days are there."
    return str(outlook.sentences[0])


def outlook_brief(outlook: Any | None, today: date) -> str:
    """A few words for a table."""
    if outlook is None:
        return ""
    if outlook.window is None:
        return OUTLOOK_REASONS.get(outlook.reason, "not enough to say")
    usual = next((one for one in outlook.quantiles if one.share == 0.25), None)
    if usual is None or usual.date is None:
        return "likely for over 180 days"
    if usual.date <= today:
        return "may have ended"
    return f"likely to {day_text(usual.date, today)}"


OUTLOOK_REASONS = {
    "no_series": "",
    "inducing": "in a course",
    "lost": "relief has ended",
    "no_response": "no relief seen",
    "no_response_likely": "relief not likely",
    "no_end_in_sight": "no end in sight",
    "silence": "nothing logged lately",
    "not_calibrated": "not reliable here yet",
}


def window_text(window: Any, today: date) -> str:
    """'Booster window 24 Nov to 9 Dec.' A range, never one date."""
    start = (
        "later than 180 days" if window.start is None else day_text(window.start, today)
    )
    end = "beyond 180 days" if window.end is None else day_text(window.end, today)
    if window.start is None:
        return f"Booster window: {start} after the last infusion."
    return f"Booster window: {start} to {end}."

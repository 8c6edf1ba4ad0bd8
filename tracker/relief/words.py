"""An outlook in plain words, the same on every screen and in every report."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from tracker.relief.outlook import (
    AWAITING,
    HORIZON_AHEAD_DAYS,
    HORIZON_DAYS,
    IN_RELIEF,
    INDUCING,
    IS_LOST,
    NO_RELIEF,
    NO_SERIES,
    PENDING,
    REASONS,
)
from tracker.relief.speech import ENGLISH, Speech

STATE_WORDS = {
    NO_SERIES: "No infusion yet",
    INDUCING: "In a course of infusions",
    AWAITING: "Waiting to see relief",
    IN_RELIEF: "In relief",
    PENDING: "Relief may be ending",
    IS_LOST: "Relief has ended",
    NO_RELIEF: "No relief seen",
    "not assessable": "Cannot be judged",
}

CORRECTION = (
    "Boosters given early hide how long relief would have lasted: counting only what "
    "was seen makes it look too short, and treating each booster as if it came at "
    "random makes it look too long. The corrected curve uses every day's score to "
    "fill in what the boosters hid."
)


def day_word(day: date, today: date | None = None) -> str:
    """A date as people say it: 21 Nov, with the year when it is not today's."""
    return ENGLISH.day_month(day, today)


def day_of(last_infusion: date, days: float) -> date:
    return last_infusion + timedelta(days=round(days))


def outlook_words(
    row: Mapping[str, Any], silence_days: int, say: Speech = ENGLISH
) -> list[str]:
    """What an outlook's row says, as sentences; the first is the shortest answer.

    Parameters
    ----------
    row : mapping
        A row of `make_outlook`; `last_infusion` a date or Timestamp.
    silence_days : int
        Of the criteria.
    say : Speech
        The language.
    """
    state = str(row["state"])
    if state == NO_SERIES:
        return [say.t(REASONS["no_series"])]
    said = []
    if np.isfinite(row["window_from"]):
        said.append(_window_words(row, say))
    if str(row["reason"]):
        why = reason_words(row, silence_days, say)
        said.append(say.t("No booster window is given. {why}", why=why))
    if state in (IN_RELIEF, PENDING, AWAITING):
        said.append(_already_words(row, say))
    said.append(_basis_words(row, say))
    return said


def reason_words(
    row: Mapping[str, Any], silence_days: int, say: Speech = ENGLISH
) -> str:
    """Why no window is given, with the numbers behind it; empty if one is."""
    reason = str(row["reason"])
    if not reason:
        return ""
    return say.t(
        REASONS[reason],
        silence_days=silence_days,
        horizon=max(HORIZON_DAYS, _whole(row["day"]) + HORIZON_AHEAD_DAYS),
        baseline_days=_whole(row["baseline_days"]),
        days_logged=_whole(row["days_logged"]),
    )


def _window_words(row: Mapping[str, Any], say: Speech) -> str:
    start = _as_date(row["last_infusion"])
    today = day_of(start, row["day"])
    span = _span_words(row, start, today, say)
    if row["q25"] <= row["day"]:
        # A date that has passed is no day to hold to.
        return say.t("Relief may have ended already; {span}.", span=span)
    if not np.isfinite(row["q25"]):
        return say.t("Relief likely holds for more than 180 days; {span}.", span=span)
    day = say.day_month(day_of(start, row["q25"]), today)
    return say.t("Relief likely holds to {day}; {span}.", day=day, span=span)


def _span_words(row: Mapping[str, Any], start: date, today: date, say: Speech) -> str:
    low = say.day_month(day_of(start, row["q10"]), today)
    if not np.isfinite(row["q90"]):
        return say.t("80 % between {low} and later than 180 days", low=low)
    high = say.day_month(day_of(start, row["q90"]), today)
    return say.t("80 % between {low} and {high}", low=low, high=high)


def _already_words(row: Mapping[str, Any], say: Speech) -> str:
    gone = 1 - float(row["p_in_relief"])
    none = float(row["p_no_response"])
    if none > 0.05:
        return say.t(
            "The chance that this infusion brings no relief is {chance} %.",
            chance=f"{100 * none:.0f}",
        )
    if gone >= 0.05:
        return say.t(
            "The chance that relief has ended already is {chance} %.",
            chance=f"{100 * gone:.0f}",
        )
    return say.t("That relief has ended already is unlikely.")


def _basis_words(row: Mapping[str, Any], say: Speech) -> str:
    return say.t(
        "This stands on {logged} since the last infusion, {earlier}, and a baseline "
        "from {days} days.",
        logged=say.tn("{n} logged day", "{n} logged days", _whole(row["days_logged"])),
        earlier=say.tn(
            "{n} earlier spell of relief",
            "{n} earlier spells of relief",
            _whole(row["n_earlier_spells"]),
        ),
        days=_whole(row["baseline_days"]),
    )


def _whole(value: Any) -> int:
    return 0 if not np.isfinite(float(value)) else round(float(value))


def _as_date(value: Any) -> date:
    day: date = value.date() if hasattr(value, "date") else value
    return day

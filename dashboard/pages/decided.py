"""What was decided before, what was seen then, and how it turned out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from dash import html

from dashboard import words
from tracker import days, decisions, forecasts, language
from tracker.frames import diary_frame, infusion_frame, spell_frame
from tracker.language import msg, t, tn
from tracker.models import Decision, Patient

# Of decisions, how many are listed open; the rest are folded.
LISTED = 5


def listed(patient: Patient, *, now: datetime) -> Any:
    """Earlier decisions, the newest first, each with what happened since."""
    found = list(
        Decision.objects.filter(patient=patient).select_related(
            "decided_by", "appointment"
        )
    )
    if not found:
        return html.P(t("No decision is recorded yet."), className="muted")
    shown = as_items(found, patient, now=now)
    return html.Div(
        [
            html.H3(t("Decided before")),
            html.Ol(shown[:LISTED], className="decisions"),
            html.Details(
                [
                    html.Summary(t("{n} earlier", n=len(shown) - LISTED)),
                    html.Ol(shown[LISTED:], className="decisions"),
                ]
            )
            if len(shown) > LISTED
            else None,
        ]
    )


def as_items(
    found: Sequence[Decision], patient: Patient, *, now: datetime
) -> list[html.Li]:
    """Each decision with its reason, what was seen, and what happened since."""
    if not found:
        return []
    frames = _frames(patient)
    return [_decision(one, patient, frames, now) for one in found]


Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def _frames(patient: Patient) -> Frames:
    keys = [patient.pk]
    return diary_frame(keys), infusion_frame(keys), spell_frame(keys)


def _decision(
    made: Decision, patient: Patient, frames: Frames, now: datetime
) -> html.Li:
    today = patient.diary_date(now)
    outlook = made.evidence.get("outlook") or {}
    seen = _seen_then(outlook, patient)
    return html.Li(
        [
            html.P(
                [
                    html.Strong(what_was(made, patient, today)),
                    html.Span(
                        f" {words.day_text(made.decided_on, today)}, {made.decided_by}",
                        className="muted",
                    ),
                ]
            ),
            html.P(made.reason, className="reason-text"),
            html.P(t("Seen then: {sentence}", sentence=seen), className="muted"),
            html.Ul(
                [
                    html.Li(look)
                    for look in looks_back(made, patient, frames, today=today)
                ],
                className="looks",
            ),
        ]
    )


def _seen_then(outlook: dict[str, Any], patient: Patient) -> str:
    """The outlook's first sentence, kept in English beside the values it says."""
    sentences = outlook.get("sentences")
    if not sentences:
        return t("There was no outlook.")
    row = outlook.get("row")
    if row is None or language.current() == language.ENGLISH:
        return str(sentences[0])
    return forecasts.first_sentence(row, patient)


def what_was(made: Decision, patient: Patient, today: date) -> str:
    word = t(made.get_kind_display())
    if made.appointment is not None:
        local = made.appointment.planned_at.astimezone(
            days.zone(patient.clinic.time_zone)
        )
        day = words.day_text(local.date(), today)
        if made.appointment.status != "booked":
            day += f", {t(made.appointment.get_status_display()).lower()}"
        return t("{what} for {day}.", what=word, day=day)
    if made.review_on is not None:
        day = words.day_text(made.review_on, today)
        return t("{what} on {day}.", what=word, day=day)
    return f"{word}."


def looks_back(
    made: Decision, patient: Patient, frames: Frames, *, today: date
) -> list[str]:
    """What happened in 2 and in 6 weeks, or when that can be said."""
    item = made.evidence.get("outcome") or patient.primary_outcome
    found = []
    for after in decisions.LOOKS_BACK:
        weeks = t("After {n} weeks", n=after // 7)
        due = made.decided_on + timedelta(days=after)
        if due > today:
            said = t("to be seen on {day}.", day=words.day_text(due, today))
            found.append(f"{weeks}: {said}")
            continue
        turned = decisions.turned_out(
            *frames, item, decided_on=made.decided_on, after_days=after
        )
        found.append(f"{weeks}: {_turned(turned, item)}")
    return found


_RELIEF = {
    "in_relief": msg("in relief"),
    "lost": msg("relief was lost"),
    "no_response": msg("no clear relief"),
    "not_known": msg("not known whether in relief"),
}


def _turned(turned: decisions.TurnedOut, item: str) -> str:
    given = (
        t("no infusion since")
        if not turned.infusions
        else tn("{n} infusion since", "{n} infusions since", turned.infusions)
    )
    name = words.item_word(item).lower()
    if turned.mean_now is None or turned.mean_then is None:
        means = t(
            "too few days logged to compare {item} ({logged} of 7)",
            item=name,
            logged=turned.days_logged,
        )
    else:
        means = t(
            "{item} {now} against {then} ({logged} of 7 days)",
            item=name,
            now=language.number(turned.mean_now, 1),
            then=language.number(turned.mean_then, 1),
            logged=turned.days_logged,
        )
    return f"{t(_RELIEF[turned.relief])}; {given}; {means}."

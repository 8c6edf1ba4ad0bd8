"""The first thing a clinician reads: who, where relief stands, and until when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pandas as pd
from dash import html

from dashboard import words
from dashboard.pages.marks import status_badge
from tracker import forecasts, relief
from tracker.models import Appointment, Patient, ReliefMark, ReliefSpell


def head_card(
    patient: Patient,
    outlook: forecasts.Outlook | None,
    withdrawn: str,
    stored: Sequence[ReliefSpell],
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    today: date,
    now: datetime,
) -> html.Section:
    newest = stored[-1] if stored else None
    born = patient.born_on
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    updating = ReliefMark.objects.filter(patient=patient).exists()
    return html.Section(
        [
            html.Div(
                [
                    html.H1(patient.name),
                    html.P(
                        f"{age} years · {', '.join(patient.condition_labels)}",
                        className="muted",
                    ),
                ]
            ),
            html.P(
                [
                    status_badge(newest.status if newest else ""),
                    " ",
                    words.status_sentence(newest, len(infusions), today),
                    html.Span(" Being updated.", className="muted")
                    if updating
                    else None,
                ],
                className="sentence",
            ),
            html.P(words.outlook_sentence(outlook), className="outlook-line"),
            html.P(withdrawn, className="caution") if withdrawn else None,
            html.Dl(
                [
                    part
                    for name, value in _facts(patient, newest, diary, today, now)
                    for part in (html.Div([html.Dt(name), html.Dd(value)]),)
                ],
                className="facts",
            ),
        ],
        className="patient-head",
    )


def _facts(
    patient: Patient,
    newest: ReliefSpell | None,
    diary: pd.DataFrame,
    today: date,
    now: datetime,
) -> list[tuple[str, str]]:
    lately = diary[diary["date"] > pd.Timestamp(today - timedelta(days=14))]
    booked = (
        Appointment.objects.filter(
            patient=patient, status=Appointment.Status.BOOKED, planned_at__gte=now
        )
        .order_by("planned_at")
        .first()
    )
    facts = [
        ("Main outcome", words.ITEM_WORDS[patient.primary_outcome]),
        ("Before treatment", _baseline(patient, newest)),
        ("Logged, last 14 days", f"{min(len(lately), 14)} of 14"),
        ("Time zone", patient.time_zone),
        (
            "Booked",
            "nothing"
            if booked is None
            else words.day_text(booked.planned_at.date(), today),
        ),
    ]
    if patient.state != "active":
        facts.append(
            ("State", f"{patient.get_state_display()}: {patient.state_reason}")
        )
    return facts


def _baseline(patient: Patient, newest: ReliefSpell | None) -> str:
    """The baseline on the item's own scale, with the days behind it."""
    if newest is None or newest.baseline is None:
        return "not known: no day was logged before the first infusion"
    better_high = relief.Criteria.for_item(patient.primary_outcome).higher_is_better
    points = 10 - newest.baseline if better_high else newest.baseline
    days = words.plural(newest.baseline_days, "day", "days")
    borrowed = ", the clinic's mean" if newest.baseline_source == "clinic" else ""
    return f"{points:.1f} of 10, from {days}{borrowed}"

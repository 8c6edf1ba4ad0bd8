"""The first thing a clinician reads: who, where relief stands, and until when."""

from datetime import datetime, timedelta

import pandas as pd
from dash import html

from dashboard import words
from dashboard.pages.marks import status_badge
from dashboard.pages.patient.view import View
from tracker import language
from tracker.language import t, tn
from tracker.models import Appointment, ReliefMark, ReliefSpell


def head_card(
    view: View, withdrawn: str, label: html.P | None, now: datetime
) -> html.Section:
    patient, today, outlook = view.patient, view.today, view.outlook
    newest = view.stored[-1] if view.stored else None
    born = patient.born_on
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    updating = ReliefMark.objects.filter(patient=patient).exists()
    return html.Section(
        [
            html.Div(
                [
                    html.H1(patient.name),
                    html.P(
                        f"{t('{n} years', n=age)} · {words.conditions_of(patient)}",
                        className="muted",
                    ),
                ]
            ),
            html.P(
                [
                    status_badge(newest.status if newest else ""),
                    " ",
                    words.status_sentence(newest, len(view.infusions), today),
                    html.Span(" " + t("Being updated."), className="muted")
                    if updating
                    else None,
                ],
                className="sentence",
            ),
            html.P(words.outlook_sentence(outlook), className="outlook-line"),
            label,
            html.P(withdrawn, className="caution") if withdrawn else None,
            html.Dl(
                [
                    part
                    for name, value in _facts(view, newest, now)
                    for part in (html.Div([html.Dt(name), html.Dd(value)]),)
                ],
                className="facts",
            ),
        ],
        className="patient-head",
    )


def _facts(
    view: View, newest: ReliefSpell | None, now: datetime
) -> list[tuple[str, str]]:
    patient, today, diary = view.patient, view.today, view.diary
    lately = diary[diary["date"] > pd.Timestamp(today - timedelta(days=14))]
    booked = (
        Appointment.objects.filter(
            patient=patient, status=Appointment.Status.BOOKED, planned_at__gte=now
        )
        .order_by("planned_at")
        .first()
    )
    facts = [
        (t("Main outcome"), words.item_word(view.item)),
        (t("Before treatment"), _baseline(view, newest)),
        (t("Logged, last 14 days"), t("{n} of 14", n=min(len(lately), 14))),
        (t("Time zone"), patient.time_zone),
        (
            t("Booked"),
            t("nothing")
            if booked is None
            else words.day_text(booked.planned_at.date(), today),
        ),
    ]
    if patient.state != "active":
        facts.append(
            (t("State"), f"{t(patient.get_state_display())}: {patient.state_reason}")
        )
    return facts


def _baseline(view: View, newest: ReliefSpell | None) -> str:
    """The baseline on the item's own scale, with the days behind it."""
    if newest is None or newest.baseline is None:
        return t("not known: no day was logged before the first infusion")
    better_high = view.criteria.higher_is_better
    points = 10 - newest.baseline if better_high else newest.baseline
    borrowed = t(", the clinic's mean") if newest.baseline_source == "clinic" else ""
    said = tn(
        "{points} of 10, from {n} day",
        "{points} of 10, from {n} days",
        newest.baseline_days,
        points=language.number(points, 1),
    )
    return said + borrowed

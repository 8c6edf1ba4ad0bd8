"""The visit report: what the patient's page says, on one or two sheets of paper."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pandas as pd
from dash import dcc, html

from dashboard import figures, tokens, words
from dashboard.pages import decide, reasons
from dashboard.pages.charts import chart
from dashboard.pages.marks import status_badge, synthetic_band
from dashboard.pages.patient.change import change_lines
from dashboard.pages.patient.days import effects_table
from dashboard.pages.patient.timeline import ahead_of, items_drawn
from dashboard.pages.tables import plain_table
from dashboard.routes import patient_path
from tracker import audit, days, forecasts
from tracker.access import patient_for
from tracker.frames import diary_frame, infusion_frame, spell_frame
from tracker.models import Decision, Patient, ReliefSpell, User

# What fits on the paper; the page has the rest.
SPELLS_PRINTED = 8
DECISIONS_PRINTED = 3


def layout(user: User, patient_id: UUID, *, now: datetime) -> html.Div:
    patient = patient_for(user, patient_id)
    audit.record_read(
        "visit report", actor_id=user.pk, patient_id=patient.pk, own=False
    )
    today = patient.diary_date(now)
    # Paper is white, whatever the screen is.
    palette = tokens.palette(dark=False)
    diary, infusions = diary_frame([patient.pk]), infusion_frame([patient.pk])
    spells = spell_frame([patient.pk])
    stored = list(ReliefSpell.objects.filter(patient=patient).order_by("series"))
    newest = forecasts.newest_forecast(patient)
    outlook = None if newest is None else forecasts.show(newest)
    return html.Div(
        [
            html.Div(
                [
                    dcc.Link(
                        "Back to the patient",
                        href=patient_path(patient.pk),
                        className="back",
                    ),
                    html.Button("Print or save as PDF", className="print-this"),
                ],
                className="row spread no-print",
            ),
            synthetic_band() if patient.clinic.is_synthetic else None,
            _head(user, patient, stored, len(infusions), outlook, today, now),
            html.H2("Timeline"),
            chart(
                _for_paper(
                    figures.timeline(
                        diary,
                        infusions,
                        spells,
                        palette,
                        items=items_drawn(patient),
                        today=pd.Timestamp(today),
                        ahead=None if outlook is None else ahead_of(outlook),
                    )
                ),
                size="paper",
                still=True,
            ),
            html.H2("Relief after each series of infusions"),
            plain_table(
                ("Series", "Last infusion", "mg/kg", "In words"),
                _spell_rows(stored[-SPELLS_PRINTED:], today),
            ),
            html.H2("Change over time"),
            *change_lines(patient, diary, infusions, spells),
            html.H2("Side effects by when they came"),
            effects_table(patient, infusions),
            html.H2("Decided before"),
            _decisions(patient, now=now),
            _foot(stored, newest),
        ],
        className="report",
    )


def _for_paper(figure: figures.Figure) -> figures.Figure:
    """Without the buttons that paper cannot press."""
    figure["layout"].get("xaxis", {}).pop("rangeselector", None)
    return figure


def _head(
    user: User,
    patient: Patient,
    stored: Sequence[ReliefSpell],
    infusions: int,
    outlook: forecasts.Outlook | None,
    today: date,
    now: datetime,
) -> html.Section:
    newest = stored[-1] if stored else None
    local = now.astimezone(days.zone(patient.clinic.time_zone))
    born = f"{patient.born_on:%d %b %Y}"
    waits = reasons.open_sentences(patient, now=now)
    return html.Section(
        [
            html.H1(patient.name),
            html.P(
                f"Born {born} · {patient.reference or 'no reference'} · "
                f"{', '.join(patient.condition_labels)} · {patient.clinic.name}",
                className="muted",
            ),
            html.P(
                f"Printed {local:%d %b %Y, %H:%M} ({patient.clinic.time_zone}) by "
                f"{user.name}.",
                className="muted small",
            ),
            html.P(
                [
                    status_badge(newest.status if newest else ""),
                    " ",
                    words.status_sentence(newest, infusions, today),
                ],
                className="sentence",
            ),
            html.P(words.outlook_sentence(outlook), className="outlook-line"),
            html.P(words.window_text(outlook.window, today), className="window")
            if outlook is not None and outlook.window is not None
            else None,
            html.Ul([html.Li(text) for text in waits]) if waits else None,
        ]
    )


def _spell_rows(stored: Sequence[ReliefSpell], today: date) -> list[tuple[str, ...]]:
    return [
        (
            str(spell.series),
            words.day_text(spell.last_infusion, today),
            "" if spell.mg_per_kg is None else f"{spell.mg_per_kg:g}",
            words.spell_text(spell),
        )
        for spell in stored
    ]


def _decisions(patient: Patient, *, now: datetime) -> Any:
    found = Decision.objects.filter(patient=patient).select_related(
        "decided_by", "appointment"
    )[:DECISIONS_PRINTED]
    shown = decide.as_items(list(found), patient, now=now)
    if not shown:
        return html.P("No decision is recorded yet.", className="muted")
    return html.Ol(shown, className="decisions")


def _foot(stored: Sequence[ReliefSpell], newest: Any) -> html.Footer:
    newest_spell = stored[-1] if stored else None
    by = (
        "No spell was computed yet."
        if newest_spell is None
        else f"Criteria {newest_spell.criteria_version}; record "
        f"{newest_spell.fingerprint[:12]} as of {newest_spell.as_of}."
    )
    made = "" if newest is None else f" Outlook of {newest.as_of}."
    return html.Footer(
        [
            html.P(f"{by}{made}", className="muted small"),
            html.P(
                "This informs; it is no recommendation to infuse. You decide.",
                className="muted small",
            ),
        ]
    )

"""The visit report: what the patient's page says, on one or two sheets of paper."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dash import dcc, html

from dashboard import figures, tokens, words
from dashboard.pages import decide, reasons
from dashboard.pages.charts import chart
from dashboard.pages.marks import status_badge, synthetic_band
from dashboard.pages.patient.change import change_lines
from dashboard.pages.patient.criteria import criteria_from, label, search_of
from dashboard.pages.patient.days import effects_table
from dashboard.pages.patient.timeline import drawn
from dashboard.pages.patient.view import View, look
from dashboard.pages.tables import plain_table
from dashboard.routes import patient_path
from tracker import audit, days
from tracker.access import patient_for
from tracker.models import Decision, Patient, ReliefSpell, User
from tracker.problems import Refused

# What fits on the paper; the page has the rest.
SPELLS_PRINTED = 8
DECISIONS_PRINTED = 3


def layout(
    user: User, patient_id: UUID, search: str = "", *, now: datetime
) -> html.Div:
    patient = patient_for(user, patient_id)
    audit.record_read(
        "visit report", actor_id=user.pk, patient_id=patient.pk, own=False
    )
    try:
        view = look(patient, criteria_from(patient, search), now=now)
    except Refused:
        view = look(patient, now=now)
    # Paper is white, whatever the screen is.
    palette = tokens.palette(dark=False)
    return html.Div(
        [
            html.Div(
                [
                    dcc.Link(
                        "Back to the patient",
                        href=patient_path(patient.pk)
                        + search_of(patient, view.criteria),
                        className="back",
                    ),
                    html.Button("Print or save as PDF", className="print-this"),
                ],
                className="row spread no-print",
            ),
            synthetic_band() if patient.clinic.is_synthetic else None,
            _head(user, view, now),
            html.H2("Timeline"),
            chart(
                _for_paper(drawn(view, palette)),
                size="paper",
                still=True,
            ),
            html.H2("Relief after each series of infusions"),
            plain_table(
                ("Series", "Last infusion", "mg/kg", "In words"),
                _spell_rows(view.stored[-SPELLS_PRINTED:], view.today),
            ),
            html.H2("Change over time"),
            *change_lines(view),
            html.H2("Side effects by when they came"),
            effects_table(view),
            html.H2("Decided before"),
            _decisions(patient, now=now),
            _foot(view),
        ],
        className="report",
    )


def _for_paper(figure: figures.Figure) -> figures.Figure:
    """Without the buttons that paper cannot press."""
    figure["layout"].get("xaxis", {}).pop("rangeselector", None)
    return figure


def _head(user: User, view: View, now: datetime) -> html.Section:
    patient, today, outlook = view.patient, view.today, view.outlook
    newest = view.stored[-1] if view.stored else None
    infusions = len(view.infusions)
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
            label(view),
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


def _foot(view: View) -> html.Footer:
    newest = view.stored[-1] if view.stored else None
    by = (
        "No spell was computed yet."
        if newest is None
        else f"Criteria {newest.criteria_version}; record "
        f"{newest.fingerprint[:12]} as of {newest.as_of}."
    )
    made = "" if view.outlook is None else f" Outlook of {view.outlook.as_of}."
    return html.Footer(
        [
            html.P(f"{by}{made}", className="muted small"),
            html.P(
                "This informs; it is no recommendation to infuse. You decide.",
                className="muted small",
            ),
        ]
    )

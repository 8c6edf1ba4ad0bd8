"""The visit report: what the patient's page says, on one or two sheets of paper."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dash import dcc, html

from dashboard import figures, tokens, words
from dashboard.pages import decided, reasons
from dashboard.pages.charts import chart
from dashboard.pages.marks import status_badge, synthetic_band
from dashboard.pages.patient.change import change_lines
from dashboard.pages.patient.criteria import criteria_from, label, search_of
from dashboard.pages.patient.days import effects_table
from dashboard.pages.patient.timeline import drawn
from dashboard.pages.patient.view import View, look
from dashboard.pages.tables import plain_table
from dashboard.routes import patient_path
from tracker import audit, days, language
from tracker.access import patient_for
from tracker.language import t
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
                        t("Back to the patient"),
                        href=patient_path(patient.pk)
                        + search_of(patient, view.criteria),
                        className="back",
                    ),
                    html.Button(t("Print or save as PDF"), className="print-this"),
                ],
                className="row spread no-print",
            ),
            synthetic_band() if patient.clinic.is_synthetic else None,
            _head(user, view, now),
            html.H2(t("Timeline")),
            chart(
                _for_paper(drawn(view, palette)),
                size="paper",
                still=True,
            ),
            html.H2(t("Relief after each series of infusions")),
            plain_table(
                (t("Series"), t("Last infusion"), "mg/kg", t("In words")),
                _spell_rows(view.stored[-SPELLS_PRINTED:], view.today),
            ),
            html.H2(t("Change over time")),
            *change_lines(view),
            html.H2(t("Side effects by when they came")),
            effects_table(view),
            html.H2(t("Decided before")),
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
    born = language.full_date(patient.born_on)
    waits = reasons.open_sentences(patient, now=now)
    return html.Section(
        [
            html.H1(patient.name),
            html.P(
                f"{t('Born {day}', day=born)} · {patient.reference or t('no reference')} · "
                f"{words.conditions_of(patient)} · {patient.clinic.name}",
                className="muted",
            ),
            html.P(
                t(
                    "Printed {day}, {time} ({zone}) by {name}.",
                    day=language.full_date(local.date()),
                    time=f"{local:%H:%M}",
                    zone=patient.clinic.time_zone,
                    name=user.name,
                ),
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
            "" if spell.mg_per_kg is None else language.number(spell.mg_per_kg),
            words.spell_text(spell),
        )
        for spell in stored
    ]


def _decisions(patient: Patient, *, now: datetime) -> Any:
    found = Decision.objects.filter(patient=patient).select_related(
        "decided_by", "appointment"
    )[:DECISIONS_PRINTED]
    shown = decided.as_items(list(found), patient, now=now)
    if not shown:
        return html.P(t("No decision is recorded yet."), className="muted")
    return html.Ol(shown, className="decisions")


def _foot(view: View) -> html.Footer:
    newest = view.stored[-1] if view.stored else None
    by = (
        t("No spell was computed yet.")
        if newest is None
        else t(
            "Criteria {version}; record {fingerprint} as of {day}.",
            version=newest.criteria_version,
            fingerprint=newest.fingerprint[:12],
            day=newest.as_of,
        )
    )
    made = (
        ""
        if view.outlook is None
        else " " + t("Outlook of {day}.", day=view.outlook.as_of)
    )
    return html.Footer(
        [
            html.P(f"{by}{made}", className="muted small"),
            html.P(
                t("This informs; it is no recommendation to infuse. You decide."),
                className="muted small",
            ),
        ]
    )

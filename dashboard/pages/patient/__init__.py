"""One patient: how long relief lasts, until when it may, and on what that rests."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from django.db.models import Max
from django.utils import timezone

from dashboard import tokens
from dashboard.context import current_user, prefers_dark
from dashboard.pages import booked, decide, phone_access, reasons, record
from dashboard.pages.marks import synthetic_band
from dashboard.pages.parts import part, skeleton
from dashboard.pages.patient import criteria
from dashboard.pages.patient.change import change_card
from dashboard.pages.patient.cycles import cycles_card
from dashboard.pages.patient.days import days_card, side_effects_card
from dashboard.pages.patient.durations import durations_card
from dashboard.pages.patient.head import head_card
from dashboard.pages.patient.outlook import outlook_card
from dashboard.pages.patient.survival import survival_card
from dashboard.pages.patient.timeline import timeline_card
from dashboard.pages.patient.view import View, look, patient_named
from dashboard.routes import PREFIX, report_path
from tracker import audit, forecasts
from tracker.access import patient_for
from tracker.language import t
from tracker.models import (
    ClinicModel,
    DiaryEntry,
    Infusion,
    Patient,
    ReliefForecast,
    ReliefMark,
    ReliefSpell,
    User,
)
from tracker.problems import NotFound, Refused

# A withdrawn outlook is told of for so long.
WITHDRAWN_DAYS = 30


def stamp(user: User, patient_id: UUID, *, now: datetime) -> str:
    """Changes when the diary, the infusions, the spells or the outlook have changed."""
    patient = patient_for(user, patient_id)
    parts = (
        _latest(DiaryEntry, patient, "updated_at"),
        _latest(Infusion, patient, "version"),
        Infusion.objects.filter(patient=patient).count(),
        _latest(ReliefSpell, patient, "computed_at"),
        _latest(ReliefForecast, patient, "issued_at"),
        ClinicModel.objects.filter(clinic=patient.clinic_id).aggregate(
            at=Max("fitted_at")
        )["at"],
        ReliefMark.objects.filter(patient=patient).exists(),
        patient.diary_date(now),
    )
    return str(hash(parts))


def _drawn_as(stamped: str, search: str) -> str:
    """With the criteria too: a look may overtake a change of them, and must not undo it."""
    return f"{stamped} {search}"


def _latest(
    model: type[DiaryEntry | Infusion | ReliefSpell | ReliefForecast],
    patient: Patient,
    field: str,
) -> object:
    rows = model._default_manager.filter(patient=patient)
    return rows.aggregate(at=Max(field))["at"]


def layout(
    user: User, patient_id: UUID, search: str = "", *, now: datetime, dark: bool
) -> html.Div:
    patient = patient_for(user, patient_id)
    # Asked before this read is recorded: it is about what was seen earlier.
    withdrawn = forecasts.withdrawn_words(
        forecasts.withdrawn_from(
            user, patient, since=now - timedelta(days=WITHDRAWN_DAYS)
        )
    )
    audit.record_read(
        "patient page", actor_id=user.pk, patient_id=patient.pk, own=False
    )
    view, label = _judged(patient, search, now)
    return html.Div(
        [
            synthetic_band() if patient.clinic.is_synthetic else None,
            html.Div(
                [
                    dcc.Link(t("Back to the caseload"), href=PREFIX, className="back"),
                    html.A(t("Decide"), href="#decide", className="back"),
                ],
                className="row",
            ),
            dcc.Store(id="patient-id", data=str(patient.pk)),
            dcc.Store(
                id="patient-stamp",
                data=_drawn_as(stamp(user, patient.pk, now=now), search),
            ),
            *_around(
                *evidence(view, label, withdrawn, now=now, dark=dark),
                reasons.section(user, patient, now=now),
                html.Div(
                    [criteria.drawer(view), decide.section(patient, now=now)],
                ),
            ),
            booked.section(patient, now=now),
            record.section(patient),
            phone_access.section(patient),
        ]
    )


# What is drawn anew when the record changes; forms stand between, so that nothing
# somebody types is drawn over.
PARTS = ("patient-head", "patient-now")


def _around(
    head: list[Any], now: list[Any], waits: html.Section, form: html.Div
) -> list[Any]:
    """The page in the order of thought; what has been comes after what is."""
    first, second = PARTS
    return [
        html.Div(head, id=first),
        waits,
        html.Div(now, id=second),
        form,
        html.Div(skeleton(t("One moment: how it has been …")), id="patient-more"),
    ]


def _judged(patient: Patient, search: str, now: datetime) -> tuple[View, Any]:
    """The patient by the criteria of the address, and what is to be said of them."""
    try:
        view = look(patient, criteria.criteria_from(patient, search), now=now)
    except Refused as refused:
        said = t("The criteria in the address are not used: {why}", why=refused.message)
        return look(patient, now=now), html.P(said, className="problem")
    return view, criteria.label(view)


def evidence(
    view: View, label: Any, withdrawn: str, *, now: datetime, dark: bool
) -> tuple[list[Any], list[Any]]:
    """What is known: who and until when; and the present."""
    palette = tokens.palette(dark=dark)
    # By the criteria that are looked at, so it is drawn with them.
    search = criteria.search_of(view.patient, view.criteria)
    report = dcc.Link(
        t("Visit report"), href=report_path(view.patient.pk) + search, className="back"
    )
    head = [report, head_card(view, withdrawn, label, now)]
    present = [
        part(t("Timeline"), timeline_card, view, palette),
        html.Div(
            [
                part(
                    t("Booster outlook"),
                    outlook_card,
                    view.patient,
                    view.outlook,
                    view.today,
                ),
                part(t("Relief after each series"), durations_card, view, palette),
            ],
            className="two",
        ),
    ]
    return head, present


def history(view: View, *, dark: bool) -> list[Any]:
    """How it has been: cycles, the clinic beside it, change, side effects, days."""
    palette = tokens.palette(dark=dark)
    return [
        html.Div(
            [
                part(t("Cycles overlaid"), cycles_card, view, palette),
                part(t("How long relief has lasted"), survival_card, view, palette),
                part(t("Change over time"), change_card, view),
                part(t("Side effects"), side_effects_card, view),
            ],
            className="two",
        ),
        part(t("The last days"), days_card, view.patient, view.today),
    ]


def register(app: Dash) -> None:
    booked.register(app)
    decide.register(app)
    record.register(app)
    phone_access.register(app)

    criteria.register(app)

    @app.callback(
        *[Output(part, "children") for part in PARTS],
        Output("patient-stamp", "data"),
        Input("look", "n_intervals"),
        Input("url", "search"),
        State("patient-id", "data"),
        State("patient-stamp", "data"),
        prevent_initial_call=True,
    )
    def draw_anew(
        looks: int | None, search: str | None, patient_id: str, seen: str | None
    ) -> Any:
        user, now = current_user(), timezone.now()
        try:
            patient = patient_named(user, patient_id)
        except NotFound:
            return [no_update] * (len(PARTS) + 1)
        current = _drawn_as(stamp(user, patient.pk, now=now), search or "")
        if current == seen and ctx.triggered_id == "look":
            return [no_update] * (len(PARTS) + 1)
        audit.record_read(
            "patient page", actor_id=user.pk, patient_id=patient.pk, own=False
        )
        view, label = _judged(patient, search or "", now)
        drawn = evidence(view, label, "", now=now, dark=prefers_dark())
        return [*drawn, current]

    @app.callback(
        Output("patient-more", "children"),
        # Follows what is above it: drawn after the page, and with each change.
        Input("patient-stamp", "data"),
        Input("url", "search"),
        State("patient-id", "data"),
    )
    def draw_history(_: str | None, search: str | None, patient_id: str) -> Any:
        user, now = current_user(), timezone.now()
        try:
            patient = patient_named(user, patient_id)
        except NotFound:
            return no_update
        audit.record_read(
            "patient page, history", actor_id=user.pk, patient_id=patient.pk, own=False
        )
        view, _label = _judged(patient, search or "", now)
        return history(view, dark=prefers_dark())

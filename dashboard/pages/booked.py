"""What is booked for a patient, and giving it up with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from dash import MATCH, Dash, Input, Output, State, ctx, dcc, html, no_update
from django.utils import timezone

from dashboard.context import current_user
from dashboard.pages import forms
from tracker import actions, days, language
from tracker.access import patient_for, require_treats
from tracker.language import t
from tracker.models import Appointment, Patient, User
from tracker.problems import NotFound, Refused

FORM = "booked"


def section(patient: Patient, *, now: datetime) -> html.Details:
    found = Appointment.objects.filter(
        patient=patient, status=Appointment.Status.BOOKED, planned_at__gte=now
    )
    shown = [_booking(one, patient) for one in found]
    return html.Details(
        [
            html.Summary(t("Booked")),
            html.Div(shown)
            if shown
            else html.P(
                t("Nothing is booked. A decision to book does it."), className="muted"
            ),
        ],
        className="card",
    )


def _id(part: str, booking: Any) -> dict[str, str]:
    return {"form": FORM, "part": part, "booking": str(booking)}


def _booking(one: Appointment, patient: Patient) -> html.Div:
    said = when(one, patient)
    return html.Div(
        [
            html.P([html.Strong(said), f" · {t(one.get_phase_display()).lower()}"]),
            html.Div(
                [
                    html.Label(
                        [
                            t("Why {booking} is given up", booking=said),
                            dcc.Input(id=_id("reason", one.pk), maxLength=200),
                        ]
                    ),
                    html.Button(
                        t("Give up the booking"),
                        id=_id("drop", one.pk),
                        className="quiet",
                        n_clicks=0,
                    ),
                ],
                className="row",
            ),
            html.Div(id=_id("said", one.pk), role="status"),
        ]
    )


def when(one: Appointment, patient: Patient) -> str:
    """The moment by the clinic's clock."""
    zone = days.zone(patient.clinic.time_zone)
    local = one.planned_at.astimezone(zone)
    day = f"{language.weekday(local)} {language.day_month(local)}"
    return f"{day}, {local:%H:%M}"


def give_up(user: User, key: str, reason: str, *, now: datetime) -> str:
    """Give a booking up, if `user` treats the patient.

    Raises
    ------
    Refused
        No reason is given, or the booking is not this person's to change.
    """
    try:
        found = Appointment.objects.filter(pk=UUID(str(key))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(t("There is no such booking."))
    patient = patient_for(user, found.patient_id)
    require_treats(user, patient)
    actions.cancel_booking(user, found, reason=reason, now=now)
    return t(
        "Given up: {booking}. The phone follows when it is next opened.",
        booking=when(found, patient),
    )


def register(app: Dash) -> None:
    @app.callback(
        Output({"form": FORM, "part": "said", "booking": MATCH}, "children"),
        Input({"form": FORM, "part": "drop", "booking": MATCH}, "n_clicks"),
        State({"form": FORM, "part": "reason", "booking": MATCH}, "value"),
        prevent_initial_call=True,
    )
    def drop(clicks: int | None, reason: str | None) -> Any:
        asked = ctx.triggered_id
        if not clicks or not asked:
            return no_update
        try:
            said = give_up(
                current_user(),
                asked["booking"],
                str(reason or ""),
                now=timezone.now(),
            )
        except Refused as refused:
            text = forms.leftover(refused, ()) or refused.message
            return html.P(text, className="problem")
        return html.P(said, className="notice")

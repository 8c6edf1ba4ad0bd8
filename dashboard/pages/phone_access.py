"""The patient's phone: how reminders fared, a new way in, and signing it out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from dash import Dash, Input, Output, State, dcc, html, no_update
from django.utils import timezone

from dashboard.context import current_user
from dashboard.pages.invitation_link import link_notice
from dashboard.pages.tables import plain_table, scrolled
from tracker import days
from tracker.access import patient_for, require_treats
from tracker.actions import end_sessions_of, invite
from tracker.language import msg, t
from tracker.models import Patient, Reminder, User
from tracker.problems import NotFound, Refused

FORM = "phone"
REMINDERS_SHOWN = 14
INVITE_AGAIN = msg(
    "Make a new link? Be sure who asks for it: when it is used, every phone that is "
    "signed in is signed out, and passkeys and password stop working."
)
SIGN_OUT = msg(
    "Sign the patient out everywhere? What was written and not sent stays on the "
    "phone until they sign in again."
)


def section(patient: Patient) -> html.Details:
    return html.Details(
        [
            html.Summary(t("The patient's phone")),
            dcc.Store(id=f"{FORM}-patient", data=str(patient.pk)),
            _reminders(patient),
            html.Div(
                [
                    dcc.ConfirmDialogProvider(
                        html.Button(t("Make a new invitation link"), className="quiet"),
                        id=f"{FORM}-invite",
                        message=t(INVITE_AGAIN),
                    ),
                    dcc.ConfirmDialogProvider(
                        html.Button(t("Sign out everywhere"), className="quiet"),
                        id=f"{FORM}-end",
                        message=t(SIGN_OUT),
                    ),
                ],
                className="row",
            ),
            html.Div(id=f"{FORM}-invited", role="status"),
            html.Div(id=f"{FORM}-ended", role="status"),
        ],
        className="card",
    )


def _reminders(patient: Patient) -> html.Div:
    if not patient.reminder_channel:
        channel = t("Reminders are off; the patient turns them on, under Me.")
    else:
        channel = t(
            "{channel} at {time}, {zone}.",
            channel=t(patient.get_reminder_channel_display()),
            time=f"{patient.reminder_time:%H:%M}",
            zone=patient.time_zone,
        )
    newest = Reminder.objects.filter(patient=patient).order_by("-date", "-kind")
    rows = [_row(one, patient.time_zone) for one in newest[:REMINDERS_SHOWN]]
    head = (t("Day"), t("Reminder"), t("Sent"), t("Shown"), t("Answer"))
    return html.Div(
        [
            html.H3(t("Reminders")),
            html.P(channel, className="muted"),
            scrolled(plain_table(head, rows))
            if rows
            else html.P(t("None was sent yet.")),
        ]
    )


def _row(reminder: Reminder, time_zone: str) -> tuple[str, ...]:
    def clock(at: datetime | None) -> str:
        return "-" if at is None else f"{at.astimezone(days.zone(time_zone)):%H:%M}"

    if reminder.sent_at is None and reminder.failure:
        sent = t("failed ({why})", why=reminder.failure)
    else:
        sent = clock(reminder.sent_at)
    answer = t(reminder.get_answer_display()) if reminder.answer else "-"
    return (
        reminder.date.isoformat(),
        f"{t(reminder.get_kind_display())}, {t(reminder.get_channel_display()).lower()}",
        sent,
        clock(reminder.shown_at),
        answer,
    )


def invite_again(user: User, patient_id: str, *, now: datetime) -> str:
    """A fresh link's token for a patient the user treats."""
    patient = patient_for(user, _key(patient_id))
    require_treats(user, patient)
    if patient.user is None:
        raise NotFound(t("This patient has no account to invite to."))
    return invite(user, patient.user, now=now)


def sign_out(user: User, patient_id: str) -> html.P:
    """End every session of a patient the user treats; gives what to say of it."""
    patient = patient_for(user, _key(patient_id))
    require_treats(user, patient)
    end_sessions_of(user, patient)
    return html.P(t("Signed out everywhere."), className="notice")


def _key(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound(t("There is no such patient.")) from None


def _told(act: Callable[[], Any]) -> Any:
    """What `act` has to say, or why it was refused."""
    try:
        return act()
    except Refused as refused:
        return html.P(refused.message, className="problem")


def register(app: Dash) -> None:
    @app.callback(
        Output(f"{FORM}-invited", "children"),
        Input(f"{FORM}-invite", "submit_n_clicks"),
        State(f"{FORM}-patient", "data"),
        prevent_initial_call=True,
    )
    def invited(clicks: int | None, patient_id: str) -> Any:
        if not clicks:
            return no_update
        now = timezone.now()
        return _told(
            lambda: link_notice(invite_again(current_user(), patient_id, now=now))
        )

    @app.callback(
        Output(f"{FORM}-ended", "children"),
        Input(f"{FORM}-end", "submit_n_clicks"),
        State(f"{FORM}-patient", "data"),
        prevent_initial_call=True,
    )
    def ended(clicks: int | None, patient_id: str) -> Any:
        if not clicks:
            return no_update
        return _told(lambda: sign_out(current_user(), patient_id))

"""Notes that no staff have read yet: a list of their own, for text raises no alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from django.db.models import F, Q
from django.utils import timezone

from dashboard import words
from dashboard.context import current_user
from dashboard.pages.marks import named
from dashboard.routes import patient_path
from tracker import actions, audit
from tracker.access import patients_treated_by
from tracker.actions.triage import note_hash
from tracker.language import t, tn
from tracker.models import DiaryEntry, User
from tracker.vocabulary import PatientState

MOST_SHOWN = 12
# Older notes are read on the patient's page; nobody works through years.
DAYS_BACK = 60


@dataclass(frozen=True)
class Unread:
    id: UUID
    patient_id: UUID
    patient: str
    date: date
    note: str


def unread(user: User, *, now: datetime) -> list[Unread]:
    """Notes not read as they are worded now, the oldest first."""
    mine = patients_treated_by(user).filter(state=PatientState.ACTIVE)
    stale = Q(note_reading=None) | Q(note_reading__entry_version__lt=F("version"))
    entries = (
        DiaryEntry.objects.filter(
            stale, patient__in=mine, date__gte=now.date() - timedelta(days=DAYS_BACK)
        )
        .exclude(note="")
        .order_by("date", "pk")
        .values_list(
            "pk", "patient", "patient__name", "date", "note", "note_reading__note_hash"
        )
    )
    return [
        Unread(key, patient, name, on, note)
        for key, patient, name, on, note, read in entries
        if read != note_hash(note)
    ]


def section(user: User, *, now: datetime) -> html.Section:
    return html.Section(body(user, now=now), id="notes", className="card")


def body(user: User, *, now: datetime) -> list[Any]:
    found = unread(user, now=now)
    shown = found[:MOST_SHOWN]
    heading = html.H2(t("Notes not read yet"))
    if not shown:
        return [heading, html.P(t("Every note has been read."), className="muted")]
    for patient in {one.patient_id for one in shown}:
        audit.record_read("notes", actor_id=user.pk, patient_id=patient, own=False)
    more = len(found) - len(shown)
    return [
        heading,
        html.P(
            t("What patients write raises no alarm, and their phones say so."),
            className="muted",
        ),
        html.Ul([_note(one, now) for one in shown], className="notes"),
        html.P(tn("{n} more note after these.", "{n} more notes after these.", more))
        if more
        else None,
        html.Button(
            t("Mark these as read"),
            id={"form": "notes", "read": "shown"},
            n_clicks=0,
        ),
        dcc.Store(id="notes-shown", data=[str(one.id) for one in shown]),
    ]


def _note(note: Unread, now: datetime) -> html.Li:
    return html.Li(
        [
            dcc.Link(note.patient, href=patient_path(note.patient_id)),
            html.Span(f" {words.day_text(note.date, now.date())} ", className="muted"),
            html.Span(note.note, className="note"),
            html.Button(
                t("Read"),
                id={"form": "notes", "read": str(note.id)},
                className="quiet small",
                n_clicks=0,
                **named(t("Mark the note of {name} as read", name=note.patient)),
            ),
        ]
    )


def keys_of(asked: str, shown: Sequence[str]) -> list[UUID]:
    """Which notes are meant: all that are shown, or one of them."""
    wanted = list(shown) if asked == "shown" else [asked]
    found = []
    for text in wanted:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


def register(app: Dash) -> None:
    @app.callback(
        Output("notes", "children"),
        Input({"form": "notes", "read": ALL}, "n_clicks"),
        State("notes-shown", "data"),
        prevent_initial_call=True,
    )
    def read(clicks: list[int], shown: list[str] | None) -> Any:
        asked = ctx.triggered_id
        if not asked or not ctx.triggered[0]["value"]:
            return no_update
        user, now = current_user(), timezone.now()
        actions.read_notes(user, keys_of(asked["read"], shown or ()), now=now)
        return body(user, now=now)

"""The caseload: who needs somebody now, and why, before everybody else."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from django.utils import timezone

from dashboard import words
from dashboard.caseload import (
    RATE_DAYS,
    SILENT_DAYS,
    Filters,
    Line,
    Page,
    Waiting,
    page_of,
    stamp,
    waiting,
)
from dashboard.context import current_user
from dashboard.pages import forms, invite, notes, reasons, views
from dashboard.pages.marks import named, status_badge, synthetic_band
from dashboard.routes import patient_path
from tracker import audit, forecasts
from tracker.access import clinics_treated_by, patient_for
from tracker.language import msg, t, tn
from tracker.models import User
from tracker.problems import NotFound
from tracker.triage.words import days_ago
from tracker.vocabulary import Condition

STATUS_FILTER = {
    "": msg("Everybody"),
    "waiting": msg("Who waits"),
    "lost": msg("Relief lost"),
    "holding": msg("Holding"),
    "silent": msg("Silent over {days} days"),
    "no_response": msg("No clear relief"),
    "not_assessable": msg("Not enough to say"),
}
CONDITION_FILTER = {"": msg("Any"), **{str(k): str(v) for k, v in Condition.choices}}
ASSIGNED_FILTER = {"": msg("Anybody"), "me": msg("Me")}
FIELDS = ("search", "status", "condition", "assigned", "everyone")


def layout(user: User, *, now: datetime) -> html.Div:
    audit.record_read("caseload", actor_id=user.pk, patient_id=None, own=False)
    clinics = list(clinics_treated_by(user))
    synthetic = any(clinic.is_synthetic for clinic in clinics)
    return html.Div(
        [
            synthetic_band() if synthetic else None,
            html.H1(t("Caseload")),
            html.P(id="caseload-head", className="lead", role="status"),
            html.Div(
                [
                    _field(
                        t("Find a patient"),
                        dcc.Input(
                            id="caseload-search",
                            type="search",
                            debounce=0.3,
                            maxLength=80,
                            value="",
                            **_KEPT,
                        ),
                    ),
                    _choice(t("Who"), "status", STATUS_FILTER),
                    _choice(t("Treated for"), "condition", CONDITION_FILTER),
                    _choice(t("Handed to"), "assigned", ASSIGNED_FILTER),
                    forms.group(
                        t("Former patients"),
                        dcc.Checklist(
                            {"everyone": " " + t("Also paused and former patients")},
                            [],
                            id="caseload-everyone",
                            **_KEPT,
                        ),
                        quiet=True,
                    ),
                ],
                className="filters",
            ),
            views.section(user),
            html.Div(id="caseload-panel"),
            html.Div(_waiting_line(), id="caseload-table"),
            dcc.Store(id="caseload-stamp"),
            html.Div(
                [
                    html.Button(t("Earlier"), id="caseload-back", n_clicks=0),
                    html.Button(t("More"), id="caseload-more", n_clicks=0),
                ],
                className="pager",
            ),
            notes.section(user, now=now),
            invite.section(clinics, now=now),
        ]
    )


_KEPT: Any = {"persistence": True, "persistence_type": "memory"}


def _waiting_line() -> html.Div:
    return html.Div(
        [html.Span(className="bone") for _ in range(6)],
        className="card skeleton",
        **named(t("One moment …")),
    )


def _field(label: str, control: Any) -> html.Label:
    return html.Label([label, control])


def _choice(label: str, name: str, options: dict[str, str]) -> html.Label:
    control = dcc.Dropdown(
        [
            {"value": value, "label": t(text, days=SILENT_DAYS)}
            for value, text in options.items()
        ],
        "",
        id=f"caseload-{name}",
        clearable=False,
        searchable=False,
        **_KEPT,
    )
    return html.Label([label, control], className="wide")


def head(found: Waiting, *, now: datetime) -> list[Any]:
    """Who waits, and how long already: the first thing read."""
    if not found.patients or found.oldest_at is None:
        return [t("Nobody waits. Everybody below is in order of name.")]
    days = (now - found.oldest_at).days
    since = days_ago(days)
    people = tn("{n} patient waits", "{n} patients wait", found.patients)
    return [
        html.Strong(people),
        " ",
        t(
            "for somebody to look. The oldest reason was found {since} ({name}).",
            since=since,
            name=found.oldest_name,
        ),
    ]


def table(page: Page, *, now: datetime) -> Any:
    if not page.total:
        return html.P(
            t("No patients yet. Invite the first one below."), className="card empty"
        )
    if not page.lines:
        return html.P(t("No patient fits these filters."), className="card empty")
    columns = (
        t("Patient"),
        t("Why"),
        t("Relief"),
        t("Outlook"),
        t("Last infusion"),
        t("Last logged"),
        t("Booked"),
        t("Act"),
    )
    return html.Div(
        [
            html.P(
                tn(
                    "{first} to {last} of {n} patient",
                    "{first} to {last} of {n} patients",
                    page.fitting,
                    first=page.first + 1,
                    last=page.first + len(page.lines),
                ),
                className="muted",
            ),
            html.Table(
                [
                    html.Thead(
                        html.Tr([html.Th(text, scope="col") for text in columns])
                    ),
                    html.Tbody([_row(line, now) for line in page.lines]),
                ],
                className="caseload",
            ),
        ],
        className="card scroll",
        tabIndex=0,
    )


def _row(line: Line, now: datetime) -> html.Tr:
    patient = line.patient
    today = patient.diary_date(now)
    booked = line.next_appointment
    since = line.days_since_infusion
    about = f"{line.age}, {words.conditions_of(patient)}"
    return html.Tr(
        [
            html.Th(
                [
                    dcc.Link(patient.name, href=patient_path(patient.pk)),
                    html.Span(about, className="muted small"),
                ],
                scope="row",
            ),
            html.Td(_why(line)),
            html.Td(
                status_badge(
                    "" if line.spell is None else line.spell.status,
                    pending=line.spell is not None and bool(line.spell.pending),
                    updating=line.being_updated,
                )
            ),
            html.Td(_outlook(line, today)),
            html.Td(t("none yet") if since is None else days_ago(since)),
            html.Td(_last_logged(line)),
            html.Td("" if booked is None else words.day_text(booked.date(), today)),
            html.Td(_act(line)),
        ]
    )


def _why(line: Line) -> list[Any]:
    shown: list[Any] = [html.Div(reasons.sentence(one)) for one in line.reasons[:2]]
    if len(line.reasons) > 2:
        more = tn("{n} more reason", "{n} more reasons", len(line.reasons) - 2)
        shown.append(html.Div(more, className="muted small"))
    names = sorted({one.assigned_to for one in line.reasons if one.assigned_to})
    if names:
        shown.append(
            html.Div(t("For {names}", names=", ".join(names)), className="muted small")
        )
    return shown


def _act(line: Line) -> Any:
    if not line.reasons:
        return None
    return html.Button(
        t("Act"),
        id={"form": "caseload", "open": str(line.patient.pk)},
        className="quiet",
        n_clicks=0,
        **named(t("Act on {name}", name=line.patient.name)),
    )


def _outlook(line: Line, today: date) -> str:
    if line.forecast is None:
        return ""
    return words.outlook_brief(forecasts.show_briefly(line.forecast), today)


def _last_logged(line: Line) -> Any:
    if line.days_silent is None:
        return html.Span(t("never"), className="muted")
    text = days_ago(max(line.days_silent, 0))
    rate = html.Div(
        t("{logged} of {days} days", logged=line.logged_lately, days=RATE_DAYS),
        className="small muted",
    )
    if line.days_silent > SILENT_DAYS:
        return [html.Span(["┆ ", text], className="silent"), rate]
    return [text, rate]


def open_panel(user: User, patient_id: str, *, now: datetime) -> Any:
    """The reasons of one patient, to be acted on without leaving the list."""
    try:
        patient = patient_for(user, UUID(str(patient_id)))
    except (ValueError, NotFound):
        return html.P(t("There is no such patient."), className="card problem")
    audit.record_read(
        "patient reasons", actor_id=user.pk, patient_id=patient.pk, own=False
    )
    return html.Section(
        [
            html.Div(
                [
                    html.H2(patient.name),
                    dcc.Link(t("Open the page"), href=patient_path(patient.pk)),
                    html.Button(
                        t("Close"), id="caseload-close", className="quiet", n_clicks=0
                    ),
                ],
                className="row spread",
            ),
            reasons.panel(user, patient, now=now),
        ],
        className="card panel",
    )


def register(app: Dash) -> None:
    invite.register(app)
    reasons.register(app)
    notes.register(app)
    views.register(app)

    @app.callback(
        Output("caseload-head", "children"),
        Output("caseload-table", "children"),
        Output("caseload-stamp", "data"),
        Input("caseload-search", "value"),
        Input("caseload-status", "value"),
        Input("caseload-condition", "value"),
        Input("caseload-assigned", "value"),
        Input("caseload-everyone", "value"),
        Input("caseload-more", "n_clicks"),
        Input("caseload-back", "n_clicks"),
        Input("look", "n_intervals"),
        State("caseload-stamp", "data"),
    )
    def show_table(
        search: str | None,
        status: str | None,
        condition: str | None,
        assigned: str | None,
        everyone: list[str] | None,
        more: int | None,
        back: int | None,
        looks: int | None,
        seen: str | None,
    ) -> Any:
        user, now = current_user(), timezone.now()
        current = stamp(user, now=now)
        if ctx.triggered_id == "look" and current == seen:
            return no_update, no_update, no_update
        filters = Filters(
            search=str(search or ""),
            status=str(status or ""),
            condition=str(condition or ""),
            assigned=_known_assignee(assigned),
            everyone=bool(everyone),
        )
        page = page_of(user, filters, now=now, page=(more or 0) - (back or 0))
        return head(waiting(user, now=now), now=now), table(page, now=now), current

    @app.callback(
        Output("caseload-panel", "children"),
        Input({"form": "caseload", "open": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_one(clicks: list[int]) -> Any:
        asked = ctx.triggered_id
        if not asked or not ctx.triggered[0]["value"]:
            return no_update
        return open_panel(current_user(), asked["open"], now=timezone.now())

    @app.callback(
        Output("caseload-panel", "children", allow_duplicate=True),
        Input("caseload-close", "n_clicks"),
        prevent_initial_call=True,
    )
    def close(clicks: int | None) -> Any:
        return None if clicks else no_update


def _known_assignee(value: str | None) -> str:
    return "me" if value == "me" else ""

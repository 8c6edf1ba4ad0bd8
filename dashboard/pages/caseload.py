"""The caseload: who is treated here, those with most need first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dash import Dash, Input, Output, dcc, html
from django.utils import timezone

from dashboard import words
from dashboard.caseload import RATE_DAYS, SILENT_DAYS, Line, lines
from dashboard.context import current_user
from dashboard.pages import invite
from dashboard.routes import patient_path
from tracker import audit, forecasts
from tracker.access import clinics_treated_by
from tracker.models import User

ROWS_A_PAGE = 50
STATUS_FILTER = {
    "all": "Every status",
    "lost": "Relief lost",
    "holding": "Holding",
    "silent": f"Silent over {SILENT_DAYS} days",
    "no_response": "No clear relief",
    "not_assessable": "Not enough to say",
}


def stamp(user: User, *, now: datetime) -> str:
    """Changes when a line of the table has changed."""
    found = lines(user, now=now)
    parts = [
        (
            line.patient.pk,
            line.last_logged,
            line.logged_lately,
            _status(line),
            None if line.forecast is None else line.forecast.issued_at,
        )
        for line in found
    ]
    return str(hash(tuple(parts)))


def layout(user: User, *, now: datetime) -> html.Div:
    audit.record_read("caseload", actor_id=user.pk, patient_id=None, own=False)
    clinics = list(clinics_treated_by(user))
    synthetic = any(clinic.is_synthetic for clinic in clinics)
    return html.Div(
        [
            synthetic_band() if synthetic else None,
            html.H1("Caseload"),
            html.P(
                "Ordered by what the diaries say: relief lost first, then fading, then "
                "silence.",
                className="muted",
            ),
            html.Div(
                [
                    html.Label(
                        [
                            "Find a patient",
                            dcc.Input(
                                id="caseload-search",
                                type="search",
                                debounce=0.3,
                                persistence=True,
                                persistence_type="memory",
                                maxLength=80,
                            ),
                        ]
                    ),
                    html.Label(
                        [
                            "Status",
                            dcc.Dropdown(
                                STATUS_FILTER,
                                "all",
                                id="caseload-status",
                                clearable=False,
                                searchable=False,
                                persistence=True,
                                persistence_type="memory",
                            ),
                        ],
                        className="wide",
                    ),
                    dcc.Checklist(
                        {"everyone": " Also paused and former patients"},
                        [],
                        id="caseload-everyone",
                        persistence=True,
                        persistence_type="memory",
                    ),
                ],
                className="filters",
            ),
            html.Div(id="caseload-table"),
            html.Div(
                [
                    html.Button("Earlier", id="caseload-back", n_clicks=0),
                    html.Button("More", id="caseload-more", n_clicks=0),
                ],
                className="pager",
            ),
            invite.section(clinics, now=now),
        ]
    )


def synthetic_band() -> html.P:
    return html.P("Synthetic demo data. Nobody here is real.", className="synthetic")


def table(found: Sequence[Line], *, now: datetime, page: int, total: int) -> Any:
    if not total:
        return html.P(
            "No patients yet. Invite the first one below.", className="card empty"
        )
    if not found:
        return html.P("No patient fits these filters.", className="card empty")
    first = page * ROWS_A_PAGE
    shown = found[first : first + ROWS_A_PAGE]
    head = (
        "Patient",
        "Treated for",
        "Relief",
        "Outlook",
        "Last infusion",
        "Last logged",
        f"Logged, last {RATE_DAYS} days",
        "Booked",
    )
    return html.Div(
        [
            html.P(
                f"{first + 1} to {first + len(shown)} of "
                f"{words.plural(len(found), 'patient', 'patients')}",
                className="muted",
            ),
            html.Table(
                [
                    html.Thead(html.Tr([html.Th(text, scope="col") for text in head])),
                    html.Tbody([_row(line, now) for line in shown]),
                ],
                className="caseload",
            ),
        ],
        className="card scroll",
    )


def _row(line: Line, now: datetime) -> html.Tr:
    patient = line.patient
    today = patient.diary_date(now)
    booked = line.next_appointment
    since = line.days_since_infusion
    return html.Tr(
        [
            html.Th(
                [
                    dcc.Link(patient.name, href=patient_path(patient.pk)),
                    html.Span(f"{line.age} years", className="muted small"),
                ],
                scope="row",
            ),
            html.Td(", ".join(patient.condition_labels)),
            html.Td(status_badge(_status(line), line)),
            html.Td(_outlook(line, today)),
            html.Td("none yet" if since is None else _ago(since)),
            html.Td(_last_logged(line)),
            html.Td(f"{line.logged_lately} of {RATE_DAYS}", className="number"),
            html.Td("" if booked is None else words.day_text(booked.date(), today)),
        ]
    )


def _outlook(line: Line, today: date) -> str:
    if line.forecast is None:
        return ""
    return words.outlook_brief(forecasts.show_briefly(line.forecast), today)


def _status(line: Line) -> str:
    return "" if line.spell is None else line.spell.status


def status_badge(status: str, line: Line | None = None) -> Any:
    """Sign, word and colour; never colour alone."""
    if not status:
        return html.Span("No infusion yet", className="badge unknown")
    pending = line is not None and line.spell is not None and line.spell.pending
    word = words.STATUS_WORDS[status]
    tone = words.STATUS_TONES[status]
    if status == "holding" and pending:
        word, tone = "Holding, perhaps fading", "fading"
    parts: list[Any] = [
        html.Span(words.STATUS_MARKS[status], className="mark"),
        f" {word}",
    ]
    if line is not None and line.being_updated:
        parts.append(html.Span(" being updated", className="small"))
    return html.Span(parts, className=f"badge {tone}")


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")


def _last_logged(line: Line) -> Any:
    if line.days_silent is None:
        return html.Span("never", className="muted")
    text = _ago(max(line.days_silent, 0))
    if line.days_silent > SILENT_DAYS:
        return html.Span(["┆ ", text], className="silent")
    return text


def chosen(found: Sequence[Line], search: str, status: str) -> list[Line]:
    wanted = search.strip().casefold()
    return [
        line
        for line in found
        if (
            not wanted
            or wanted in line.patient.name.casefold()
            or wanted in line.patient.reference.casefold()
        )
        and _fits(line, status)
    ]


def _fits(line: Line, status: str) -> bool:
    if status == "all":
        return True
    if status == "silent":
        return line.days_silent is None or line.days_silent > SILENT_DAYS
    return _status(line) == status


def register(app: Dash) -> None:
    invite.register(app)

    @app.callback(
        Output("caseload-table", "children"),
        Input("caseload-search", "value"),
        Input("caseload-status", "value"),
        Input("caseload-everyone", "value"),
        Input("caseload-more", "n_clicks"),
        Input("caseload-back", "n_clicks"),
    )
    def show_table(
        search: str | None,
        status: str | None,
        everyone: list[str] | None,
        more: int | None,
        back: int | None,
    ) -> Any:
        now = timezone.now()
        found = lines(current_user(), now=now, everyone=bool(everyone))
        fitting = chosen(found, str(search or ""), str(status or "all"))
        last = max(0, (len(fitting) - 1) // ROWS_A_PAGE)
        page = min(max((more or 0) - (back or 0), 0), last)
        return table(fitting, now=now, page=page, total=len(found))

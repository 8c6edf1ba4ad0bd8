"""Deciding from the patient's page."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from dash import Dash, Input, Output, State, dcc, html, no_update
from django.utils import timezone

from dashboard import words
from dashboard.context import current_user
from dashboard.pages import decided, forms
from tracker import bookings, days, forecasts
from tracker.access import patient_for, require_treats
from tracker.actions.decisions import decide
from tracker.ids import uuid7
from tracker.language import t
from tracker.models import Decision, OpeningHours, Patient, User
from tracker.problems import NotFound, Refused, one

FORM = "decide"
NAMES = ("kind", "planned_at", "review_on", "reason")
MOST_DAYS_OFFERED = 6
USUAL_REVIEW = timedelta(days=14)
ANOTHER = "another"


def section(patient: Patient, *, now: datetime) -> html.Section:
    return html.Section(
        [
            html.H2(t("Decide"), id="decide"),
            html.P(
                t(
                    "What is on this page now is kept with the decision. In 2 and in 6 "
                    "weeks it shows here what happened."
                ),
                className="muted",
            ),
            dcc.Store(id=f"{FORM}-patient", data=str(patient.pk)),
            dcc.Store(id=f"{FORM}-key", data=str(uuid7())),
            *_fields(patient, now),
            html.Button(t("Record the decision"), id=f"{FORM}-submit", n_clicks=0),
            html.Div(id=f"{FORM}-answer", role="status"),
            html.Div(decided.listed(patient, now=now), id=f"{FORM}-listed"),
        ],
        className="card",
    )


def _fields(patient: Patient, now: datetime) -> list[Any]:
    today = patient.diary_date(now)
    offered = offered_days(patient, now=now)
    zone = patient.clinic.time_zone
    return [
        html.Div(
            [
                forms.group(
                    t("Decision"),
                    dcc.RadioItems(
                        words.choices(Decision.Kind),
                        None,
                        id=f"{FORM}-kind",
                        className="choices",
                    ),
                    _problem("kind"),
                ),
                html.Div(
                    [
                        forms.group(t("Day"), _days_offered(offered, today)),
                        html.Div(
                            [
                                html.Label(
                                    [
                                        t("Another day"),
                                        forms.text(FORM, "date", type="date"),
                                    ]
                                ),
                                html.Label(
                                    [
                                        t("Time ({zone})", zone=zone),
                                        forms.text(
                                            FORM,
                                            "time",
                                            type="time",
                                            value=_usual_time(patient),
                                        ),
                                    ]
                                ),
                            ],
                            className="row",
                        ),
                        _problem("planned_at"),
                    ],
                    id=f"{FORM}-book",
                    hidden=True,
                    className="field",
                ),
                html.Div(
                    forms.field(
                        FORM,
                        "review_on",
                        t("Review on"),
                        forms.text(
                            FORM,
                            "review_on",
                            type="date",
                            value=_usual_review(patient, offered, today).isoformat(),
                        ),
                    ),
                    id=f"{FORM}-wait",
                    hidden=True,
                ),
                forms.field(
                    FORM,
                    "reason",
                    t("Reason"),
                    dcc.Textarea(
                        id=f"{FORM}-reason", maxLength=500, rows=2, className="wide"
                    ),
                ),
            ],
            className="decide",
        )
    ]


def _problem(name: str) -> html.Span:
    return html.Span(id=forms.problem_id(FORM, name), className="problem", role="alert")


def _days_offered(offered: Sequence[date], today: date) -> dcc.RadioItems:
    days_open = {day.isoformat(): words.weekday_text(day, today) for day in offered}
    return dcc.RadioItems(
        days_open | {ANOTHER: t("Another day")},
        offered[0].isoformat() if offered else ANOTHER,
        id=f"{FORM}-day",
        className="choices chips",
    )


def offered_days(patient: Patient, *, now: datetime) -> list[date]:
    """Days on which the clinic is open: in the booster window, else the next ones."""
    today = patient.diary_date(now)
    clinic = patient.clinic
    soonest = today + timedelta(days=1)
    newest = forecasts.newest_forecast(patient)
    window = None if newest is None else forecasts.show(newest).window
    if window is not None and window.start is not None:
        first = max(window.start, soonest)
        last = window.end or first + timedelta(days=30)
        found = bookings.open_days(clinic, first, last) if first <= last else []
        if found:
            return _spread(found)
    soonest = today + timedelta(days=max(clinic.booking_lead_days, 1))
    return bookings.open_days(clinic, soonest, soonest + timedelta(days=13))[
        :MOST_DAYS_OFFERED
    ]


def _spread(found: Sequence[date]) -> list[date]:
    """At most six of the days, the first and the last among them."""
    if len(found) <= MOST_DAYS_OFFERED:
        return list(found)
    step = (len(found) - 1) / (MOST_DAYS_OFFERED - 1)
    return [found[round(step * n)] for n in range(MOST_DAYS_OFFERED)]


def _usual_time(patient: Patient) -> str:
    """An hour after the clinic opens."""
    first = OpeningHours.objects.filter(clinic=patient.clinic_id).first()
    opens = time(9) if first is None else first.opens
    return f"{min(opens.hour + 1, 23):02}:{opens.minute:02}"


def _usual_review(patient: Patient, offered: Sequence[date], today: date) -> date:
    return min([*offered[:1], today + USUAL_REVIEW])


def record(
    user: User, patient_id: str, key: str, given: dict[str, Any], *, now: datetime
) -> Decision:
    """Check what was chosen and record it, if `user` treats the patient.

    Raises
    ------
    Refused
        A field breaks its rule, or the patient is not this person's to treat.
    """
    patient = patient_for(user, _uuid(patient_id))
    require_treats(user, patient)
    kind = str(given.get("kind") or "")
    return decide(
        user,
        patient,
        key=_uuid(key),
        kind=kind,
        reason=str(given.get("reason") or ""),
        review_on=_day("review_on", given.get("review_on")) if kind == "wait" else None,
        planned_at=_moment(patient, given) if kind == "book" else None,
        now=now,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound(t("There is no such patient.")) from None


def _day(name: str, value: Any) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise one(
            name, "a date", value, t("{value} is no date.", value=value)
        ) from None


def _moment(patient: Patient, given: dict[str, Any]) -> datetime | None:
    chosen = given.get("day")
    on = _day("planned_at", given.get("date") if chosen == ANOTHER else chosen)
    if on is None:
        return None
    text = str(given.get("time") or "")
    try:
        at = days.parse_clock(text[:5])
    except ValueError:
        raise one("planned_at", "a time as HH:MM", text, t("Give the time.")) from None
    return datetime.combine(on, at, days.zone(patient.clinic.time_zone))


def register(app: Dash) -> None:
    @app.callback(
        Output(f"{FORM}-book", "hidden"),
        Output(f"{FORM}-wait", "hidden"),
        Input(f"{FORM}-kind", "value"),
    )
    def show_fields(kind: str | None) -> tuple[bool, bool]:
        return kind != "book", kind != "wait"

    @app.callback(
        Output(f"{FORM}-answer", "children"),
        *(Output(forms.problem_id(FORM, name), "children") for name in NAMES),
        Output(f"{FORM}-listed", "children"),
        Output(f"{FORM}-reason", "value"),
        Output(f"{FORM}-kind", "value"),
        Output(f"{FORM}-key", "data"),
        Input(f"{FORM}-submit", "n_clicks"),
        State(f"{FORM}-patient", "data"),
        State(f"{FORM}-key", "data"),
        *(
            State(f"{FORM}-{name}", "value")
            for name in ("kind", "day", "date", "time", "review_on", "reason")
        ),
        prevent_initial_call=True,
    )
    def submit(clicks: int | None, patient_id: str, key: str, *values: Any) -> Any:
        kept = [no_update] * 4
        if not clicks:
            return [no_update] * (1 + len(NAMES)) + kept
        names = ("kind", "day", "date", "time", "review_on", "reason")
        given = dict(zip(names, values, strict=True))
        now = timezone.now()
        try:
            made = record(current_user(), patient_id, key, given, now=now)
        except Refused as refused:
            answer = html.P(forms.leftover(refused, NAMES), className="problem")
            return [answer, *forms.problems_by_field(refused, NAMES), *kept]
        patient = made.patient
        said = t(
            "Recorded: {what}", what=decided.what_was(made, patient, made.decided_on)
        )
        return [
            html.P(said, className="notice"),
            *[""] * len(NAMES),
            decided.listed(patient, now=now),
            "",
            None,
            str(uuid7()),
        ]

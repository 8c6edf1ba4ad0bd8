"""Recording an infusion from the patient's page."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from dash import Dash, Input, Output, State, dcc, html, no_update
from django.utils import timezone

from dashboard import words
from dashboard.context import current_user
from dashboard.pages import forms
from tracker import days
from tracker.access import patient_for, require_treats
from tracker.actions import save_infusion
from tracker.language import full_date, number, t
from tracker.models import Patient, User
from tracker.problems import Invalid, Problem, Refused, one
from tracker.vocabulary import Agent, Phase, Route

FORM = "record"
NAMES = (
    "started_at",
    "ended_at",
    "agent",
    "route",
    "phase",
    "dose_mg",
    "weight_kg",
    "dose_mg_per_kg",
    "reason",
)


def section(patient: Patient) -> html.Details:
    text = forms.text
    choices = words.choices
    zone = t("Local time, {zone}", zone=patient.time_zone)
    return html.Details(
        [
            html.Summary(t("Record an infusion")),
            dcc.Store(id=f"{FORM}-patient", data=str(patient.pk)),
            html.Div(
                [
                    forms.field(
                        FORM,
                        "started_at",
                        t("Start"),
                        text(FORM, "started_at", type="datetime-local"),
                        hint=zone,
                    ),
                    forms.field(
                        FORM,
                        "ended_at",
                        t("End"),
                        text(FORM, "ended_at", type="datetime-local"),
                        hint=t("May be left blank."),
                    ),
                    forms.field(
                        FORM,
                        "agent",
                        t("Agent"),
                        forms.choice(
                            FORM, "agent", choices(Agent), "ketamine", clearable=False
                        ),
                    ),
                    forms.field(
                        FORM,
                        "route",
                        t("Route"),
                        forms.choice(
                            FORM, "route", choices(Route), "iv", clearable=False
                        ),
                    ),
                    forms.field(
                        FORM,
                        "phase",
                        t("Phase"),
                        forms.choice(
                            FORM, "phase", choices(Phase), "booster", clearable=False
                        ),
                    ),
                    forms.field(
                        FORM,
                        "dose_mg",
                        t("Dose, mg"),
                        text(FORM, "dose_mg", inputMode="decimal"),
                    ),
                    forms.field(
                        FORM,
                        "weight_kg",
                        t("Weight, kg"),
                        text(FORM, "weight_kg", inputMode="decimal"),
                    ),
                    forms.field(
                        FORM,
                        "dose_mg_per_kg",
                        t("Dose, mg/kg"),
                        text(FORM, "dose_mg_per_kg", inputMode="decimal"),
                        hint=t(
                            "Checked against dose and weight; never converted silently."
                        ),
                    ),
                    forms.field(
                        FORM,
                        "reason",
                        t("Reason, when something is unusual"),
                        text(FORM, "reason", maxLength=200),
                    ),
                ],
                className="form",
            ),
            html.P(id=f"{FORM}-arithmetic", className="muted"),
            html.Button(t("Record the infusion"), id=f"{FORM}-submit", n_clicks=0),
            html.Div(id=f"{FORM}-answer", role="status"),
        ],
        className="card",
    )


def register(app: Dash) -> None:
    @app.callback(
        Output(f"{FORM}-arithmetic", "children"),
        Input(f"{FORM}-dose_mg", "value"),
        Input(f"{FORM}-weight_kg", "value"),
    )
    def arithmetic(dose: Any, weight: Any) -> str:
        return shown_arithmetic(dose, weight)

    @app.callback(
        Output(f"{FORM}-answer", "children"),
        *(Output(forms.problem_id(FORM, name), "children") for name in NAMES),
        Input(f"{FORM}-submit", "n_clicks"),
        State(f"{FORM}-patient", "data"),
        *(State(f"{FORM}-{name}", "value") for name in NAMES),
        prevent_initial_call=True,
    )
    def submit(clicks: int | None, patient_id: str, *values: Any) -> Any:
        if not clicks:
            return [no_update] * (len(NAMES) + 1)
        given = dict(zip(NAMES, values, strict=True))
        try:
            said = record(current_user(), patient_id, given, now=timezone.now())
        except Refused as refused:
            answer = html.P(forms.leftover(refused, NAMES), className="problem")
            return [answer, *forms.problems_by_field(refused, NAMES)]
        return [html.P(said, className="notice"), *[""] * len(NAMES)]


def shown_arithmetic(dose: Any, weight: Any) -> str:
    """The division a nurse would do, in words."""
    try:
        mg, kg = _amount("dose_mg", dose), _amount("weight_kg", weight)
    except Refused:
        return ""
    if not mg or not kg:
        return ""
    said, by, ratio = number(float(mg)), number(float(kg)), number(float(mg / kg), 2)
    return f"{said} mg ÷ {by} kg = {ratio} mg/kg"


def record(user: User, patient_id: str, given: dict[str, Any], *, now: datetime) -> str:
    """Check the form and record the infusion, if `user` treats the patient."""
    patient = patient_for(user, _key(patient_id))
    require_treats(user, patient)
    values = _values(patient, given)
    infusion = save_infusion(
        user,
        patient,
        values | {"course": None, "appointment": None},
        reason=str(given.get("reason") or "").strip()[:200],
        now=now,
    )
    return t(
        "Recorded for {day}. The spells are being computed again; this page follows "
        "by itself.",
        day=full_date(infusion.started_on),
    )


def _key(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise one(
            "patient", "a patient", None, t("There is no such patient.")
        ) from None


def _values(patient: Patient, given: dict[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    readers = {
        "started_at": lambda name, value: _moment(patient, name, value, needed=True),
        "ended_at": lambda name, value: _moment(patient, name, value, needed=False),
        "agent": _one_of(Agent),
        "route": _one_of(Route),
        "phase": _one_of(Phase),
        "dose_mg": _amount,
        "weight_kg": _amount,
        "dose_mg_per_kg": _amount,
    }
    for name, reader in readers.items():
        try:
            values[name] = reader(name, given.get(name))
        except Refused as refused:
            problems.extend(refused.problems)
    if problems:
        raise Invalid(problems)
    return values


def _moment(
    patient: Patient, name: str, value: Any, *, needed: bool
) -> datetime | None:
    if not value and not needed:
        return None
    try:
        local = datetime.fromisoformat(str(value or ""))
    except ValueError:
        raise one(
            name, "a date and time", value, t("Give the date and time.")
        ) from None
    return local.replace(tzinfo=days.zone(patient.time_zone))


def _one_of(kind: Any) -> Any:
    def read(name: str, value: Any) -> str:
        if value not in kind.values:
            raise one(name, f"one of {', '.join(kind.values)}", value, t("Choose one."))
        return str(value)

    return read


def _amount(name: str, value: Any) -> Decimal | None:
    """A number with a point or a comma; blank is not given."""
    text = str(value if value is not None else "").strip().replace(",", ".")
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0 or len(text) > 12:
        raise one(
            name,
            "a number above 0",
            text,
            t("{text} is not a number above 0.", text=text),
        )
    places = {"dose_mg": 2, "weight_kg": 1, "dose_mg_per_kg": 3}[name]
    return round(amount, places)

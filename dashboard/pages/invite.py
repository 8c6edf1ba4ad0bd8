"""Inviting a patient: a form, and the link to hand over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dash import Dash, Input, Output, State, html, no_update
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from dashboard import words
from dashboard.context import current_user
from dashboard.pages import forms
from dashboard.pages.invitation_link import link_notice
from tracker import days
from tracker.access import clinics_treated_by
from tracker.actions import add_patient
from tracker.diary_day import parse_date
from tracker.language import msg, t
from tracker.models import Clinic, User
from tracker.problems import Invalid, Problem, Refused, one
from tracker.vocabulary import Condition, Outcome

FORM = "invite"
NAMES = (
    "clinic",
    "name",
    "email",
    "reference",
    "born_on",
    "time_zone",
    "conditions",
    "primary_outcome",
    "other_outcomes",
    "enrolled_on",
)


def section(clinics: Sequence[Clinic], *, now: datetime) -> html.Details:
    first = clinics[0]
    today = days.diary_date(now, first.time_zone, days.DEFAULT_DAY_START)
    text = forms.text
    outcomes = words.choices(Outcome)
    return html.Details(
        [
            html.Summary(t("Invite a patient")),
            html.Div(
                [
                    forms.field(
                        FORM,
                        "clinic",
                        t("Clinic"),
                        forms.choice(
                            FORM,
                            "clinic",
                            {str(clinic.pk): clinic.name for clinic in clinics},
                            str(first.pk),
                            clearable=False,
                        ),
                    ),
                    forms.field(
                        FORM, "name", t("Name"), text(FORM, "name", maxLength=120)
                    ),
                    forms.field(
                        FORM, "email", "E-mail", text(FORM, "email", type="email")
                    ),
                    forms.field(
                        FORM,
                        "reference",
                        t("Your record number"),
                        text(FORM, "reference", maxLength=40),
                    ),
                    forms.field(
                        FORM,
                        "born_on",
                        t("Born on"),
                        text(FORM, "born_on", type="date"),
                    ),
                    forms.field(
                        FORM,
                        "time_zone",
                        t("Time zone"),
                        text(FORM, "time_zone", value=first.time_zone),
                        hint=t("The patient can change it on the phone."),
                    ),
                    forms.field(
                        FORM,
                        "conditions",
                        t("Treated for"),
                        forms.choice(
                            FORM,
                            "conditions",
                            words.choices(Condition),
                            None,
                            multi=True,
                        ),
                    ),
                    forms.field(
                        FORM,
                        "primary_outcome",
                        t("Main outcome"),
                        forms.choice(
                            FORM, "primary_outcome", outcomes, "mood", clearable=False
                        ),
                        hint=t("Relief is measured by this item."),
                    ),
                    forms.field(
                        FORM,
                        "other_outcomes",
                        t("Also ask"),
                        forms.choice(
                            FORM, "other_outcomes", outcomes, None, multi=True
                        ),
                    ),
                    forms.field(
                        FORM,
                        "enrolled_on",
                        t("Enrolled on"),
                        text(FORM, "enrolled_on", type="date", value=today.isoformat()),
                    ),
                ],
                className="form",
            ),
            html.Button(t("Make the invitation"), id=f"{FORM}-submit", n_clicks=0),
            html.Div(id=f"{FORM}-answer", role="status"),
        ],
        className="card",
    )


def register(app: Dash) -> None:
    @app.callback(
        Output(f"{FORM}-answer", "children"),
        *(Output(forms.problem_id(FORM, name), "children") for name in NAMES),
        Input(f"{FORM}-submit", "n_clicks"),
        *(State(f"{FORM}-{name}", "value") for name in NAMES),
        prevent_initial_call=True,
    )
    def submit(clicks: int | None, *values: Any) -> Any:
        if not clicks:
            return [no_update] * (len(NAMES) + 1)
        given = dict(zip(NAMES, values, strict=True))
        try:
            token = enrol(current_user(), given, now=timezone.now())
        except Refused as refused:
            answer: Any = html.P(forms.leftover(refused, NAMES), className="problem")
            return [answer, *forms.problems_by_field(refused, NAMES)]
        return [link_notice(token), *[""] * len(NAMES)]


def enrol(user: User, given: dict[str, Any], *, now: datetime) -> str:
    """Check the form, enrol the patient, and give the link's token."""
    values = _values(given)
    clinic = clinics_treated_by(user).filter(pk=values.pop("clinic")).first()
    if clinic is None:
        raise one(
            "clinic", "one of your clinics", None, t("Choose one of your clinics.")
        )
    _, token = add_patient(user, clinic, values, email=values.pop("email"), now=now)
    return token


def _values(given: dict[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name in NAMES:
        try:
            values[name] = _READERS[name](name, given.get(name))
        except Refused as refused:
            problems.extend(refused.problems)
    if problems:
        raise Invalid(problems)
    return values


def _needed(name: str, value: Any) -> str:
    typed = str(value or "").strip()
    if not typed or len(typed) > 120 or "\x00" in typed:
        raise one(name, "1 to 120 characters", typed, t(_FILL_IN[name]))
    return typed


_FILL_IN = {
    "name": msg("Fill in the name."),
    "email": msg("Fill in the email."),
    "time_zone": msg("Fill in the time zone."),
}


def _optional(name: str, value: Any) -> str:
    return str(value or "").strip()[:40].replace("\x00", "")


def _email(name: str, value: Any) -> str:
    address = _needed(name, value)
    try:
        validate_email(address)
    except ValidationError:
        raise one(
            name,
            "an e-mail address",
            address,
            t("{address} is no e-mail address.", address=address),
        ) from None
    return address


def _date(name: str, value: Any) -> Any:
    return parse_date(name, str(value or ""))


def _zone(name: str, value: Any) -> str:
    zone = _needed(name, value)
    try:
        days.zone(zone)
    except ValueError:
        said = t("time zone must be an IANA name, but was {zone}", zone=repr(zone))
        raise one(name, "an IANA time zone", zone, said) from None
    return zone


def _clinic(name: str, value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise one(name, "one of your clinics", None, t("Choose a clinic.")) from None


def _conditions(name: str, value: Any) -> list[str]:
    codes = [str(code) for code in value or []]
    if not codes or any(code not in Condition.values for code in codes):
        raise one(
            name, "at least one", codes, t("Choose what the patient is treated for.")
        )
    return codes


def _outcome(name: str, value: Any) -> str:
    if value not in Outcome.values:
        raise one(name, "a diary item", value, t("Choose the main outcome."))
    return str(value)


def _outcomes(name: str, value: Any) -> list[str]:
    return [_outcome(name, code) for code in value or []]


_READERS: dict[str, Any] = {
    "clinic": _clinic,
    "name": _needed,
    "email": _email,
    "reference": _optional,
    "born_on": _date,
    "time_zone": _zone,
    "conditions": _conditions,
    "primary_outcome": _outcome,
    "other_outcomes": _outcomes,
    "enrolled_on": _date,
}

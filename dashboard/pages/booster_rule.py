"""The clinic's booster rule: what early and late cost, and the least interval."""

from typing import Any

from dash import Dash, Input, Output, State, dcc, html, no_update
from django.utils import timezone

from dashboard.context import current_user
from dashboard.pages import forms
from tracker import language
from tracker.actions import BOOSTER_RULE, change_booster_rule
from tracker.language import t
from tracker.models import Clinic, User
from tracker.problems import Invalid, Problem, Refused, one

FORM = "rule"


def section(clinics: list[Clinic]) -> html.Section | None:
    if not clinics:
        return None
    clinic = clinics[0]
    return html.Section(
        [
            html.H2(t("Booster rule")),
            html.P(
                t(
                    "The window of an outlook weighs a booster too early against one too "
                    "late. Outlooks follow within a minute of a change. Clinicians and "
                    "administrators may change it."
                ),
                className="muted",
            ),
            html.Div(
                [
                    _clinic_field(clinics),
                    forms.field(
                        FORM,
                        "booster_cost_early",
                        t("A day too early costs"),
                        _number("booster_cost_early", clinic.booster_cost_early),
                    ),
                    forms.field(
                        FORM,
                        "booster_cost_late",
                        t("A day without relief costs"),
                        _number("booster_cost_late", clinic.booster_cost_late),
                    ),
                    forms.field(
                        FORM,
                        "booster_min_interval_days",
                        t("Days between two infusions, at least"),
                        _number(
                            "booster_min_interval_days",
                            clinic.booster_min_interval_days,
                        ),
                    ),
                ],
                className="form",
            ),
            html.Button(t("Save the rule"), id=f"{FORM}-save", n_clicks=0),
            html.Div(id=f"{FORM}-said", role="status"),
        ],
        className="card",
    )


def _clinic_field(clinics: list[Clinic]) -> html.Div:
    names = {str(clinic.pk): clinic.name for clinic in clinics}
    return forms.field(
        FORM,
        "clinic",
        t("Clinic"),
        forms.choice(FORM, "clinic", names, next(iter(names)), clearable=False),
    )


def _number(name: str, value: float) -> dcc.Input:
    return forms.text(
        FORM, name, value=language.number(value), inputMode="decimal", maxLength=8
    )


def save(user: User, clinic_id: str, given: dict[str, Any]) -> str:
    """Store what was typed, and say so.

    Raises
    ------
    Refused
        A value breaks its rule, or the clinic is not this person's to rule.
    """
    clinic = forms.ruled_clinic(user, clinic_id)
    problems: list[Problem] = []
    values: dict[str, float | int] = {}
    for name in BOOSTER_RULE:
        try:
            values[name] = _read(name, given.get(name))
        except Refused as refused:
            problems.extend(refused.problems)
    if problems:
        raise Invalid(problems)
    change_booster_rule(user, clinic, values, now=timezone.now())
    return t("Saved. Outlooks are being made again by this rule.")


def _read(name: str, value: Any) -> float | int:
    text = str(value if value is not None else "").strip().replace(",", ".")
    whole = name == "booster_min_interval_days"
    try:
        return int(text) if whole else float(text)
    except ValueError:
        rule = "a whole number" if whole else "a number"
        raise one(name, rule, text, forms.no_number(text, whole=whole)) from None


def register(app: Dash) -> None:
    @app.callback(
        Output(f"{FORM}-said", "children"),
        *[Output(forms.problem_id(FORM, name), "children") for name in BOOSTER_RULE],
        Input(f"{FORM}-save", "n_clicks"),
        State(f"{FORM}-clinic", "value"),
        *[State(f"{FORM}-{name}", "value") for name in BOOSTER_RULE],
        prevent_initial_call=True,
    )
    def store(clicks: int | None, clinic_id: str | None, *typed: Any) -> Any:
        if not clicks:
            return (no_update,) * (1 + len(BOOSTER_RULE))
        given = dict(zip(BOOSTER_RULE, typed, strict=True))
        try:
            said = save(current_user(), str(clinic_id or ""), given)
        except Refused as refused:
            return (
                forms.leftover(refused, BOOSTER_RULE),
                *forms.problems_by_field(refused, BOOSTER_RULE),
            )
        return (html.P(said, className="notice"), *[""] * len(BOOSTER_RULE))

"""The criteria drawer: what counts as relief, tried out for one look."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import Dash, Input, Output, State, html, no_update

from dashboard import words
from dashboard.context import current_user
from dashboard.pages import forms
from dashboard.pages.patient.view import View, patient_named
from tracker import relief
from tracker.language import msg, t
from tracker.models import Patient
from tracker.problems import Invalid, Problem, Refused
from tracker.relief_models import criteria_for

FORM = "criteria"
# As the address names them: shares in per cent, counts in logged days.
SHARES = ("on", "off")
COUNTS = ("k_on", "k_off", "baseline_window")
NAMES = ("item", *SHARES, *COUNTS)
LABELS = {
    "item": msg("Outcome"),
    "on": msg("Relief begins at a change of, %"),
    "off": msg("Relief is lost below, %"),
    "k_on": msg("Days in a row to begin"),
    "k_off": msg("Days in a row to be lost"),
    "baseline_window": msg("Baseline: days before the first infusion"),
}


def criteria_from(patient: Patient, search: str) -> relief.Criteria:
    """The criteria an address names, the clinic's own where it names none.

    Raises
    ------
    Invalid
        A value breaks its rule.
    """
    given = dict(parse_qsl((search or "").lstrip("?")))
    return _criteria(patient, {name: given.get(name) for name in NAMES})


def _criteria(patient: Patient, given: Mapping[str, Any]) -> relief.Criteria:
    own = criteria_for(patient)
    item = str(given.get("item") or own.item)
    if item not in patient.outcomes:
        rule = f"one of {', '.join(patient.outcomes)}"
        said = t(
            "{item} is not asked of this patient; possible: one of {items}.",
            item=item,
            items=", ".join(patient.outcomes),
        )
        raise Invalid([Problem("item", rule, item, said)])
    base = relief.Criteria.for_item(item)
    values: dict[str, Any] = {}
    problems = []
    for name in (*SHARES, *COUNTS):
        text = str(given.get(name) or "").strip().replace(",", ".")
        if not text:
            continue
        try:
            values[name] = float(text) / 100 if name in SHARES else int(text)
        except ValueError:
            whole = name not in SHARES
            rule = "a whole number" if whole else "a number"
            said = forms.no_number(text, whole=whole)
            problems.append(Problem(name, rule, text, said))
    if problems:
        raise Invalid(problems)
    try:
        return replace(base, **values)
    except ValueError as error:
        name = str(error).partition(" ")[0]
        field = name if name in NAMES else "on"
        raise Invalid(
            [Problem(field, str(error), values.get(field), f"{error}.")]
        ) from None


def search_of(patient: Patient, criteria: relief.Criteria) -> str:
    """The query that names `criteria`; empty for the clinic's own."""
    if criteria == criteria_for(patient):
        return ""
    return "?" + urlencode(_shown(criteria))


def _shown(criteria: relief.Criteria) -> dict[str, str]:
    return {
        "item": criteria.item,
        "on": f"{100 * criteria.on:g}",
        "off": f"{100 * criteria.off:g}",
        **{name: str(getattr(criteria, name)) for name in COUNTS},
    }


def label(view: View) -> html.P | None:
    """Said on the page whenever its numbers are not by the clinic's own criteria."""
    if view.is_the_clinics:
        return None
    shown = _shown(view.criteria)
    return html.P(
        [
            html.Strong(t("Not the clinic's criteria.") + " "),
            t(
                "{item}: relief begins at {on} % for {k_on} days and is lost below "
                "{off} % for {k_off}; baseline of {baseline} days. The caseload, what "
                "waits and a decision's evidence stay with the clinic's own.",
                item=words.item_word(view.item),
                on=shown["on"],
                k_on=shown["k_on"],
                off=shown["off"],
                k_off=shown["k_off"],
                baseline=shown["baseline_window"],
            ),
        ],
        className="caution",
        role="status",
    )


def drawer(view: View) -> html.Details:
    shown = _shown(view.criteria)
    items = {item: words.item_word(item) for item in view.patient.outcomes}
    return html.Details(
        [
            html.Summary(t("Criteria")),
            html.Div(
                [
                    forms.field(
                        FORM,
                        "item",
                        t(LABELS["item"]),
                        forms.choice(
                            FORM, "item", items, shown["item"], clearable=False
                        ),
                    ),
                    *[
                        forms.field(
                            FORM,
                            name,
                            t(LABELS[name]),
                            forms.text(
                                FORM,
                                name,
                                value=shown[name],
                                inputMode="decimal",
                                maxLength=6,
                            ),
                        )
                        for name in (*SHARES, *COUNTS)
                    ],
                ],
                className="form",
            ),
            html.Div(
                [
                    html.Button(t("Judge by these"), id=f"{FORM}-apply", n_clicks=0),
                    html.Button(
                        t("Back to the clinic's"),
                        id=f"{FORM}-reset",
                        className="quiet",
                        n_clicks=0,
                    ),
                ],
                className="row",
            ),
            html.Div(id=f"{FORM}-said", role="status"),
        ],
        className="card",
        open=not view.is_the_clinics,
    )


def register(app: Dash) -> None:
    @app.callback(
        Output("url", "search"),
        Output(f"{FORM}-said", "children"),
        *(Output(forms.problem_id(FORM, name), "children") for name in NAMES),
        Input(f"{FORM}-apply", "n_clicks"),
        State("patient-id", "data"),
        *(State(f"{FORM}-{name}", "value") for name in NAMES),
        prevent_initial_call=True,
    )
    def judge(clicks: int | None, patient_id: str, *typed: Any) -> Any:
        if not clicks:
            return [no_update] * (2 + len(NAMES))
        try:
            patient = patient_named(current_user(), patient_id)
            criteria = _criteria(patient, dict(zip(NAMES, typed, strict=True)))
        except Refused as refused:
            left = html.P(forms.leftover(refused, NAMES), className="problem")
            return [no_update, left, *forms.problems_by_field(refused, NAMES)]
        return [search_of(patient, criteria), "", *[""] * len(NAMES)]

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        *(Output(f"{FORM}-{name}", "value") for name in NAMES),
        Input(f"{FORM}-reset", "n_clicks"),
        State("patient-id", "data"),
        prevent_initial_call=True,
    )
    def back(clicks: int | None, patient_id: str) -> Any:
        if not clicks:
            return [no_update] * (1 + len(NAMES))
        patient = patient_named(current_user(), patient_id)
        shown = _shown(criteria_for(patient))
        return ["", *(shown[name] for name in NAMES)]

"""What a clinic tells its patients: numbers for a crisis, and how relief lasts."""

from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, dcc, html, no_update
from django.utils import timezone

from dashboard import words
from dashboard.context import current_user
from dashboard.pages import forms
from dashboard.pages.marks import synthetic_band
from dashboard.routes import PREFIX
from tracker import crisis, language
from tracker.access import clinics_ruled_by, clinics_treated_by
from tracker.actions import change_patient_view
from tracker.actions.safety import confirm_crisis_lines
from tracker.language import msg, t, tn
from tracker.models import Clinic, CrisisLines, User
from tracker.problems import Problem, Refused
from tracker.vocabulary import PatientSees

FORM = "crisis"
VIEW = "view"
NAMES = ("country", "emergency", "lines")
# A line is typed as four parts; a comma or a dash may be part of any of them.
MARK = "|"
LINES_HINT = msg("One a line: name | number | number for texts, if any | hours")


def layout(user: User) -> html.Div:
    clinics = list(clinics_treated_by(user).order_by("name"))
    ruled = list(clinics_ruled_by(user).order_by("name"))
    return html.Div(
        [
            synthetic_band() if any(one.is_synthetic for one in clinics) else None,
            dcc.Link(t("Back to the caseload"), href=PREFIX, className="back"),
            html.H1(t("Clinic")),
            *[
                part(clinic, named=len(clinics) > 1)
                for clinic in ruled
                for part in (_section, _view_section)
            ],
            None
            if ruled
            else html.P(
                t(
                    "What a clinic tells its patients is set by its clinicians and "
                    "administrators."
                ),
                className="card",
            ),
        ]
    )


def _section(clinic: Clinic, *, named: bool) -> html.Section:
    own = CrisisLines.objects.filter(clinic=clinic).select_related("confirmed_by")
    lines = own.first()
    form = f"{FORM}-{clinic.pk}"
    title = t("Numbers for a crisis") + (f", {clinic.name}" if named else "")
    return html.Section(
        [
            html.H2(title),
            html.P(
                t(
                    "Patients see them on the safety card of their phone, without signal "
                    "too. Call each number before you confirm it."
                ),
                className="muted",
            ),
            html.P(_state(lines), className="notice"),
            html.Div(
                [
                    forms.field(
                        form,
                        "country",
                        t("Country (two letters, as ES)"),
                        _input(clinic, "country", lines.country if lines else ""),
                    ),
                    forms.field(
                        form,
                        "emergency",
                        t("Emergency number"),
                        _input(clinic, "emergency", lines.emergency if lines else ""),
                    ),
                    forms.field(
                        form,
                        "lines",
                        t("Crisis lines"),
                        dcc.Textarea(
                            id=_id(clinic, "lines"),
                            value=_typed(lines.lines if lines else []),
                            rows=4,
                            className="wide",
                        ),
                        hint=t(LINES_HINT),
                    ),
                ],
                className="form",
            ),
            html.Div(
                [
                    html.Button(
                        t("Fill in what is known for the country"),
                        id={"form": FORM, "act": "suggest", "clinic": str(clinic.pk)},
                        className="quiet",
                        n_clicks=0,
                    ),
                    html.Button(
                        t("We have checked these numbers"),
                        id={"form": FORM, "act": "confirm", "clinic": str(clinic.pk)},
                        n_clicks=0,
                    ),
                ],
                className="row",
            ),
            html.Div(id=_id(clinic, "said"), role="status"),
        ],
        className="card",
    )


def _view_section(clinic: Clinic, *, named: bool) -> html.Section:
    title = t("What patients see") + (f", {clinic.name}" if named else "")
    return html.Section(
        [
            html.H2(title),
            html.P(
                t(
                    "Of relief estimates, on their phones. Their own days they always see."
                ),
                className="muted",
            ),
            forms.group(
                title,
                dcc.RadioItems(
                    words.choices(PatientSees),
                    clinic.patients_see,
                    id={"form": VIEW, "clinic": str(clinic.pk)},
                    className="choices",
                ),
                quiet=True,
            ),
            html.Div(
                id={"form": VIEW, "said": True, "clinic": str(clinic.pk)}, role="status"
            ),
        ],
        className="card",
    )


def choose_view(user: User, clinic_id: str, shown: str) -> str:
    """Store what patients see, and say so.

    Raises
    ------
    Refused
        The choice is none, or the clinic is not this person's to rule.
    """
    clinic = forms.ruled_clinic(user, clinic_id)
    change_patient_view(user, clinic, shown)
    return t("Saved. Phones follow when they are next opened.")


def _id(clinic: Clinic, name: str) -> dict[str, str]:
    return {"form": FORM, "field": name, "clinic": str(clinic.pk)}


def _input(clinic: Clinic, name: str, value: str) -> dcc.Input:
    return dcc.Input(id=_id(clinic, name), value=value, maxLength=19)


def _state(lines: CrisisLines | None) -> str:
    if lines is None:
        return t(
            "Not confirmed yet: patients see only that 112 or 911 is the number in "
            "most countries."
        )
    day = language.full_date(lines.confirmed_at.date())
    if not lines.confirmed_by:
        return t("Confirmed on {day}.", day=day)
    return t("Confirmed on {day} by {name}.", day=day, name=lines.confirmed_by)


def _typed(lines: list[dict[str, str]]) -> str:
    parts = ("name", "phone", "sms", "hours")
    return "\n".join(f" {MARK} ".join(line[part] for part in parts) for line in lines)


def read_lines(text: str) -> list[dict[str, str]]:
    """The typed lines; a part left out is empty."""
    rows = []
    for line in text.splitlines():
        if not line.strip():
            continue
        name, phone, sms, hours = (
            [part.strip() for part in line.split(MARK, 3)] + [""] * 4
        )[:4]
        rows.append({"name": name, "phone": phone, "sms": sms, "hours": hours})
    return rows


def suggest(country: str) -> tuple[str, str, str]:
    """Emergency number, lines and what to say of them, for a country's letters."""
    code = country.strip().upper()
    known = crisis.suggestions().get(code)
    if known is None:
        country = code or t("no country")
        said = t("Nothing is known for {country}; type your own.", country=country)
        return "", "", said
    sources = sorted({line["source"] for line in known["lines"]})
    said = t(
        "Written down on {day}; nobody has checked these for you: call each before "
        "you confirm.",
        day=language.full_date(crisis.suggested_on()),
    )
    if sources:
        published = ", ".join(sources)
        said += " " + t("Where they are published: {sources}.", sources=published)
    return known["emergency"], _typed(known["lines"]), said


def confirm(user: User, clinic_id: str, given: dict[str, Any]) -> str:
    """Store what was typed as the clinic's own, and say so.

    Raises
    ------
    Refused
        A number breaks its rule, or the clinic is not this person's to rule.
    """
    clinic = forms.ruled_clinic(user, clinic_id)
    lines = read_lines(str(given.get("lines") or ""))
    confirm_crisis_lines(
        user,
        clinic,
        country=str(given.get("country") or "").strip().upper(),
        emergency=str(given.get("emergency") or "").strip(),
        lines=lines,
        now=timezone.now(),
    )
    return tn(
        "Confirmed: the emergency number and {n} line. Phones show them from now on.",
        "Confirmed: the emergency number and {n} lines. Phones show them from now on.",
        len(lines),
    )


def in_words(problem: Problem) -> str:
    """A problem of one typed line names the line as it is counted on screen."""
    parts = problem.field.split(".")
    if len(parts) != 3:
        return problem.message
    part = t(_PARTS.get(parts[2], parts[2]))
    return t(
        "Line {n}, {part}: {said}", n=int(parts[1]) + 1, part=part, said=problem.message
    )


_PARTS = {
    "name": msg("name"),
    "phone": msg("phone"),
    "sms": msg("sms"),
    "hours": msg("hours"),
}


def register(app: Dash) -> None:
    @app.callback(
        Output({"form": VIEW, "said": True, "clinic": MATCH}, "children"),
        Input({"form": VIEW, "clinic": MATCH}, "value"),
        prevent_initial_call=True,
    )
    def show(shown: str) -> Any:
        asked = ctx.triggered_id
        if not asked:
            return no_update
        try:
            said = choose_view(current_user(), asked["clinic"], shown)
        except Refused as refused:
            return html.P(refused.message, className="problem")
        return html.P(said, className="notice")

    @app.callback(
        Output({"form": FORM, "field": "emergency", "clinic": ALL}, "value"),
        Output({"form": FORM, "field": "lines", "clinic": ALL}, "value"),
        Output({"form": FORM, "field": "said", "clinic": ALL}, "children"),
        Input({"form": FORM, "act": ALL, "clinic": ALL}, "n_clicks"),
        State({"form": FORM, "field": "country", "clinic": ALL}, "value"),
        State({"form": FORM, "field": "emergency", "clinic": ALL}, "value"),
        State({"form": FORM, "field": "lines", "clinic": ALL}, "value"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int], *typed: list[str]) -> Any:
        asked = ctx.triggered_id
        shown = [entry["id"]["clinic"] for entry in ctx.outputs_list[2]]
        nothing = [no_update] * len(shown)
        if not asked or not any(clicks) or asked["clinic"] not in shown:
            return nothing, nothing, nothing
        place = shown.index(asked["clinic"])
        given = {name: values[place] for name, values in zip(NAMES, typed, strict=True)}
        emergency, lines, said = _answer(asked, given)
        return tuple(
            [value if number == place else no_update for number in range(len(shown))]
            for value in (emergency, lines, said)
        )


def _answer(asked: dict[str, str], given: dict[str, Any]) -> tuple[Any, Any, Any]:
    if asked["act"] == "suggest":
        emergency, lines, said = suggest(str(given["country"] or ""))
        kept = emergency or no_update
        return kept, lines or no_update, html.P(said, className="notice")
    try:
        said = confirm(current_user(), asked["clinic"], given)
    except Refused as refused:
        told = [in_words(problem) for problem in refused.problems] or [refused.message]
        problems = html.Ul([html.Li(text) for text in told], className="problem")
        return no_update, no_update, problems
    return no_update, no_update, html.P(said, className="notice")

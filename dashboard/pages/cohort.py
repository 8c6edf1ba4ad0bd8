"""A clinic's patients together: how long relief lasts, for whom, and what it costs."""

from typing import Any
from uuid import UUID

from dash import Dash, Input, Output, dcc, html
from django.db.models import Count

from dashboard import figures, tokens, words
from dashboard.context import current_user, prefers_dark
from dashboard.pages import cohort_curves, cohort_tables
from dashboard.pages.marks import synthetic_band
from dashboard.routes import PREFIX
from tracker import audit, clinic_results, days, language, relief
from tracker.access import clinics_treated_by
from tracker.clinic_results import FEWEST
from tracker.language import msg, t
from tracker.models import Clinic, Patient, User
from tracker.problems import NotFound
from tracker.vocabulary import Outcome

GROUPS = {
    "phase": msg("Induction or booster"),
    "nth_booster": msg("Which booster"),
    "dose_band": msg("Dose"),
    "route": msg("Route"),
    "agent": msg("Agent"),
    "condition": msg("Condition"),
}


def layout(user: User) -> html.Div:
    audit.record_read("cohort", actor_id=user.pk, patient_id=None, own=False)
    clinics = list(clinics_treated_by(user).order_by("name"))
    choices = _choices(clinics)
    return html.Div(
        [
            synthetic_band() if any(one.is_synthetic for one in clinics) else None,
            dcc.Link(t("Back to the caseload"), href=PREFIX, className="back"),
            html.H1(t("The clinic's patients")),
            html.P(
                t("Numbers of fewer than {n} patients are not shown.", n=FEWEST),
                className="muted",
            ),
            _chooser(choices)
            if choices
            else html.P(t("No patients yet."), className="card empty"),
            html.Div(id="cohort"),
        ]
    )


def outcomes_of(clinic: Clinic) -> list[str]:
    """Outcomes of the clinic's patients, the commonest first."""
    counts = (
        Patient.objects.filter(clinic=clinic)
        .order_by()
        .values_list("primary_outcome")
        .annotate(many=Count("pk"))
    )
    return [item for item, _ in sorted(counts, key=lambda row: (-row[1], row[0]))]


def _choices(clinics: list[Clinic]) -> dict[str, str]:
    """Clinic and outcome as one choice."""
    return {
        f"{clinic.pk}:{item}": f"{words.item_word(item)}, {clinic.name}"
        for clinic in clinics
        for item in outcomes_of(clinic)
    }


def _chooser(choices: dict[str, str]) -> html.Div:
    def choice(label: str, name: str, options: dict[str, str]) -> html.Label:
        control = dcc.Dropdown(
            options, next(iter(options)), id=name, clearable=False, searchable=False
        )
        return html.Label([label, control], className="wide")

    return html.Div(
        [
            choice(t("Outcome"), "cohort-of", choices),
            choice(t("Compare by"), "cohort-by", words.options(GROUPS)),
        ],
        className="filters",
    )


def compared(user: User, chosen: str, by: str) -> clinic_results.Result:
    """The comparison that is asked for: its table, curves and response rates.

    Raises
    ------
    NotFound
        The clinic is not one `user` treats patients of, or there is no such choice.
    """
    clinic, item = _chosen(user, chosen)
    if by not in GROUPS:
        raise NotFound(t("There is no such comparison."))
    kind = clinic_results.compared_by(by)
    return clinic_results.result_of(clinic, item, kind)


def _chosen(user: User, chosen: str) -> tuple[Clinic, str]:
    key, _, item = chosen.partition(":")
    try:
        clinic = clinics_treated_by(user).filter(pk=UUID(key)).first()
    except ValueError:
        clinic = None
    if clinic is None or item not in Outcome.values:
        raise NotFound(t("There is no such clinic."))
    return clinic, item


def whole(user: User, chosen: str, by: str, palette: figures.Palette) -> html.Div:
    """Everything the page shows of one outcome of one clinic.

    Raises
    ------
    NotFound
        As for `compared`.
    """
    clinic, item = _chosen(user, chosen)
    result = compared(user, chosen, by)
    patients = clinic_results.result_of(clinic, item, clinic_results.PATIENTS).frames
    return html.Div(
        [
            html.Section(
                [
                    html.H2(t("How long relief lasts")),
                    html.P(cohort_curves.finding(clinic, item)),
                    *cohort_curves.curves(
                        clinic, item, by, result.frames["curves"], palette
                    ),
                    html.P(t(relief.CORRECTION), className="caution"),
                    _computed(clinic, result),
                ],
                className="card",
            ),
            html.Section(
                [
                    html.H2(t("Mean days of relief, by group")),
                    cohort_tables.groups(result.frames["table"], palette),
                    html.P(t(NOT_BY_LOT), className="caution"),
                ],
                className="card",
            ),
            html.Div(
                [
                    cohort_tables.responses(result.frames["responses"]),
                    cohort_tables.waits(patients["wait"], patients["logging"]),
                    cohort_tables.effects(patients["effects"]),
                ],
                className="two",
            ),
        ]
    )


def _computed(clinic: Clinic, result: clinic_results.Result) -> html.P:
    """How fresh the numbers are, in the clinic's zone."""
    local = result.computed_at.astimezone(days.zone(clinic.time_zone))
    return html.P(
        t(
            "Computed {day}, {time} ({zone}).",
            day=language.full_date(local.date()),
            time=f"{local:%H:%M}",
            zone=clinic.time_zone,
        ),
        className="muted small",
    )


NOT_BY_LOT = msg(
    "Groups were not drawn by lot: a higher dose goes to whom a lower one did not help "
    "for long, and a late booster to whom the earlier ones helped. Where boosters cut "
    "more spells short, the figures of a group read longer. A difference here is a "
    "question, not an answer."
)


def register(app: Dash) -> None:
    @app.callback(
        Output("cohort", "children"),
        Input("cohort-of", "value"),
        Input("cohort-by", "value"),
    )
    def show(chosen: str | None, by: str | None) -> Any:
        palette = tokens.palette(dark=prefers_dark())
        try:
            return whole(current_user(), str(chosen or ""), str(by or ""), palette)
        except NotFound:
            return html.P(t("There is no such comparison."), className="muted")

"""A clinic's patients together: how long relief lasts, for whom, and what it costs."""

from typing import Any
from uuid import UUID

import pandas as pd
from dash import Dash, Input, Output, dcc, html
from django.db.models import Count

from dashboard import figures, tokens, words
from dashboard.context import current_user, prefers_dark
from dashboard.pages.charts import chart
from dashboard.pages.marks import synthetic_band
from dashboard.pages.patient.days import WINDOW_WORDS
from dashboard.pages.tables import folded_table, plain_table, scrolled
from dashboard.routes import PREFIX
from tracker import audit, clinic_results, days, relief
from tracker.access import clinics_treated_by
from tracker.clinic_results import FEWEST, HORIZON_DAYS
from tracker.models import Clinic, ClinicModel, Patient, SideEffectTerm, User
from tracker.problems import NotFound
from tracker.relief_models import curve_from_json, stored_model
from tracker.vocabulary import Outcome

GROUPS = {
    "phase": "Induction or booster",
    "nth_booster": "Which booster",
    "dose_band": "Dose",
    "route": "Route",
    "agent": "Agent",
    "condition": "Condition",
}
RISK_DAYS = (0, 7, 14, 28, 42, 56)


def layout(user: User) -> html.Div:
    audit.record_read("cohort", actor_id=user.pk, patient_id=None, own=False)
    clinics = list(clinics_treated_by(user).order_by("name"))
    choices = _choices(clinics)
    return html.Div(
        [
            synthetic_band() if any(one.is_synthetic for one in clinics) else None,
            dcc.Link("Back to the caseload", href=PREFIX, className="back"),
            html.H1("The clinic's patients"),
            html.P(
                f"Numbers of fewer than {FEWEST} patients are not shown.",
                className="muted",
            ),
            _chooser(choices)
            if choices
            else html.P("No patients yet.", className="card empty"),
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
        f"{clinic.pk}:{item}": f"{words.ITEM_WORDS[item]}, {clinic.name}"
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
            choice("Outcome", "cohort-of", choices),
            choice("Compare by", "cohort-by", GROUPS),
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
        raise NotFound("There is no such comparison.")
    kind = clinic_results.compared_by(by)
    return clinic_results.result_of(clinic, item, kind)


def _chosen(user: User, chosen: str) -> tuple[Clinic, str]:
    key, _, item = chosen.partition(":")
    try:
        clinic = clinics_treated_by(user).filter(pk=UUID(key)).first()
    except ValueError:
        clinic = None
    if clinic is None or item not in Outcome.values:
        raise NotFound("There is no such clinic.")
    return clinic, item


def groups_table(table: pd.DataFrame, palette: figures.Palette) -> html.Div:
    rows = [_group_row(row) for row in table.to_dict("records")]
    left_out = int(table.attrs["left_out"])
    return html.Div(
        [
            chart(figures.group_intervals(table, HORIZON_DAYS, palette)),
            html.Div(
                plain_table(
                    (
                        "Group",
                        "Patients",
                        "Spells",
                        "Cut by a booster",
                        f"Mean days, at most {HORIZON_DAYS} (95 % interval)",
                        "Between the two bounds",
                        "Median days (95 % interval)",
                    ),
                    rows,
                ),
                className="scroll",
                tabIndex=0,
            ),
            html.P(
                f"{words.plural(left_out, 'spell was', 'spells were')} left out: "
                "agents were mixed, or another treatment began.",
                className="muted small",
            )
            if left_out
            else None,
        ]
    )


def _group_row(row: Any) -> tuple[str, ...]:
    counts = (str(row["group"]), str(row["n_patients"]), str(row["n_spells"]))
    if row["reason"]:
        return (*counts, "too few patients to show", "", "", "")
    return (
        *counts,
        f"{100 * row['share_cut']:.0f} %",
        _interval(row, "restricted_mean"),
        _span(row["restricted_mean_low"], row["restricted_mean_high"]),
        _interval(row, "median"),
    )


def _interval(row: Any, name: str) -> str:
    if pd.isna(row[name]):
        return "not reached"
    return f"{row[name]:.0f} ({_span(row[f'{name}_lower'], row[f'{name}_upper'])})"


def _span(low: float, high: float) -> str:
    if pd.isna(low) and pd.isna(high):
        return "not known"
    ends = ["not known" if pd.isna(end) else f"{end:.0f}" for end in (low, high)]
    return " to ".join(ends)


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
                    html.H2("How long relief lasts"),
                    html.P(_finding(clinic, item)),
                    *_curves(clinic, item, by, result.frames["curves"], palette),
                    html.P(relief.CORRECTION, className="caution"),
                    _computed(clinic, result),
                ],
                className="card",
            ),
            html.Section(
                [
                    html.H2("Mean days of relief, by group"),
                    groups_table(result.frames["table"], palette),
                    html.P(NOT_BY_LOT, className="caution"),
                ],
                className="card",
            ),
            html.Div(
                [
                    _responses(result.frames["responses"]),
                    _waits(patients["wait"], patients["logging"]),
                    _effects(patients["effects"]),
                ],
                className="two",
            ),
        ]
    )


def _computed(clinic: Clinic, result: clinic_results.Result) -> html.P:
    """How fresh the numbers are, in the clinic's zone."""
    local = result.computed_at.astimezone(days.zone(clinic.time_zone))
    return html.P(
        f"Computed {local:%d %b %Y, %H:%M} ({clinic.time_zone}).",
        className="muted small",
    )


NOT_BY_LOT = (
    "Groups were not drawn by lot: a higher dose goes to whom a lower one did not help "
    "for long, and a late booster to whom the earlier ones helped. Where boosters cut "
    "more spells short, the figures of a group read longer. A difference here is a "
    "question, not an answer."
)


def _finding(clinic: Clinic, item: str) -> str:
    """The clinic's corrected median: the one curve that knows why boosters came."""
    stored = _model(clinic, item)
    if stored is None:
        return "No corrected curve yet: it is fitted once enough spells are known."
    found = relief.median(curve_from_json(stored.curve))
    if pd.isna(found.estimate):
        return "Corrected for boosters, fewer than half of all spells ended so far."
    low, high = (
        "not known" if pd.isna(end) else f"{end:.0f}"
        for end in (found.lower, found.upper)
    )
    return (
        f"Corrected for boosters, half of all spells last {found.estimate:.0f} days or "
        f"longer (95 % interval {low} to {high})."
    )


def _model(clinic: Clinic, item: str) -> ClinicModel | None:
    """The clinic's newest model, if it was fitted by the present rules."""
    stored = stored_model(clinic.pk, item)
    version = relief.Criteria.for_item(item).version
    current = stored is not None and stored.criteria_version == version
    return stored if current else None


def _curves(
    clinic: Clinic, item: str, by: str, plain: pd.DataFrame, palette: figures.Palette
) -> list[Any]:
    """Corrected curves of the groups first, then what was only counted."""
    corrected = _corrected(clinic, item, by)
    rows = [
        (
            str(group),
            *(f"{count:g}" for count in relief.numbers_at_risk(part, RISK_DAYS)),
        )
        for group, part in plain.groupby("group", observed=True, sort=False)
    ]
    return [
        html.H3("Corrected for boosters"),
        *_corrected_curves(corrected, palette),
        html.H3("Plain: boosters count as censoring"),
        chart(figures.group_curves(plain, palette)),
        html.H3("Numbers at risk"),
        scrolled(plain_table(("Day", *map(str, RISK_DAYS)), rows)),
    ]


def _corrected(clinic: Clinic, item: str, by: str) -> dict[str, pd.DataFrame]:
    """Curves by group of the clinic's newest model, if it is by the present rules."""
    stored = _model(clinic, item)
    groups = {} if stored is None else stored.group_curves.get(by, {})
    return {name: curve_from_json(curve) for name, curve in groups.items()}


def _corrected_curves(
    corrected: dict[str, pd.DataFrame], palette: figures.Palette
) -> list[Any]:
    if not corrected:
        return [
            html.P(
                "No group has a corrected curve yet: the model is fitted once a week, "
                f"and a group needs {FEWEST} patients in whom relief was seen.",
                className="muted",
            )
        ]
    whole = pd.concat(
        [curve.assign(group=name) for name, curve in corrected.items()],
        ignore_index=True,
    )
    rows = [
        (
            name,
            f"{curve.attrs['n_patients']:.0f}",
            f"{curve.attrs['n_spells']:.0f}",
            _days(curve, "median"),
            f"{curve.attrs['mean_60']:.0f}",
        )
        for name, curve in corrected.items()
    ]
    return [
        chart(figures.group_curves(whole, palette)),
        scrolled(
            plain_table(
                (
                    "Group",
                    "Patients",
                    "Spells",
                    "Median days (95 % interval)",
                    "Mean days, at most 60",
                ),
                rows,
            )
        ),
    ]


def _days(curve: pd.DataFrame, name: str) -> str:
    middle, low, high = (
        "more than 180" if curve.attrs[key] > LAST_DAY else f"{curve.attrs[key]:.0f}"
        for key in (name, f"{name}_lower", f"{name}_upper")
    )
    return f"{middle} ({low} to {high})"


LAST_DAY = 180


def _responses(found: pd.DataFrame) -> html.Section:
    rows = [
        (
            str(row["group"]),
            "too few patients to show" if row["reason"] else _share(row),
            str(row["n"]),
            str(row["n_patients"]),
        )
        for row in found.to_dict("records")
    ]
    return html.Section(
        [
            html.H2("Relief began"),
            html.P("Of the series that could be judged.", className="muted"),
            scrolled(
                plain_table(
                    ("Group", "Share (95 % interval)", "Series", "Patients"), rows
                )
            ),
        ],
        className="card",
    )


def _share(row: Any) -> str:
    low, high = 100 * row["lower"], 100 * row["upper"]
    return f"{100 * row['share']:.0f} % ({low:.0f} to {high:.0f})"


def _waits(waits: pd.DataFrame, logging: pd.DataFrame) -> html.Section:
    wait, logged = waits.iloc[0], logging.iloc[0]
    if pd.isna(wait["middle"]):
        said = "Too few patients to say how long they wait."
    else:
        said = (
            f"From the first day seen lost to the next infusion: {wait['middle']:.0f} days "
            f"at the median, the middle half {wait['low']:.0f} to {wait['high']:.0f}."
        )
    rate = (
        "Too few patients to say how much is logged."
        if pd.isna(logged["share"])
        else f"Days logged after infusions: {_share(logged)}."
    )
    return html.Section(
        [
            html.H2("From fading to infusion"),
            html.P(said),
            html.P(
                f"{words.plural(int(wait['n']), 'spell', 'spells')} of "
                f"{words.plural(int(wait['n_patients']), 'patient', 'patients')}; "
                f"{wait['n_waiting']:.0f} more were lost and no infusion has followed.",
                className="muted",
            ),
            html.H3("Logging"),
            html.P(rate),
        ],
        className="card",
    )


def _effects(found: pd.DataFrame) -> html.Section:
    heading = html.H2("Side effects, by when they came")
    # One row of few patients could name them.
    found = found[found["patients"] >= FEWEST] if len(found) else found
    if found.empty:
        return html.Section(
            [heading, html.P("Nothing that enough patients have reported.")],
            className="card",
        )
    terms = dict(SideEffectTerm.objects.values_list("code", "clinical"))
    rows = [
        (
            terms.get(row["code"], row["code"]),
            WINDOW_WORDS[row["window"]],
            f"{100 * row['days'] / row['days_asked']:.0f} % of {row['days_asked']} days",
            f"{row['patients']} of {row['patients_asked']}",
            words.SEVERITY_WORDS[int(row["worst"])],
        )
        for row in found.to_dict("records")
    ]
    head = ("Side effect", "When", "Days reported", "Patients", "Worst")
    return html.Section(
        [
            heading,
            scrolled(plain_table(head, rows[:MOST_EFFECTS])),
            folded_table(head, rows[MOST_EFFECTS:], "The rarer ones")
            if rows[MOST_EFFECTS:]
            else None,
        ],
        className="card",
    )


MOST_EFFECTS = 12


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
            return html.P("There is no such comparison.", className="muted")

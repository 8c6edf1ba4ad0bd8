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
from tracker import audit, clinic_results, days, language, relief
from tracker.access import clinics_treated_by
from tracker.clinic_results import FEWEST, HORIZON_DAYS
from tracker.language import msg, t, tn
from tracker.models import Clinic, ClinicModel, Patient, SideEffectTerm, User
from tracker.problems import NotFound
from tracker.relief_models import curve_from_json, stored_model
from tracker.vocabulary import Outcome

GROUPS = {
    "phase": msg("Induction or booster"),
    "nth_booster": msg("Which booster"),
    "dose_band": msg("Dose"),
    "route": msg("Route"),
    "agent": msg("Agent"),
    "condition": msg("Condition"),
}
RISK_DAYS = (0, 7, 14, 28, 42, 56)


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


def groups_table(table: pd.DataFrame, palette: figures.Palette) -> html.Div:
    rows = [_group_row(row) for row in table.to_dict("records")]
    left_out = int(table.attrs["left_out"])
    return html.Div(
        [
            chart(figures.group_intervals(table, HORIZON_DAYS, palette)),
            html.Div(
                plain_table(
                    (
                        t("Group"),
                        t("Patients"),
                        t("Spells"),
                        t("Cut by a booster"),
                        t(
                            "Mean days, at most {days} (95 % interval)",
                            days=HORIZON_DAYS,
                        ),
                        t("Between the two bounds"),
                        t("Median days (95 % interval)"),
                    ),
                    rows,
                ),
                className="scroll",
                tabIndex=0,
            ),
            html.P(
                tn(
                    "{n} spell was left out: agents were mixed, or another treatment "
                    "began.",
                    "{n} spells were left out: agents were mixed, or another treatment "
                    "began.",
                    left_out,
                ),
                className="muted small",
            )
            if left_out
            else None,
        ]
    )


def _group_row(row: Any) -> tuple[str, ...]:
    counts = (t(str(row["group"])), str(row["n_patients"]), str(row["n_spells"]))
    if row["reason"]:
        return (*counts, t("too few patients to show"), "", "", "")
    return (
        *counts,
        f"{100 * row['share_cut']:.0f} %",
        _interval(row, "restricted_mean"),
        _span(row["restricted_mean_low"], row["restricted_mean_high"]),
        _interval(row, "median"),
    )


def _interval(row: Any, name: str) -> str:
    if pd.isna(row[name]):
        return t("not reached")
    return f"{row[name]:.0f} ({_span(row[f'{name}_lower'], row[f'{name}_upper'])})"


def _span(low: float, high: float) -> str:
    if pd.isna(low) and pd.isna(high):
        return t("not known")
    ends = [t("not known") if pd.isna(end) else f"{end:.0f}" for end in (low, high)]
    return words.span(*ends)


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
                    html.P(_finding(clinic, item)),
                    *_curves(clinic, item, by, result.frames["curves"], palette),
                    html.P(t(relief.CORRECTION), className="caution"),
                    _computed(clinic, result),
                ],
                className="card",
            ),
            html.Section(
                [
                    html.H2(t("Mean days of relief, by group")),
                    groups_table(result.frames["table"], palette),
                    html.P(t(NOT_BY_LOT), className="caution"),
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


def _finding(clinic: Clinic, item: str) -> str:
    """The clinic's corrected median: the one curve that knows why boosters came."""
    stored = _model(clinic, item)
    if stored is None:
        return t("No corrected curve yet: it is fitted once enough spells are known.")
    found = relief.median(curve_from_json(stored.curve))
    if pd.isna(found.estimate):
        return t("Corrected for boosters, fewer than half of all spells ended so far.")
    low, high = (
        t("not known") if pd.isna(end) else f"{end:.0f}"
        for end in (found.lower, found.upper)
    )
    return t(
        "Corrected for boosters, half of all spells last {days} days or longer (95 % "
        "interval {low} to {high}).",
        days=f"{found.estimate:.0f}",
        low=low,
        high=high,
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
            t(str(group)),
            *(
                language.number(count)
                for count in relief.numbers_at_risk(part, RISK_DAYS)
            ),
        )
        for group, part in plain.groupby("group", observed=True, sort=False)
    ]
    return [
        html.H3(t("Corrected for boosters")),
        *_corrected_curves(corrected, palette),
        html.H3(t("Plain: boosters count as censoring")),
        chart(figures.group_curves(plain, palette)),
        html.H3(t("Numbers at risk")),
        scrolled(plain_table((t("Day"), *map(str, RISK_DAYS)), rows)),
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
                t(
                    "No group has a corrected curve yet: the model is fitted once a "
                    "week, and a group needs {n} patients in whom relief was seen.",
                    n=FEWEST,
                ),
                className="muted",
            )
        ]
    whole = pd.concat(
        [curve.assign(group=name) for name, curve in corrected.items()],
        ignore_index=True,
    )
    rows = [
        (
            t(name),
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
                    t("Group"),
                    t("Patients"),
                    t("Spells"),
                    t("Median days (95 % interval)"),
                    t("Mean days, at most 60"),
                ),
                rows,
            )
        ),
    ]


def _days(curve: pd.DataFrame, name: str) -> str:
    middle, low, high = (
        t("more than 180") if curve.attrs[key] > LAST_DAY else f"{curve.attrs[key]:.0f}"
        for key in (name, f"{name}_lower", f"{name}_upper")
    )
    return f"{middle} ({words.span(low, high)})"


LAST_DAY = 180


def _responses(found: pd.DataFrame) -> html.Section:
    rows = [
        (
            t(str(row["group"])),
            t("too few patients to show") if row["reason"] else _share(row),
            str(row["n"]),
            str(row["n_patients"]),
        )
        for row in found.to_dict("records")
    ]
    return html.Section(
        [
            html.H2(t("Relief began")),
            html.P(t("Of the series that could be judged."), className="muted"),
            scrolled(
                plain_table(
                    (
                        t("Group"),
                        t("Share (95 % interval)"),
                        t("Series"),
                        t("Patients"),
                    ),
                    rows,
                )
            ),
        ],
        className="card",
    )


def _share(row: Any) -> str:
    low, high = 100 * row["lower"], 100 * row["upper"]
    return f"{100 * row['share']:.0f} % ({words.span(f'{low:.0f}', f'{high:.0f}')})"


def _waits(waits: pd.DataFrame, logging: pd.DataFrame) -> html.Section:
    wait, logged = waits.iloc[0], logging.iloc[0]
    if pd.isna(wait["middle"]):
        said = t("Too few patients to say how long they wait.")
    else:
        said = t(
            "From the first day seen lost to the next infusion: {middle} days at the "
            "median, the middle half {low} to {high}.",
            middle=f"{wait['middle']:.0f}",
            low=f"{wait['low']:.0f}",
            high=f"{wait['high']:.0f}",
        )
    rate = (
        t("Too few patients to say how much is logged.")
        if pd.isna(logged["share"])
        else t("Days logged after infusions: {share}.", share=_share(logged))
    )
    return html.Section(
        [
            html.H2(t("From fading to infusion")),
            html.P(said),
            html.P(
                t(
                    "{spells} of {patients}; {waiting} more were lost and no infusion "
                    "has followed.",
                    spells=tn("{n} spell", "{n} spells", int(wait["n"])),
                    patients=tn("{n} patient", "{n} patients", int(wait["n_patients"])),
                    waiting=f"{wait['n_waiting']:.0f}",
                ),
                className="muted",
            ),
            html.H3(t("Logging")),
            html.P(rate),
        ],
        className="card",
    )


def _effects(found: pd.DataFrame) -> html.Section:
    heading = html.H2(t("Side effects, by when they came"))
    # One row of few patients could name them.
    found = found[found["patients"] >= FEWEST] if len(found) else found
    if found.empty:
        return html.Section(
            [heading, html.P(t("Nothing that enough patients have reported."))],
            className="card",
        )
    terms = dict(SideEffectTerm.objects.values_list("code", "clinical"))
    rows = [
        (
            t(terms.get(row["code"], row["code"])),
            t(WINDOW_WORDS[row["window"]]),
            t(
                "{share} % of {days} days",
                share=f"{100 * row['days'] / row['days_asked']:.0f}",
                days=row["days_asked"],
            ),
            t("{n} of {all}", n=row["patients"], all=row["patients_asked"]),
            words.severity_word(int(row["worst"])),
        )
        for row in found.to_dict("records")
    ]
    head = (t("Side effect"), t("When"), t("Days reported"), t("Patients"), t("Worst"))
    return html.Section(
        [
            heading,
            scrolled(plain_table(head, rows[:MOST_EFFECTS])),
            folded_table(head, rows[MOST_EFFECTS:], t("The rarer ones"))
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
            return html.P(t("There is no such comparison."), className="muted")

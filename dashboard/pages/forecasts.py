"""How forecasts have done in a clinic, and how long relief lasts in its groups."""

from typing import Any
from uuid import UUID

import pandas as pd
from dash import Dash, Input, Output, dcc, html
from django.db.models import Count

from dashboard import figures, tokens, words
from dashboard.context import current_user, prefers_dark
from dashboard.pages import booster_rule
from dashboard.pages.marks import synthetic_band
from dashboard.pages.tables import folded_table, plain_table
from dashboard.routes import PREFIX
from tracker import audit, forecasts, relief
from tracker.access import clinics_treated_by
from tracker.frames import spell_frame
from tracker.models import Clinic, Patient, User
from tracker.problems import NotFound
from tracker.vocabulary import Outcome

GROUPS = {
    "phase": "Induction or booster",
    "nth_booster": "Which booster",
    "dose_band": "Dose",
    "route": "Route",
    "agent": "Agent",
    "condition": "Condition",
}
HORIZON_DAYS = 60
GROUP_WORDS = {
    "all": "All",
    "boosters on fading": "Patients whose boosters follow fading",
    "boosters ahead of fading": "Patients whose boosters come ahead of it",
}


def layout(user: User, *, dark: bool) -> html.Div:
    audit.record_read("scorecards", actor_id=user.pk, patient_id=None, own=False)
    palette = tokens.palette(dark=dark)
    clinics = list(clinics_treated_by(user).order_by("name"))
    choices = _choices(clinics)
    return html.Div(
        [
            synthetic_band() if any(one.is_synthetic for one in clinics) else None,
            dcc.Link("Back to the caseload", href=PREFIX, className="back"),
            html.H1("How forecasts have done"),
            html.P(
                "Every outlook is kept and compared with what happened. An outlook "
                "whose record was changed afterwards is not counted.",
                className="muted",
            ),
            *[
                _scores(clinic, item, palette, named=len(clinics) > 1)
                for clinic in clinics
                for item in _items(clinic)
            ],
            _groups(choices),
            booster_rule.section(clinics),
        ]
    )


def _items(clinic: Clinic) -> list[str]:
    """Outcomes of the clinic's patients, the commonest first."""
    counts = (
        Patient.objects.filter(clinic=clinic)
        .order_by()
        .values_list("primary_outcome")
        .annotate(many=Count("pk"))
    )
    return [item for item, _ in sorted(counts, key=lambda row: (-row[1], row[0]))]


def _scores(
    clinic: Clinic, item: str, palette: figures.Palette, *, named: bool
) -> html.Section:
    cards = forecasts.scorecards(clinic, item)
    whole = cards["all"]
    title = str(words.ITEM_WORDS[item])
    heading = html.H2(f"{title}, {clinic.name}" if named else title)
    if whole.reason:
        return html.Section(
            [heading, html.P(relief.scorecard_words(whole))], className="card"
        )
    rows = [_score_row(GROUP_WORDS[name], card) for name, card in cards.items()]
    tenths = [
        (f"{place} of 10", f"{100 * share:.0f} %")
        for place, share in enumerate(whole.histogram, start=1)
    ]
    return html.Section(
        [
            heading,
            html.P(relief.scorecard_words(whole)),
            html.Div(
                plain_table(
                    (
                        "",
                        "Forecasts",
                        "Patients",
                        "Seen to end",
                        "In the 50 % range",
                        "In the 80 % range",
                        "In the 95 % range",
                    ),
                    rows,
                ),
                className="scroll",
                tabIndex=0,
            ),
            html.H3("Where in the forecast relief ended"),
            dcc.Graph(
                figure=figures.calibration_bars(whole.histogram, palette),
                config={"displayModeBar": False, "responsive": True},
                className="graph short",
            ),
            html.P(
                "Higher on the left: relief ended earlier than forecast. Higher on the "
                "right: later.",
                className="muted small",
            ),
            folded_table(("Tenth", "Share of the truths"), tenths),
        ],
        className="card",
    )


def _score_row(name: str, card: relief.Scorecard) -> tuple[str, ...]:
    counts = (str(card.n_forecasts), str(card.n_patients), str(card.n_lost))
    if card.reason:
        return (name, *counts, "too few to say", "", "")
    shares = (f"{100 * card.coverage[level]:.0f} %" for level in (50, 80, 95))
    return (name, *counts, *shares)


def _choices(clinics: list[Clinic]) -> dict[str, str]:
    """Clinic and outcome as one choice."""
    return {
        f"{clinic.pk}:{item}": f"{words.ITEM_WORDS[item]}, {clinic.name}"
        for clinic in clinics
        for item in _items(clinic)
    }


def _groups(choices: dict[str, str]) -> html.Section | None:
    if not choices:
        return None
    return html.Section(
        [
            html.H2("How long relief lasts, by group"),
            html.Div(
                [
                    html.Label(
                        [
                            "Outcome",
                            dcc.Dropdown(
                                choices,
                                next(iter(choices)),
                                id="groups-of",
                                clearable=False,
                                searchable=False,
                            ),
                        ],
                        className="wide",
                    ),
                    html.Label(
                        [
                            "Compare by",
                            dcc.Dropdown(
                                GROUPS,
                                "phase",
                                id="groups-by",
                                clearable=False,
                                searchable=False,
                            ),
                        ],
                        className="wide",
                    ),
                ],
                className="filters",
            ),
            html.Div(id="groups"),
            html.P(
                "Groups were not drawn by lot: a higher dose goes to whom a lower one did "
                "not help for long, and a late booster to whom the earlier ones helped. "
                "Where boosters cut more spells short, the figures of a group read "
                "longer. A difference here is a question, not an answer.",
                className="caution",
            ),
        ],
        className="card",
    )


def compared(user: User, chosen: str, by: str) -> pd.DataFrame:
    """The comparison that is asked for.

    Raises
    ------
    NotFound
        The clinic is not one `user` treats patients of, or there is no such choice.
    """
    clinic, item = _chosen(user, chosen)
    if by not in GROUPS:
        raise NotFound("There is no such comparison.")
    patients = Patient.objects.filter(clinic=clinic, primary_outcome=item)
    spells = spell_frame(list(patients.values_list("pk", flat=True)))
    version = relief.Criteria.for_item(item).version
    spells = spells[spells["criteria_version"] == version]
    return relief.compare(
        spells,
        _conditions(list(patients)) if by == "condition" else by,
        horizon=HORIZON_DAYS,
    )


def _chosen(user: User, chosen: str) -> tuple[Clinic, str]:
    key, _, item = chosen.partition(":")
    try:
        clinic = clinics_treated_by(user).filter(pk=UUID(key)).first()
    except ValueError:
        clinic = None
    if clinic is None or item not in Outcome.values:
        raise NotFound("There is no such clinic.")
    return clinic, item


def _conditions(patients: list[Patient]) -> pd.Series:
    """Each patient's conditions; one with several stands in each of their groups."""
    pairs = [
        (patient.pk, label)
        for patient in patients
        for label in patient.condition_labels
    ]
    return pd.Series(
        [label for _, label in pairs], index=[key for key, _ in pairs], dtype=object
    )


def groups_table(table: pd.DataFrame, palette: figures.Palette) -> html.Div:
    rows = [_group_row(row) for row in table.to_dict("records")]
    left_out = int(table.attrs["left_out"])
    return html.Div(
        [
            dcc.Graph(
                figure=figures.group_intervals(table, HORIZON_DAYS, palette),
                config={"displayModeBar": False, "responsive": True},
            ),
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


def register(app: Dash) -> None:
    booster_rule.register(app)

    @app.callback(
        Output("groups", "children"),
        Input("groups-of", "value"),
        Input("groups-by", "value"),
    )
    def show_groups(chosen: str | None, by: str | None) -> Any:
        try:
            table = compared(current_user(), str(chosen or ""), str(by or ""))
        except NotFound:
            return html.P("There is no such comparison.", className="muted")
        return groups_table(table, tokens.palette(dark=prefers_dark()))

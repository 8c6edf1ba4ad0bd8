"""How forecasts have done in a clinic: its scorecards and its booster rule."""

from typing import Any

from dash import Dash, dcc, html

from dashboard import figures, tokens, words
from dashboard.pages import booster_rule
from dashboard.pages.charts import chart
from dashboard.pages.cohort import outcomes_of
from dashboard.pages.marks import synthetic_band
from dashboard.pages.tables import folded_table, plain_table
from dashboard.routes import PREFIX
from tracker import audit, forecasts, language, relief
from tracker.access import clinics_treated_by
from tracker.language import msg, t
from tracker.models import Clinic, User

GROUP_WORDS = {
    "all": msg("All"),
    "boosters on fading": msg("Patients whose boosters follow fading"),
    "boosters ahead of fading": msg("Patients whose boosters come ahead of it"),
}


def layout(user: User, *, dark: bool) -> html.Div:
    audit.record_read("scorecards", actor_id=user.pk, patient_id=None, own=False)
    palette = tokens.palette(dark=dark)
    clinics = list(clinics_treated_by(user).order_by("name"))
    return html.Div(
        [
            synthetic_band() if any(one.is_synthetic for one in clinics) else None,
            dcc.Link(t("Back to the caseload"), href=PREFIX, className="back"),
            html.H1(t("How forecasts have done")),
            html.P(
                t(
                    "Every outlook is kept and compared with what happened. An outlook "
                    "whose record was changed afterwards is not counted."
                ),
                className="muted",
            ),
            *[
                _scores(clinic, item, palette, named=len(clinics) > 1)
                for clinic in clinics
                for item in outcomes_of(clinic)
            ],
            booster_rule.section(clinics),
        ]
    )


def _scores(
    clinic: Clinic, item: str, palette: figures.Palette, *, named: bool
) -> html.Section:
    cards = forecasts.scorecards(clinic, item)
    whole = cards["all"]
    title = words.item_word(item)
    heading = html.H2(f"{title}, {clinic.name}" if named else title)
    if whole.reason:
        return html.Section(
            [heading, html.P(relief.scorecard_words(whole, language))], className="card"
        )
    rows = [_score_row(t(GROUP_WORDS[name]), card) for name, card in cards.items()]
    tenths = [
        (t("{n} of 10", n=place), f"{100 * share:.0f} %")
        for place, share in enumerate(whole.histogram, start=1)
    ]
    return html.Section(
        [
            heading,
            html.P(relief.scorecard_words(whole, language)),
            html.Div(
                plain_table(
                    (
                        "",
                        t("Forecasts"),
                        t("Patients"),
                        t("Seen to end"),
                        t("In the 50 % range"),
                        t("In the 80 % range"),
                        t("In the 95 % range"),
                    ),
                    rows,
                ),
                className="scroll",
                tabIndex=0,
            ),
            html.H3(t("Where in the forecast relief ended")),
            chart(figures.calibration_bars(whole.histogram, palette), size="short"),
            html.P(
                t(
                    "Higher on the left: relief ended earlier than forecast. Higher on the "
                    "right: later."
                ),
                className="muted small",
            ),
            folded_table((t("Tenth"), t("Share of the truths")), tenths),
            *_over_time(clinic, item, palette),
        ],
        className="card",
    )


def _over_time(clinic: Clinic, item: str, palette: figures.Palette) -> list[Any]:
    """Whether forecasts have grown better or worse, quarter by quarter."""
    quarters = relief.coverage_over_time(forecasts.scored_forecasts(clinic, item))
    rows = [
        (
            str(row["quarter"]),
            str(row["n_forecasts"]),
            str(row["n_patients"]),
            t("too few to say") if row["reason"] else _share(row),
        )
        for row in quarters.to_dict("records")
    ]
    return [
        html.H3(t("Over time")),
        chart(figures.coverage_dots(quarters, palette), size="short"),
        folded_table(
            (
                t("Made in"),
                t("Forecasts"),
                t("Patients"),
                t("In the 80 % range (95 % interval)"),
            ),
            rows,
        ),
    ]


def _share(row: Any) -> str:
    low, high = f"{100 * row['lower']:.0f}", f"{100 * row['upper']:.0f}"
    return f"{100 * row['share']:.0f} % ({words.span(low, high)})"


def _score_row(name: str, card: relief.Scorecard) -> tuple[str, ...]:
    counts = (str(card.n_forecasts), str(card.n_patients), str(card.n_lost))
    if card.reason:
        return (name, *counts, t("too few to say"), "", "")
    shares = (f"{100 * card.coverage[level]:.0f} %" for level in (50, 80, 95))
    return (name, *counts, *shares)


def register(app: Dash) -> None:
    booster_rule.register(app)

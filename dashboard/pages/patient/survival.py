"""How long relief has lasted: this patient beside the clinic, corrected and plain."""

import pandas as pd
from dash import html

from dashboard import figures
from dashboard.pages.charts import chart
from dashboard.pages.patient.view import MOST_JUDGED, View, clinic_curves
from dashboard.pages.tables import folded_table, plain_table, scrolled
from tracker import language, relief
from tracker.language import msg, t
from tracker.relief_models import curve_from_json, stored_model

RISK_DAYS = (0, 7, 14, 28, 42, 56, 84)


NOT_JUDGED = msg(
    "The clinic has more than {n} patients with this outcome: by other criteria their "
    "curve is not drawn."
)


def survival_card(view: View, palette: figures.Palette) -> html.Section:
    clinic, spells = clinic_curves(view), view.spells
    if clinic is None:
        return _alone(spells)
    clinic_curve, low_curve = clinic["plain"], clinic["low"]
    own_curve = relief.kaplan_meier(spells)
    corrected = _corrected(view)
    days = list(RISK_DAYS)
    risk = [
        (t("This patient"), *_counts(own_curve, days)),
        (t("Clinic"), *_counts(clinic_curve, days)),
    ]
    medians = [
        (t("Clinic, corrected"), _corrected_median(corrected)),
        (t("Clinic, boosters as censoring"), _median(clinic_curve)),
        (t("Clinic, unconfirmed losses counted"), _median(low_curve)),
        (t("This patient"), _median(own_curve)),
    ]
    return html.Section(
        [
            html.H2(t("How long relief has lasted")),
            html.P(_finding(corrected)),
            chart(
                figures.survival_curves(
                    own_curve, clinic_curve, low_curve, palette, corrected=corrected
                )
            ),
            html.P(t(relief.CORRECTION), className="caution"),
            folded_table(("", t("Median, with 95 % interval")), medians),
            html.H3(t("Numbers at risk")),
            scrolled(plain_table((t("Day"), *map(str, days)), risk)),
        ],
        className="card",
    )


def _alone(spells: pd.DataFrame) -> html.Section:
    """The patient's own numbers, where the clinic's are not computed."""
    curve = relief.kaplan_meier(spells)
    risk = [(t("This patient"), *_counts(curve, list(RISK_DAYS)))]
    return html.Section(
        [
            html.H2(t("How long relief has lasted")),
            html.P(t(NOT_JUDGED, n=MOST_JUDGED), className="muted"),
            html.P(t("This patient, at the median: {days}.", days=_median(curve))),
            html.H3(t("Numbers at risk")),
            scrolled(plain_table((t("Day"), *map(str, RISK_DAYS)), risk)),
        ],
        className="card",
    )


def _corrected(view: View) -> pd.DataFrame | None:
    """The clinic's corrected curve, once its model was fitted by these criteria."""
    stored = stored_model(view.patient.clinic_id, view.item)
    if stored is None or stored.criteria_version != view.criteria.version:
        return None
    return curve_from_json(stored.curve)


def _finding(corrected: pd.DataFrame | None) -> str:
    if corrected is None:
        return t("The clinic's corrected curve appears once its model has been fitted.")
    figure = corrected.attrs
    share = round(100 * figure["share_cut"])
    return t(
        "In this clinic relief lasts {days} at the median. Boosters cut {share} % of the "
        "{spells} spells of {patients} patients short.",
        days=_corrected_median(corrected),
        share=share,
        spells=f"{figure['n_spells']:.0f}",
        patients=f"{figure['n_patients']:.0f}",
    )


def _corrected_median(corrected: pd.DataFrame | None) -> str:
    if corrected is None:
        return t("not fitted yet")
    middle, low, high = (
        corrected.attrs[name] for name in ("median", "median_lower", "median_upper")
    )
    return t(
        "{days} days (95 % interval {low} to {high})",
        days=_days(middle),
        low=_days(low),
        high=_days(high),
    )


def _days(value: float) -> str:
    return f"{value:.0f}" if value <= 180 else t("more than 180")


def _counts(curve: pd.DataFrame, days: list[int]) -> list[str]:
    return [
        language.number(float(count)) for count in relief.numbers_at_risk(curve, days)
    ]


def _median(curve: pd.DataFrame) -> str:
    found = relief.median(curve)
    if pd.isna(found.estimate):
        return t("not reached: fewer than half are known to have lost relief")
    low = t("not known") if pd.isna(found.lower) else f"{found.lower:.0f}"
    high = t("not known") if pd.isna(found.upper) else f"{found.upper:.0f}"
    return t(
        "{days} days ({low} to {high})",
        days=f"{found.estimate:.0f}",
        low=low,
        high=high,
    )

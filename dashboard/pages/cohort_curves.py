"""The clinic's patients: curves of relief by group, corrected first, then counted."""

from typing import Any

import pandas as pd
from dash import html

from dashboard import figures, words
from dashboard.pages.charts import chart
from dashboard.pages.tables import plain_table, scrolled
from tracker import language, relief
from tracker.clinic_results import FEWEST
from tracker.language import t
from tracker.models import Clinic, ClinicModel
from tracker.relief_models import curve_from_json, stored_model

RISK_DAYS = (0, 7, 14, 28, 42, 56)
LAST_DAY = 180


def finding(clinic: Clinic, item: str) -> str:
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


def curves(
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

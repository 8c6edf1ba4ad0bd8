"""Whether relief changes over the series, what returns first, and side effects."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard import words
from dashboard.pages.patient.view import View
from dashboard.pages.tables import folded_table
from tracker import language, relief
from tracker.language import msg, t
from tracker.relief_models import (
    model_for,
    population_of,
    stored_baseline,
    stored_model,
)


def change_card(view: View) -> html.Section:
    heading = html.H2(t("Change over time"))
    if view.infusions.empty:
        return html.Section(
            [heading, html.P(t("No infusion is recorded yet."), className="muted")],
            className="card",
        )
    firsts, effects = _firsts(view), _effects(view)
    return html.Section(
        [
            heading,
            *_lines(view, firsts, effects),
            folded_table(
                (t("Series"), t("First to return"), t("Side effects")),
                _rows(view.spells, firsts, effects),
            ),
            html.P(
                t(
                    "Durations that a booster cut short are completed from the days logged, "
                    "so that earlier boosters do not look like shorter relief."
                ),
                className="muted small",
            ),
        ],
        className="card",
    )


def change_lines(view: View) -> list[Any]:
    """The card's sentences alone, for paper."""
    if view.infusions.empty:
        return [html.P(t("No infusion is recorded yet."), className="muted")]
    return _lines(view, _firsts(view), _effects(view))


def _lines(view: View, firsts: pd.DataFrame, effects: pd.DataFrame) -> list[Any]:
    trend = _trend(view)
    names = {item: word.lower() for item, word in _names().items()}
    return [
        html.P(relief.trend_words(trend, language)),
        _typical(trend),
        html.P(relief.return_words(firsts, names, language)),
        html.P(relief.side_effect_words(effects, language)),
    ]


def _effects(view: View) -> pd.DataFrame:
    return relief.side_effects_and_benefit(view.spells, view.side_effects)


def _trend(view: View) -> Mapping[Any, Any]:
    clinic = view.patient.clinic_id
    model = model_for(
        view.criteria,
        stored_model(clinic, view.item),
        stored_baseline(clinic, view.item),
    )
    trend = relief.duration_trend(model, view.diary, view.infusions)
    return trend.iloc[0].to_dict()


def _typical(trend: Mapping[Any, Any]) -> html.P | None:
    if trend["reason"]:
        return None
    return html.P(
        t(
            "From {first} days at the first to {last} at the last; the chance that it "
            "shortens is {chance}.",
            first=f"{trend['first_days']:.0f}",
            last=f"{trend['last_days']:.0f}",
            chance=_percent(trend),
        ),
        className="muted",
    )


def _percent(trend: Mapping[Any, Any]) -> str:
    return f"{100 * float(trend['p_shortening']):.0f} %"


def _firsts(view: View) -> pd.DataFrame:
    patient = view.patient
    items = [item for item in patient.outcomes if item in relief.HIGHER_IS]
    if len(items) < 2:
        return pd.DataFrame({"series": [], "first": []})
    populations = {
        item: population_of(stored_baseline(patient.clinic_id, item)) for item in items
    }
    return relief.first_to_return(
        view.diary, view.infusions, items, populations=populations
    )


def _names() -> dict[str, str]:
    return words.options(words.ITEM_WORDS)


_ANSWERS = {
    "outlast": msg("still there when relief was lost"),
    "end_before": msg("ended before"),
    "not_clear": msg("not clear"),
    "none_reported": msg("none"),
    "not_asked": msg("not asked"),
}


def _rows(
    spells: pd.DataFrame, firsts: pd.DataFrame, effects: pd.DataFrame
) -> list[tuple[str, str, str]]:
    first = dict(zip(firsts["series"], firsts["first"], strict=True))
    effect = dict(zip(effects["series"], effects["answer"], strict=True))
    names = _names() | {"not_clear": t("not clear")}
    return [
        (
            str(series),
            names.get(str(first.get(series, "")), ""),
            t(_ANSWERS.get(str(effect.get(series, "")), "")),
        )
        for series in spells["series"]
    ]

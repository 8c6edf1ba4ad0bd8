"""How long relief lasts in one group beside another: dots with their intervals."""

from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, limits, message
from dashboard.figures.survival import LAST_DAY, left_marks, shares_by_day, step
from tracker.language import t


def group_intervals(table: pd.DataFrame, horizon: int, palette: Palette) -> Figure:
    """Restricted mean days of relief, one row a group, as `relief.compare` gives it."""
    known = table[table["restricted_mean"].notna()]
    if known.empty:
        return message(palette, t("No group has enough patients to be shown."))
    names = [t(str(group)) for group in known["group"]]
    return {
        "data": [_dots(known, names, palette)],
        "layout": layout(
            palette,
            height=110 + 44 * len(names),
            xaxis=axis(
                palette,
                t("Mean days of relief, each counting at most {days}", days=horizon),
                rangemode="tozero",
            ),
            yaxis=axis(
                palette,
                "",
                type="category",
                autorange="reversed",
                gridcolor="rgba(0,0,0,0)",
            ),
        ),
    }


def _dots(known: pd.DataFrame, names: list[str], palette: Palette) -> dict[str, Any]:
    middle = known["restricted_mean"]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(float(value), 1) for value in middle],
        "y": names,
        "marker": {"color": palette["relief"], "size": 11},
        "error_x": limits(
            middle,
            known["restricted_mean_lower"],
            known["restricted_mean_upper"],
            palette,
        ),
        "hovertemplate": t("{group}: {n} days", group="%{y}", n="%{x}")
        + "<extra></extra>",
    }


# Told apart by dash and by a name at the curve, not by colour alone.
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_TONES = ("relief", "infusion", "fading", "ink", "unknown")


def group_curves(curves: pd.DataFrame, palette: Palette) -> Figure:
    """Shares still in relief by group, as `relief.group_curves` gives them.

    Corrected curves count nobody as having left, and have no column `censored`.

    Returns
    -------
    dict
        A Plotly figure of the first five groups; a tick marks each day on which
        somebody left while in relief.
    """
    if curves.empty:
        return message(palette, t("No group has enough patients to be shown."))
    traces, labels = [], []
    parts = list(curves.groupby("group", observed=True, sort=False))[: len(_DASHES)]
    for number, (group, part) in enumerate(parts):
        name = t(str(group))
        colour = palette[_TONES[number]]
        traces.append(step(part, name, colour, _DASHES[number], 2.4))
        if "censored" in part:
            traces.append(left_marks(part, colour))
        labels.append(_name(part, name, colour, number))
    return {
        "data": traces,
        "layout": layout(
            palette,
            **shares_by_day(palette, min(int(curves["day"].max()), LAST_DAY)),
            annotations=labels,
            hovermode="x unified",
        ),
    }


def _name(part: pd.DataFrame, name: str, colour: str, number: int) -> dict[str, Any]:
    at = 0.75 - 0.12 * number
    low = part[part["survival"] <= at]
    row = low.iloc[0] if len(low) else part.iloc[-1]
    return {
        "text": name,
        "x": int(row["day"]),
        "y": float(row["survival"]),
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": 4,
        "showarrow": False,
        "font": {"color": colour, "size": 13},
    }

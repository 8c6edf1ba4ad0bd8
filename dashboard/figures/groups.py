"""How long relief lasts in one group beside another: dots with their intervals."""

from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, message


def group_intervals(table: pd.DataFrame, horizon: int, palette: Palette) -> Figure:
    """Restricted mean days of relief, one row a group, as `relief.compare` gives it."""
    known = table[table["restricted_mean"].notna()]
    if known.empty:
        return message(palette, "No group has enough patients to be shown.")
    names = [str(group) for group in known["group"]]
    return {
        "data": [_dots(known, names, palette)],
        "layout": layout(
            palette,
            height=110 + 44 * len(names),
            xaxis=axis(
                palette,
                f"Mean days of relief, each counting at most {horizon}",
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
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": _spread(known["restricted_mean_upper"] - middle),
            "arrayminus": _spread(middle - known["restricted_mean_lower"]),
            "color": palette["relief"],
            "thickness": 2,
        },
        "hovertemplate": "%{y}: %{x} days<extra></extra>",
    }


def _spread(values: pd.Series) -> list[float]:
    return [round(float(value), 2) for value in values.fillna(0)]

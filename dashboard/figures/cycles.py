"""Every cycle on days since the infusion: the usual course, the present one in bold."""

from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, message, with_alpha


def cycles(
    overlaid: pd.DataFrame,
    course: pd.DataFrame,
    palette: Palette,
    *,
    item: str,
    name: str,
) -> Figure:
    """As `relief.overlay_cycles` and `relief.usual_course` give them.

    Returns
    -------
    dict
        A Plotly figure; days that were not logged are gaps.
    """
    if overlaid.empty:
        return message(palette, "Nothing was logged after an infusion yet.")
    newest = int(overlaid["series"].max())
    earlier = [
        _line(
            overlaid[overlaid["series"] == series], series, palette, item, strong=False
        )
        for series in sorted(set(overlaid["series"].tolist()) - {newest})
    ]
    present = overlaid[overlaid["series"] == newest]
    return {
        "data": [
            *_band(course, palette),
            *earlier,
            _line(present, newest, palette, item, strong=True),
        ],
        "layout": layout(
            palette,
            xaxis=axis(
                palette, "Days since the last infusion", rangemode="tozero", dtick=7
            ),
            yaxis=axis(
                palette,
                f"{name}, 0 to 10",
                range=[-0.4, 10.4],
                tickvals=list(range(0, 11, 2)),
                fixedrange=True,
            ),
            margin={"l": 56, "r": 20, "t": 12, "b": 44},
        ),
    }


def _line(
    part: pd.DataFrame, series: int, palette: Palette, item: str, *, strong: bool
) -> dict[str, Any]:
    whole = range(int(part["day"].min()), int(part["day"].max()) + 1)
    values = part.set_index("day")["value"].reindex(whole)
    style = palette["series"][item]
    return {
        "type": "scatter",
        "mode": "lines+markers" if strong else "lines",
        "name": f"Series {series}",
        "x": [int(day) for day in values.index],
        "y": [None if pd.isna(value) else float(value) for value in values],
        "connectgaps": False,
        "line": {
            "color": style["colour"] if strong else palette["unknown"],
            "width": 3 if strong else 1,
        },
        "marker": {"symbol": style["marker"], "size": 7},
        "opacity": 1 if strong else 0.55,
        "hovertemplate": f"Series {series}, day %{{x}}: %{{y}}<extra></extra>",
    }


def _band(course: pd.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    if course.empty:
        return []
    days = [int(day) for day in course["day"]]
    edge = {"type": "scatter", "mode": "lines", "x": days, "hoverinfo": "skip"}
    return [
        edge | {"y": _numbers(course["low"]), "line": {"width": 0}, "name": "quarter"},
        edge
        | {
            "y": _numbers(course["high"]),
            "line": {"width": 0},
            "fill": "tonexty",
            "fillcolor": with_alpha(palette["relief"], 0.16),
            "name": "three quarters",
        },
        edge
        | {
            "y": _numbers(course["middle"]),
            "line": {"color": palette["relief"], "width": 1.5, "dash": "dash"},
            "name": "middle",
        },
    ]


def _numbers(values: pd.Series) -> list[float]:
    return [round(float(value), 2) for value in values]

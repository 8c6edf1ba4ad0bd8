"""Every cycle on days since the infusion: the usual course, the present one in bold."""

from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, message, with_alpha
from tracker.language import t


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
        return message(palette, t("Nothing was logged after an infusion yet."))
    newest = int(overlaid["series"].max())
    by_series = _by_series(overlaid)
    present = {newest: by_series.pop(newest)}
    return {
        "data": [
            *_band(course, palette),
            *([_lines(by_series, palette, item, strong=False)] if by_series else []),
            _lines(present, palette, item, strong=True),
        ],
        "layout": layout(
            palette,
            xaxis=axis(
                palette, t("Days since the last infusion"), rangemode="tozero", dtick=7
            ),
            yaxis=axis(
                palette,
                t("{item}, 0 to 10", item=name),
                range=[-0.4, 10.4],
                tickvals=list(range(0, 11, 2)),
                fixedrange=True,
            ),
            margin={"l": 56, "r": 20, "t": 12, "b": 44},
        ),
    }


def _by_series(overlaid: pd.DataFrame) -> dict[int, dict[int, float]]:
    """Values by day, of each series in order."""
    found: dict[int, dict[int, float]] = {}
    columns = (overlaid[name].tolist() for name in ("series", "day", "value"))
    for series, day, value in zip(*columns, strict=True):
        found.setdefault(int(series), {})[int(day)] = value
    return dict(sorted(found.items()))


def _lines(
    by_series: dict[int, dict[int, float]], palette: Palette, item: str, *, strong: bool
) -> dict[str, Any]:
    """One trace of several cycles: a hundred traces draw slowly."""
    days: list[int | None] = []
    values: list[float | None] = []
    names: list[str] = []
    for series, logged in by_series.items():
        whole = range(min(logged), max(logged) + 1)
        days += [*whole, None]
        values += [*(logged.get(day) for day in whole), None]
        names += [t("Series {n}", n=series)] * (len(whole) + 1)
    style = palette["series"][item]
    return {
        "type": "scatter",
        "mode": "lines+markers" if strong else "lines",
        "name": names[0] if len(by_series) == 1 else t("Earlier cycles"),
        "x": days[:-1],
        "y": values[:-1],
        "text": names[:-1],
        "connectgaps": False,
        "line": {
            "color": style["colour"] if strong else palette["unknown"],
            "width": 3 if strong else 1,
        },
        "marker": {"symbol": style["marker"], "size": 7},
        "opacity": 1 if strong else 0.55,
        "hovertemplate": t(
            "{series}, day {day}: {value}", series="%{text}", day="%{x}", value="%{y}"
        )
        + "<extra></extra>",
    }


def _band(course: pd.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    if course.empty:
        return []
    days = [int(day) for day in course["day"]]
    edge = {"type": "scatter", "mode": "lines", "x": days, "hoverinfo": "skip"}
    return [
        edge
        | {"y": _numbers(course["low"]), "line": {"width": 0}, "name": t("quarter")},
        edge
        | {
            "y": _numbers(course["high"]),
            "line": {"width": 0},
            "fill": "tonexty",
            "fillcolor": with_alpha(palette["relief"], 0.16),
            "name": t("three quarters"),
        },
        edge
        | {
            "y": _numbers(course["middle"]),
            "line": {"color": palette["relief"], "width": 1.5, "dash": "dash"},
            "name": t("middle"),
        },
    ]


def _numbers(values: pd.Series) -> list[float]:
    return [round(float(value), 2) for value in values]

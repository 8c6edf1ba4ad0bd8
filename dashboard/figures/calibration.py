"""Where the truths lay within the forecasts, in tenths."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, limits, message
from tracker.language import msg, t

_TENTHS = (
    msg("earliest"),
    msg("2nd"),
    msg("3rd"),
    msg("4th"),
    msg("5th"),
    msg("6th"),
    msg("7th"),
    msg("8th"),
    msg("9th"),
    msg("latest"),
)


def calibration_bars(histogram: Sequence[float], palette: Palette) -> Figure:
    """One bar a tenth of the forecasts, beside the level they should have.

    Parameters
    ----------
    histogram : ten shares
        Of the truths, from earlier than forecast to later.
    """
    return {
        "data": [
            {
                "type": "bar",
                "x": [t(tenth) for tenth in _TENTHS],
                "y": [round(float(share), 4) for share in histogram],
                "marker": {"color": palette["relief"]},
                "hovertemplate": t("{share} of the truths", share="%{y:.0%}")
                + "<extra></extra>",
            }
        ],
        "layout": layout(
            palette,
            bargap=0.15,
            height=260,
            margin={"l": 56, "r": 104, "t": 12, "b": 44},
            xaxis=axis(palette, t("Tenth of the forecast in which relief ended")),
            yaxis=axis(
                palette,
                t("Share of the truths"),
                range=[0, max(0.25, 1.1 * max(histogram))],
                tickformat=".0%",
                fixedrange=True,
            ),
            shapes=[_level_line(0.1, palette)],
            annotations=[_level_label(0.1, palette)],
        ),
    }


def coverage_dots(quarters: pd.DataFrame, palette: Palette, level: int = 80) -> Figure:
    """The share of truths inside the range, as `relief.coverage_over_time` gives it."""
    known = quarters[quarters["share"].notna()]
    if known.empty:
        return message(palette, t("No quarter has enough forecasts to be judged."))
    share = known["share"]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "markers+lines",
                "x": list(known["quarter"]),
                "y": [round(float(value), 4) for value in share],
                "marker": {"color": palette["relief"], "size": 11},
                "line": {"color": palette["relief"], "width": 1, "dash": "dot"},
                "error_y": limits(share, known["lower"], known["upper"], palette),
                "hovertemplate": "%{x}: "
                + t("{share} of the truths", share="%{y:.0%}")
                + "<extra></extra>",
            }
        ],
        "layout": layout(
            palette,
            height=260,
            margin={"l": 56, "r": 104, "t": 12, "b": 44},
            xaxis=axis(palette, "", type="category"),
            yaxis=axis(
                palette,
                t("Inside the {level} % range", level=level),
                range=[0, 1.02],
                tickformat=".0%",
                fixedrange=True,
            ),
            shapes=[_level_line(level / 100, palette)],
            annotations=[_level_label(level / 100, palette)],
        ),
    }


def _level_line(height: float, palette: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": height,
        "y1": height,
        "line": {"color": palette["ink-2"], "width": 1.5, "dash": "dash"},
    }


def _level_label(height: float, palette: Palette) -> dict[str, Any]:
    return {
        "text": t("as it should be"),
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 4,
        "y": height,
        "showarrow": False,
        "font": {"color": palette["ink-2"], "size": 12},
    }

"""What all figures share: paper, ink, type and axes."""

from typing import Any

import pandas as pd

from tracker.language import number

Figure = dict[str, Any]
Palette = dict[str, Any]


def layout(palette: Palette, **more: Any) -> dict[str, Any]:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": palette["font"], "size": 13, "color": palette["ink-2"]},
        "margin": {"l": 56, "r": 20, "t": 12, "b": 44},
        # Before decimals, and between thousands.
        "separators": {".": ".,", ",": ",."}[number(0.5)[1]],
        "hoverlabel": {
            "bgcolor": palette["surface"],
            "bordercolor": palette["control"],
            "font": {"color": palette["ink"]},
        },
        "modebar": {
            "bgcolor": "rgba(0,0,0,0)",
            "color": palette["control"],
            "activecolor": palette["relief"],
        },
        "showlegend": False,
        "dragmode": "pan",
        **more,
    }


def axis(palette: Palette, title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 8},
        "gridcolor": palette["line"],
        "linecolor": palette["line"],
        "zeroline": False,
        "automargin": True,
        **more,
    }


def limits(
    middle: pd.Series, lower: pd.Series, upper: pd.Series, palette: Palette
) -> dict[str, Any]:
    """Bars from a dot to its limits; a limit that is not known has none."""
    return {
        "type": "data",
        "symmetric": False,
        "array": _reach(upper - middle),
        "arrayminus": _reach(middle - lower),
        "color": palette["relief"],
        "thickness": 2,
    }


def _reach(values: pd.Series) -> list[float]:
    return [round(float(value), 4) for value in values.fillna(0)]


def message(palette: Palette, text: str) -> Figure:
    """An empty figure that says why it is empty."""
    return {
        "data": [],
        "layout": layout(
            palette,
            xaxis={"visible": False},
            yaxis={"visible": False},
            annotations=[
                {
                    "text": text,
                    "showarrow": False,
                    "xref": "paper",
                    "yref": "paper",
                    "x": 0.5,
                    "y": 0.5,
                    "font": {"size": 15, "color": palette["ink-2"]},
                }
            ],
        ),
    }


def with_alpha(colour: str, alpha: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"

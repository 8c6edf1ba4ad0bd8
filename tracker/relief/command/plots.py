"""The report's charts, as Plotly's plain dictionaries."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tracker.relief.command.palette import Palette

if TYPE_CHECKING:
    from tracker.relief.command.run import Result

Figure = dict[str, Any]

MOST_PATIENTS = 40
SHORTEST_AXIS = 28
LONGEST_AXIS = 120


def plotly_js() -> str:
    """The whole of plotly.js, so that the report opens without a network."""
    # Loaded here, so that the tables and the estimates need no Plotly.
    from plotly.offline import get_plotlyjs

    script: str = get_plotlyjs()
    return script


def curves(result: "Result", palette: Palette) -> Figure:
    """Share still in relief: as seen, between its bounds, and corrected."""
    curve, band = result.curve, result.band
    traces = [
        _band(curve, "95 % interval", palette["unknown"], "lower", "upper"),
        _line(band, "Bounds", "low", palette["ink-2"], "dot", 1.5, legend=False),
        _line(band, "Bounds of what was seen",
              "high", palette["ink-2"], "dot", 1.5),
        _line(curve, "As seen (Kaplan-Meier)", "survival", palette["ink-2"], "solid", 2),
    ]  # fmt: skip
    reach = max(SHORTEST_AXIS, int(curve["day"].max()))
    if result.corrected is not None and result.corrected.attrs["n_spells"]:
        shown = result.corrected
        traces += [
            _band(shown, "95 % interval, corrected", palette["relief"], "lower", "upper"),
            _line(shown, "Corrected for early boosters", "survival",
                  palette["relief"], "solid", 3),
        ]  # fmt: skip
        above = shown.loc[shown["survival"] > 0.05, "day"]
        reach = max(reach, int(above.max()) if len(above) else 0)
    layout = _layout(palette)
    layout["xaxis"] |= {
        "title": {"text": "Time since the last infusion (days)"},
        "range": [0, min(reach, LONGEST_AXIS)],
    }
    layout["yaxis"] |= {
        "title": {"text": "Still in relief (% of spells)"},
        "range": [0, 1.02],
        "tickformat": ".0%",
    }
    layout |= {
        "legend": {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top"},
        "showlegend": True,
        "height": 500,
    }
    return {"data": traces, "layout": layout}


def outlooks(result: "Result", palette: Palette) -> Figure | None:
    """When each patient's relief may be lost; None where nothing can be said."""
    if result.outlook is None:
        return None
    shown = drawable(result.outlook)
    if not len(shown):
        return None
    shown = shown.iloc[::-1]
    names = [_short(label) for label in shown["patient_id"]]
    low, high = (shown[q].clip(upper=180).to_numpy() for q in ("q10", "q90"))
    data = [
        *_spans("80 % of the chances of loss", names, low, high, palette["relief"], 6),
        _points("As likely before as after", names, shown["q50"].to_numpy(),
                palette["relief"], "circle"),
        _points("Today", names, shown["day"].to_numpy(), palette["ink"], "line-ns-open"),
    ]  # fmt: skip
    offered = np.isfinite(shown["window_from"].to_numpy())
    ends = [
        np.where(offered, shown[c].to_numpy(), np.nan)
        for c in ("window_from", "window_to")
    ]
    data += [
        _points("Booster window, first and last day", names + names,
                np.concatenate(ends), palette["infusion"], "diamond-open"),
    ]  # fmt: skip
    layout = _layout(palette)
    layout["xaxis"] |= {
        "title": {"text": "Time since the last infusion (days)"},
        "rangemode": "tozero",
    }
    layout["yaxis"] |= {
        "title": {"text": "Patient"},
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(dict.fromkeys(names)),
        "gridcolor": "rgba(0,0,0,0)",
    }
    layout |= {
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "height": 190 + 26 * len(shown),
    }
    return {"data": data, "layout": layout}


def drawable(outlook: pd.DataFrame) -> pd.DataFrame:
    """Patients with a distribution of what is still to come, the first of many."""
    known = np.isfinite(outlook["q10"]) & ~outlook["state"].isin(
        ["lost", "no response", "not assessable"]
    )
    shown: pd.DataFrame = outlook[known].head(MOST_PATIENTS)
    return shown


def _short(label: object) -> str:
    text = str(label)
    return text if len(text) <= 14 else f"{text[:13]}…"


def _line(
    frame: pd.DataFrame, name: str, column: str, colour: str, dash: str, width: float,
    *, legend: bool = True,
) -> dict[str, Any]:  # fmt: skip
    known = frame.dropna(subset=[column])
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "showlegend": legend,
        "x": known["day"].tolist(),
        "y": known[column].round(5).tolist(),
        # A share holds until the day it drops.
        "line": {"shape": "hv", "color": colour, "dash": dash, "width": width},
        "hovertemplate": "day %{x}: %{y:.0%}",
    }


def _band(
    frame: pd.DataFrame, name: str, colour: str, low: str, high: str
) -> dict[str, Any]:
    known = frame.dropna(subset=[low, high])
    # The steps are drawn out: an area does not keep the shape of a line.
    day = known["day"].to_numpy().repeat(2)[1:]
    down, up = (
        known[column].round(5).to_numpy().repeat(2)[:-1] for column in (low, high)
    )
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [*day.tolist(), *day[::-1].tolist()],
        "y": [*up.tolist(), *down[::-1].tolist()],
        "fill": "toself",
        "fillcolor": _faint(colour),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }  # fmt: skip


def _spans(
    name: str, labels: list[str], low: Any, high: Any, colour: str, width: int
) -> list[dict[str, Any]]:
    """One line a patient; a gap between them keeps them one trace."""
    x: list[float | None] = []
    y: list[str | None] = []
    for label, start, end in zip(labels, low.tolist(), high.tolist(), strict=True):
        x += [start, end, None]
        y += [label, label, None]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": x,
            "y": y,
            "line": {"color": colour, "width": width},
            "opacity": 0.45,
            "hovertemplate": "%{y}: day %{x}",
        }
    ]


def _points(
    name: str, labels: list[str], days: Any, colour: str, symbol: str
) -> dict[str, Any]:
    finite = np.isfinite(days)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": days[finite].tolist(),
        "y": [label for label, keep in zip(labels, finite, strict=True) if keep],
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": 11,
            "line": {"width": 2, "color": colour},
        },
        "hovertemplate": "%{y}: day %{x}",
    }


def _layout(palette: Palette) -> dict[str, Any]:
    axis = {
        "gridcolor": palette["line"],
        "linecolor": palette["control"],
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    }
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": palette["ink"]},
        "margin": {"l": 56, "r": 16, "t": 16, "b": 48},
        "hovermode": "closest",
        "xaxis": dict(axis),
        "yaxis": dict(axis),
    }  # fmt: skip


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"

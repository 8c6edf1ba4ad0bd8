"""The share still in relief, day by day: this patient against the clinic."""

from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, message, with_alpha

LAST_DAY = 120


def survival_curves(
    patient: pd.DataFrame,
    clinic: pd.DataFrame,
    clinic_low: pd.DataFrame,
    palette: Palette,
) -> Figure:
    """Kaplan-Meier curves, as `tracker.relief.kaplan_meier` gives them.

    Parameters
    ----------
    patient, clinic : DataFrame
        day, survival, lower, upper; boosters count as ordinary censoring.
    clinic_low : DataFrame
        The same for the clinic with unconfirmed losses counted as losses.
    """
    if not len(clinic) or clinic["at_risk"].max() == 0:
        return message(palette, "No relief has been seen in this clinic yet.")
    traces = [
        _band(clinic, palette),
        _step(clinic, "Clinic", palette["ink-2"], "solid", 2),
        _step(
            clinic_low,
            "Clinic, unconfirmed losses counted",
            palette["ink-2"],
            "dot",
            1.4,
        ),
    ]
    labels = [_label(clinic, "Clinic", palette["ink-2"])]
    if len(patient) and patient["at_risk"].max() > 0:
        traces.append(_step(patient, "This patient", palette["relief"], "solid", 3))
        labels.append(_label(patient, "This patient", palette["relief"]))
    return {
        "data": traces,
        "layout": layout(
            palette,
            xaxis=axis(
                palette,
                "Days since the last infusion",
                range=[0, _reach(patient, clinic)],
            ),
            yaxis=axis(
                palette,
                "Still in relief",
                range=[0, 1.02],
                tickformat=".0%",
                fixedrange=True,
            ),
            annotations=labels,
            hovermode="x unified",
        ),
    }


def _step(
    curve: pd.DataFrame, name: str, colour: str, dash: str, width: float
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [int(day) for day in curve["day"]],
        "y": [round(float(share), 4) for share in curve["survival"]],
        # The share holds until the day it drops.
        "line": {"shape": "hv", "color": colour, "width": width, "dash": dash},
        "hovertemplate": f"{name} %{{y:.0%}}<extra></extra>",
    }


def _band(curve: pd.DataFrame, palette: Palette) -> dict[str, Any]:
    known = curve.dropna(subset=["lower", "upper"])
    days = [int(day) for day in known["day"]]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "95 % interval of the clinic's curve",
        "x": [*days, *reversed(days)],
        "y": [
            *(round(float(value), 4) for value in known["upper"]),
            *(round(float(value), 4) for value in reversed(list(known["lower"]))),
        ],
        "fill": "toself",
        "fillcolor": with_alpha(palette["unknown"], 0.15),
        "line": {"width": 0, "shape": "linear"},
        "hoverinfo": "skip",
    }


def _label(curve: pd.DataFrame, name: str, colour: str) -> dict[str, Any]:
    """The curve's name beside its middle."""
    at = curve[curve["survival"] <= 0.6]
    row = at.iloc[0] if len(at) else curve.iloc[-1]
    return {
        "text": name,
        "x": int(row["day"]),
        "y": float(row["survival"]),
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": colour, "size": 13},
    }


def _reach(patient: pd.DataFrame, clinic: pd.DataFrame) -> int:
    last = max(int(curve["day"].max()) for curve in (patient, clinic) if len(curve))
    return max(28, min(last, LAST_DAY))

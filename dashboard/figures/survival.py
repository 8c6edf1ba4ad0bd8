"""The share still in relief, day by day: this patient against the clinic."""

from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, message, with_alpha
from tracker.language import t

LAST_DAY = 120


def survival_curves(
    patient: pd.DataFrame,
    clinic: pd.DataFrame,
    clinic_low: pd.DataFrame,
    palette: Palette,
    *,
    corrected: pd.DataFrame | None = None,
) -> Figure:
    """The clinic's corrected curve, and Kaplan-Meier curves beside it.

    Parameters
    ----------
    patient, clinic : DataFrame
        day, survival, lower, upper; boosters count as ordinary censoring.
    clinic_low : DataFrame
        The same for the clinic with unconfirmed losses counted as losses.
    corrected : DataFrame, optional
        day, survival, lower, upper of `tracker.relief.relief_distribution`; drawn
        first where there is one.
    """
    if not len(clinic) or clinic["at_risk"].max() == 0:
        return message(palette, t("No relief has been seen in this clinic yet."))
    known = corrected is not None and bool(corrected["survival"].notna().any())
    first = corrected if corrected is not None and known else clinic
    traces = [
        _band(first, palette),
        step(clinic, t("Clinic, plain"), palette["ink-2"], "dash", 1.4),
        step(
            clinic_low,
            t("Clinic, unconfirmed losses counted"),
            palette["ink-2"],
            "dot",
            1.4,
        ),
    ]
    traces.append(left_marks(clinic, palette["ink-2"]))
    labels = [_label(clinic, t("plain"), palette["ink-2"])]
    if known:
        traces.append(step(first, t("Clinic, corrected"), palette["ink"], "solid", 2.6))
        labels.append(_label(first, t("Clinic, corrected"), palette["ink"], "right"))
    if len(patient) and patient["at_risk"].max() > 0:
        traces.append(step(patient, t("This patient"), palette["relief"], "solid", 3))
        traces.append(left_marks(patient, palette["relief"]))
        labels.append(_label(patient, t("This patient"), palette["relief"], at=0.25))
    return {
        "data": traces,
        "layout": layout(
            palette,
            **shares_by_day(palette, _reach(patient, clinic)),
            annotations=labels,
            hovermode="x unified",
        ),
    }


def shares_by_day(palette: Palette, last_day: int) -> dict[str, Any]:
    """The axes of every curve of relief: whole days, and shares from 0 to 100 %."""
    return {
        "xaxis": axis(palette, t("Days since the last infusion"), range=[0, last_day]),
        "yaxis": axis(
            palette,
            t("Still in relief"),
            range=[0, 1.02],
            tickformat=".0%",
            fixedrange=True,
        ),
    }


def step(
    curve: pd.DataFrame, name: str, colour: str, dash: str, width: float
) -> dict[str, Any]:
    """A share that holds until the day it drops."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [int(day) for day in curve["day"]],
        "y": [round(float(share), 4) for share in curve["survival"]],
        "line": {"shape": "hv", "color": colour, "width": width, "dash": dash},
        "hovertemplate": f"{name} %{{y:.0%}}<extra></extra>",
    }


def left_marks(curve: pd.DataFrame, colour: str) -> dict[str, Any]:
    """A tick on each day on which a spell left while in relief."""
    gone = curve[curve["censored"] > 0]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": t("left while in relief"),
        "x": [int(day) for day in gone["day"]],
        "y": [round(float(share), 4) for share in gone["survival"]],
        "marker": {"symbol": "line-ns-open", "size": 8, "color": colour},
        "hoverinfo": "skip",
    }


def _band(curve: pd.DataFrame, palette: Palette) -> dict[str, Any]:
    known = curve.dropna(subset=["lower", "upper"])
    days = [int(day) for day in known["day"]]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "95 % interval",
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


def _label(
    curve: pd.DataFrame,
    name: str,
    colour: str,
    side: str = "left",
    at: float = 0.6,
) -> dict[str, Any]:
    """The curve's name beside it, where it falls to `at`."""
    low = curve[curve["survival"] <= at]
    row = low.iloc[0] if len(low) else curve.iloc[-1]
    return {
        "text": name,
        "x": int(row["day"]),
        "y": float(row["survival"]),
        "xanchor": side,
        "yanchor": "bottom" if side == "left" else "top",
        "xshift": 4 if side == "left" else -6,
        "showarrow": False,
        "font": {"color": colour, "size": 13},
    }


def _reach(patient: pd.DataFrame, clinic: pd.DataFrame) -> int:
    last = max(int(curve["day"].max()) for curve in (patient, clinic) if len(curve))
    return max(28, min(last, LAST_DAY))

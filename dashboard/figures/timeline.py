"""Outcomes, infusions and relief on one axis of dates."""

from typing import Any

import numpy as np
import pandas as pd

from dashboard.figures.ahead import Ahead, bracket, bracket_label, fan, today_label
from dashboard.figures.base import Figure, Palette, axis, layout, message, with_alpha
from tracker.language import msg, number, t

# More lines than these cannot be told apart.
MOST_SERIES = 5
MS_A_DAY = 86_400_000
_NAMES = {
    "mood": msg("Mood"),
    "anxiety": msg("Anxiety"),
    "pain": msg("Pain"),
    "sleep_quality": msg("Sleep quality"),
    "energy": msg("Energy"),
}


def timeline(
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    spells: pd.DataFrame,
    palette: Palette,
    *,
    items: list[str],
    today: pd.Timestamp,
    ahead: Ahead | None = None,
    shown: int = MOST_SERIES,
) -> Figure:
    """The diary of one patient with infusion stems and relief bands.

    Parameters
    ----------
    diary, infusions, spells : DataFrame
        Of one patient, as `tracker.frames` gives them.
    items : list of str
        Items to draw, the first one strongest; at most five.
    ahead : Ahead, optional
        The outlook, drawn right of today.
    shown : int
        Of the items, how many are drawn at first; the others are there, hidden.

    Returns
    -------
    dict
        A Plotly figure. A day without a value is a gap, never a line.
    """
    if diary.empty and infusions.empty:
        return message(palette, t("Nothing is logged yet."))
    days = _every_day(diary, today)
    drawn = items[:MOST_SERIES]
    traces = [
        _line(days, item, palette, strong=number == 0)
        | {"visible": True if number < shown else "legendonly"}
        for number, item in enumerate(drawn)
    ]
    late = diary[diary["days_late"] > 0] if len(diary) else diary
    if drawn and len(late):
        traces.append(_late_marks(late, drawn[0], palette))
    if len(infusions):
        traces.append(_infusion_heads(infusions, palette))
    return {
        "data": traces,
        "layout": layout(
            palette,
            xaxis=axis(
                palette,
                "",
                type="date",
                range=_first_view(days, infusions, today, ahead),
                rangeselector=_ranges(palette),
            ),
            yaxis=axis(
                palette,
                t("Rating, 0 to 10"),
                range=[-1.1, 12],
                tickvals=list(range(0, 11, 2)),
                fixedrange=True,
            ),
            shapes=[
                *_relief_bands(spells, palette),
                *_stems(infusions, palette),
                _today_line(today, palette),
                *([] if ahead is None else fan(ahead, palette)),
                *([] if ahead is None else bracket(ahead, palette)),
            ],
            annotations=[
                *_direct_labels(days, drawn, palette, shown),
                today_label(today.date(), palette),
                *([] if ahead is None else bracket_label(ahead, palette)),
            ],
            margin={"l": 56, "r": 96, "t": 40, "b": 36},
            hovermode="x unified",
            # From which the axis can count instead; see assets/axis.js.
            meta={"infusions": [_iso(date) for date in infusions["date"]]},
        ),
    }


def _every_day(diary: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """One row a calendar day, so that a day not logged breaks the line."""
    if diary.empty:
        return diary.set_index("date")
    whole = pd.date_range(diary["date"].min(), max(today, diary["date"].max()))
    return diary.set_index("date").reindex(whole)


def _line(
    days: pd.DataFrame, item: str, palette: Palette, *, strong: bool
) -> dict[str, Any]:
    series = palette["series"][item]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": t(_NAMES[item]),
        # Every calendar day has a value or a gap: the first day says them all.
        "x0": _iso(days.index[0]) if len(days) else None,
        "dx": MS_A_DAY,
        "y": _values(days[item]),
        "connectgaps": False,
        "line": {
            "color": series["colour"],
            "width": 2.2 if strong else 1.2,
            "dash": series["dash"],
        },
        "marker": {"symbol": series["marker"], "size": 6 if strong else 4},
        "opacity": 1 if strong else 0.75,
        "hovertemplate": f"{t(_NAMES[item])} %{{y}}<extra></extra>",
    }


def _late_marks(late: pd.DataFrame, item: str, palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": t("Written later"),
        "x": _dates(pd.DatetimeIndex(late["date"])),
        "y": _values(late[item]),
        "marker": {
            "symbol": "circle-open",
            "size": 11,
            "color": palette["fading"],
            "line": {"width": 1.5},
        },
        "customdata": [int(days) for days in late["days_late"]],
        "hovertemplate": t("Written {n} d later", n="%{customdata}")
        + "<extra></extra>",
    }


def _infusion_heads(infusions: pd.DataFrame, palette: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": t("Infusion"),
        "x": _dates(pd.DatetimeIndex(infusions["date"])),
        "y": [11] * len(infusions),
        "marker": {"symbol": "triangle-down", "size": 11, "color": palette["infusion"]},
        "customdata": [_dose(row) for row in infusions.to_dict("records")],
        "hovertemplate": t(
            t("Infusion, {dose}", dose="%{customdata}") + "<extra></extra>"
        ),
    }


def _dose(row: Any) -> str:
    if pd.isna(row["dose_mg"]):
        return t(str(row["agent"]))
    text = f"{t(str(row['agent']))} {number(row['dose_mg'])} mg"
    if pd.isna(row["mg_per_kg"]):
        return text
    return f"{text}, {number(row['mg_per_kg'])} mg/kg"


def _stems(infusions: pd.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "x0": _iso(date),
            "x1": _iso(date),
            "y0": 0,
            "y1": 11,
            "line": {"color": with_alpha(palette["infusion"], 0.55), "width": 1},
            "layer": "below",
        }
        for date in infusions["date"]
    ]


def _relief_bands(spells: pd.DataFrame, palette: Palette) -> list[dict[str, Any]]:
    """Solid from onset to the last day in relief, paler to the first day lost."""
    bands = []
    for spell in spells.to_dict("records"):
        if pd.isna(spell["onset"]) or pd.isna(spell["lower"]):
            continue
        start = spell["last_infusion"]
        begins = start + pd.Timedelta(days=spell["onset"])
        held = start + pd.Timedelta(days=spell["lower"])
        bands.append(_band(begins, held, palette, 0.22))
        if spell["status"] == "lost" and spell["upper"] > spell["lower"]:
            lost = start + pd.Timedelta(days=spell["upper"])
            bands.append(_band(held, lost, palette, 0.09))
    return bands


def _band(
    start: pd.Timestamp, end: pd.Timestamp, palette: Palette, alpha: float
) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": _iso(start),
        "x1": _iso(end),
        "y0": 0,
        "y1": 10,
        "fillcolor": with_alpha(palette["relief"], alpha),
        "line": {"width": 0},
        "layer": "below",
    }


def _today_line(today: pd.Timestamp, palette: Palette) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": _iso(today),
        "x1": _iso(today),
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": palette["control"], "width": 1, "dash": "dot"},
    }


def _direct_labels(
    days: pd.DataFrame, items: list[str], palette: Palette, shown: int
) -> list[dict[str, Any]]:
    """A name at the right end of each line, moved apart where lines meet."""
    ends = []
    for item in items:
        seen = days[item].dropna() if item in days else days.iloc[:0]
        if len(seen):
            ends.append((float(seen.to_numpy()[-1]), item))
    labels, floor = [], -1.0
    for height, item in sorted(ends):
        floor = max(height, floor + 0.85)
        labels.append(
            {
                "text": t(_NAMES[item]),
                "x": 1.005,
                "xref": "paper",
                "xanchor": "left",
                "y": floor,
                "showarrow": False,
                "visible": items.index(item) < shown,
                "font": {"color": palette["series"][item]["colour"], "size": 12},
            }
        )
    return labels


def _first_view(
    days: pd.DataFrame,
    infusions: pd.DataFrame,
    today: pd.Timestamp,
    ahead: Ahead | None,
) -> list[str]:
    """The last half year, or less when there is less, and what lies ahead."""
    last = today + pd.Timedelta(days=7)
    if ahead is not None:
        last = max(last, pd.Timestamp(ahead.reach()))
    starts = [frame.min() for frame in (days.index, infusions["date"]) if len(frame)]
    first = max(min(starts), today - pd.Timedelta(days=183))
    return [_iso(first - pd.Timedelta(days=2)), _iso(last)]


def _ranges(palette: Palette) -> dict[str, Any]:
    return {
        "buttons": [
            {
                "count": 1,
                "label": t("1 month"),
                "step": "month",
                "stepmode": "backward",
            },
            {
                "count": 3,
                "label": t("3 months"),
                "step": "month",
                "stepmode": "backward",
            },
            {
                "count": 6,
                "label": t("6 months"),
                "step": "month",
                "stepmode": "backward",
            },
            {"label": t("all"), "step": "all"},
        ],
        "bgcolor": palette["unknown-soft"],
        "activecolor": palette["relief-soft"],
        "font": {"color": palette["ink"]},
        "y": 1.02,
    }


def _dates(index: pd.Index) -> list[str]:
    days: list[str] = np.datetime_as_string(index.to_numpy("datetime64[D]")).tolist()
    return days


def _iso(date: Any) -> str:
    return f"{date:%Y-%m-%d}"


def _values(column: pd.Series) -> list[float | None]:
    # A number is equal to itself, and a missing one is not; whole ones are shorter.
    return [
        None if value != value else int(value) if value == int(value) else value
        for value in column.tolist()
    ]

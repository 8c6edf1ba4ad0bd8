"""How long relief lasted after each series of infusions, and how it ended."""

from typing import Any

import pandas as pd

from dashboard.figures.base import Figure, Palette, axis, layout, message
from tracker.language import month, msg, t

_TONE = {
    "lost": "relief",
    "holding": "relief",
    "cut_by_infusion": "relief",
    "cut_by_silence": "relief",
    "no_response": "unknown",
    "not_assessable": "unknown",
}
# The sign at a bar's end, read together with its word.
_END = {
    "lost": ("line-ns-open", "lost", msg("ended")),
    "holding": ("triangle-right", "relief", msg("holding")),
    "cut_by_infusion": ("line-ns-open", "infusion", msg("cut by next infusion")),
    "cut_by_silence": ("line-ns-open", "unknown", msg("cut by silence")),
    "no_response": ("circle-open", "unknown", msg("no response")),
    "not_assessable": ("square-x-open", "unknown", msg("not assessable")),
}


def relief_bars(spells: pd.DataFrame, palette: Palette) -> Figure:
    """One bar a series: solid while relief was seen, pale to the first day lost."""
    if spells.empty:
        return message(palette, t("No infusion is recorded yet."))
    rows = spells.to_dict("records")
    names = [f"{row['series']}  {_day(row['last_infusion'])}" for row in rows]
    return {
        "data": [
            _seen(rows, names, palette),
            _between(rows, names, palette),
            *(_ends(status, rows, names, palette) for status in _END),
        ],
        "layout": layout(
            palette,
            barmode="stack",
            bargap=0.45,
            height=max(220, 70 + 30 * len(rows)),
            xaxis=axis(
                palette, t("Days since the last infusion"), range=[0, _furthest(rows)]
            ),
            yaxis=axis(
                palette,
                "",
                autorange="reversed",
                type="category",
                categoryorder="array",
                categoryarray=names,
                gridcolor="rgba(0,0,0,0)",
            ),
            margin={"l": 96, "r": 20, "t": 8, "b": 44},
        ),
    }


def _day(day: Any) -> str:
    first = f"{day.day:02}"
    return f"{first} {month(day)} {day:%y}"


def _known(value: Any) -> float:
    return 0.0 if pd.isna(value) or value == float("inf") else float(value)


def _seen(rows: list[Any], names: list[str], palette: Palette) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": t("seen in relief"),
        "y": names,
        "x": [_known(row["lower"]) for row in rows],
        "marker": {"color": [palette[_TONE[row["status"]]] for row in rows]},
        "hovertemplate": t("in relief to day {day}", day="%{x}") + "<extra></extra>",
    }


def _between(rows: list[Any], names: list[str], palette: Palette) -> dict[str, Any]:
    widths = [
        _known(row["upper"]) - _known(row["lower"]) if row["status"] == "lost" else 0.0
        for row in rows
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": t("lost in here"),
        "y": names,
        "x": widths,
        "marker": {
            "color": palette["relief-soft"],
            "line": {"color": palette["relief"], "width": 1},
        },
        "hovertemplate": t("relief was lost within these {n} days", n="%{x}")
        + "<extra></extra>",
    }


def _ends(
    status: str, rows: list[Any], names: list[str], palette: Palette
) -> dict[str, Any]:
    symbol, tone, english = _END[status]
    word = t(english)
    chosen = [
        (name, _end(row))
        for name, row in zip(names, rows, strict=True)
        if row["status"] == status
    ]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": word,
        "y": [name for name, _ in chosen],
        "x": [end for _, end in chosen],
        "text": [f"  {word}" for _ in chosen],
        "textposition": "middle right",
        "textfont": {"color": palette["ink"], "size": 12},
        "marker": {
            "symbol": symbol,
            "size": 13,
            "color": palette[tone],
            "line": {"width": 3 if symbol.startswith("line") else 1.5},
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _end(row: Any) -> float:
    return _known(row["upper"]) if row["status"] == "lost" else _known(row["lower"])


def _furthest(rows: list[Any]) -> float:
    # Room for the words at the ends.
    return max(14.0, max(_end(row) for row in rows)) * 1.45

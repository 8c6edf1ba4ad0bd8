"""The outlook on the timeline: a band that pales, and a bracket for the window."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard.figures.base import Palette, with_alpha
from tracker.language import day_month, t

# Beyond these days there is only paper.
FURTHEST_DAYS = 120
_DARKEST = 0.20
_PALEST = 0.02
_STEP_DAYS = 2
BRACKET_HEIGHT = -0.55


@dataclass(frozen=True)
class Ahead:
    """What is believed of the days to come.

    `survival` holds the chance that relief is lost after day 0 to 180 since
    `last_infusion`; `window` the first and last day of the booster window.
    """

    last_infusion: date | None
    as_of: date
    survival: list[float] | None
    window: tuple[date | None, date | None] | None

    def chances(self) -> list[tuple[date, date, float]]:
        """Spans of days after `as_of` with the chance that relief still holds."""
        if self.last_infusion is None or self.survival is None:
            return []
        first = (self.as_of - self.last_infusion).days
        spans = []
        for day in range(first, min(180, first + FURTHEST_DAYS), _STEP_DAYS):
            chance = self.survival[day]
            if chance < _PALEST / _DARKEST:
                break
            start = self.last_infusion + timedelta(days=day)
            spans.append((start, start + timedelta(days=_STEP_DAYS), chance))
        return spans

    def reach(self) -> date:
        """The last day worth showing."""
        spans = self.chances()
        ends = [self.as_of + timedelta(days=7)]
        # Half a band is enough to see where it goes.
        ends += [end for _, end, chance in spans if chance >= 0.25][-1:]
        if self.window is not None and self.window[1] is not None:
            ends.append(self.window[1] + timedelta(days=4))
        return min(max(ends), self.as_of + timedelta(days=FURTHEST_DAYS))


def fan(ahead: Ahead, palette: Palette) -> list[dict[str, Any]]:
    """Rectangles that pale as the chance of relief falls."""
    return [
        {
            "type": "rect",
            "x0": start.isoformat(),
            "x1": end.isoformat(),
            "y0": 5 - 5 * chance,
            "y1": 5 + 5 * chance,
            "fillcolor": with_alpha(palette["relief"], round(_DARKEST * chance, 3)),
            "line": {"width": 0},
            "layer": "below",
        }
        for start, end, chance in ahead.chances()
    ]


def bracket(ahead: Ahead, palette: Palette) -> list[dict[str, Any]]:
    """The booster window as a bracket under the ratings."""
    if ahead.window is None or None in ahead.window:
        return []
    start, end = (str(day) for day in ahead.window)
    line = {"color": palette["fading"], "width": 3}
    ends = [(start, start), (end, end)]
    return [
        {
            "type": "line",
            "x0": start,
            "x1": end,
            "y0": BRACKET_HEIGHT,
            "y1": BRACKET_HEIGHT,
            "line": line,
        },
        *(
            {
                "type": "line",
                "x0": left,
                "x1": right,
                "y0": BRACKET_HEIGHT,
                "y1": BRACKET_HEIGHT + 0.6,
                "line": line,
            }
            for left, right in ends
        ),
    ]


def bracket_label(ahead: Ahead, palette: Palette) -> list[dict[str, Any]]:
    start, end = ahead.window or (None, None)
    if start is None or end is None:
        return []
    return [
        {
            "text": t("booster window"),
            "x": start.isoformat(),
            "xanchor": "right",
            "xshift": -6,
            "y": BRACKET_HEIGHT,
            "showarrow": False,
            "font": {"color": palette["fading"], "size": 12},
        }
    ]


def today_label(today: date, palette: Palette) -> dict[str, Any]:
    return {
        "text": t("today, {day}", day=day_month(today, today)),
        "x": today.isoformat(),
        "y": 11.5,
        "xanchor": "left",
        "xshift": 4,
        "showarrow": False,
        "font": {"color": palette["ink-2"], "size": 12},
    }

"""A chart with what takes it along: a picture, a drawing, or its numbers."""

from typing import Any

from dash import dcc, html

from dashboard.figures import Figure
from tracker import language
from tracker.language import msg, t

_WAYS = {"png": msg("Picture"), "svg": msg("Drawing"), "csv": msg("Numbers")}


def chart(figure: Figure, *, size: str = "", still: bool = False) -> html.Div:
    """The figure and its downloads; `still` for paper."""
    config: Any = {
        # One of Plotly's own tools would send the chart to somebody else's server.
        "displayModeBar": False,
        "displaylogo": False,
        "scrollZoom": False,
        "responsive": True,
        "staticPlot": still,
    }
    if language.current() != language.ENGLISH:
        config |= _in_words_of(language.current())
    graph = dcc.Graph(figure=figure, config=config, className=f"graph {size}".strip())
    return html.Div([graph, None if still else _downloads()], className="chart")


def _in_words_of(spoken: str) -> dict[str, Any]:
    """How Plotly names months and days on axes of dates."""
    months = [t(name) for name in language.MONTHS]
    days = [t(name) for name in (language.WEEKDAYS[-1], *language.WEEKDAYS[:-1])]
    names = {"months": months, "shortMonths": months, "days": days, "shortDays": days}
    return {
        "locale": spoken,
        "locales": {spoken: {"format": names | {"date": "%d/%m/%Y"}, "dictionary": {}}},
    }


def _downloads() -> html.Div:
    # assets/take.js listens: what is on the screen needs no second look at the record.
    return html.Div(
        [
            html.Button(t(word), className=f"take small take-{way}")
            for way, word in _WAYS.items()
        ],
        className="takes",
    )

"""Where the truths lay within the forecasts, in tenths."""

from collections.abc import Sequence

from dashboard.figures.base import Figure, Palette, axis, layout

_TENTHS = (
    "earliest",
    "2nd",
    "3rd",
    *(f"{number}th" for number in range(4, 10)),
    "latest",
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
                "x": list(_TENTHS),
                "y": [round(float(share), 4) for share in histogram],
                "marker": {"color": palette["relief"]},
                "hovertemplate": "%{y:.0%} of the truths<extra></extra>",
            }
        ],
        "layout": layout(
            palette,
            bargap=0.15,
            height=260,
            margin={"l": 56, "r": 104, "t": 12, "b": 44},
            xaxis=axis(palette, "Tenth of the forecast in which relief ended"),
            yaxis=axis(
                palette,
                "Share of the truths",
                range=[0, max(0.25, 1.1 * max(histogram))],
                tickformat=".0%",
                fixedrange=True,
            ),
            shapes=[
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": 0.1,
                    "y1": 0.1,
                    "line": {"color": palette["ink-2"], "width": 1.5, "dash": "dash"},
                }
            ],
            annotations=[
                {
                    "text": "as it should be",
                    "xref": "paper",
                    "x": 1,
                    "xanchor": "left",
                    "xshift": 4,
                    "y": 0.1,
                    "showarrow": False,
                    "font": {"color": palette["ink-2"], "size": 12},
                }
            ],
        ),
    }

"""The diary on an axis of dates, with infusions, relief and the outlook."""

from datetime import date

import pandas as pd
from dash import dcc, html

from dashboard import figures
from tracker import forecasts
from tracker.models import Patient


def timeline_card(
    patient: Patient,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    spells: pd.DataFrame,
    palette: figures.Palette,
    today: date,
    outlook: forecasts.Outlook | None,
) -> html.Section:
    items = [patient.primary_outcome, *_one_more(patient)]
    return html.Section(
        [
            html.H2("Timeline"),
            html.P(
                "Green bands: relief was seen; pale: relief was lost within. Right of "
                "today the band pales as the chance of relief falls; the bracket is the "
                "booster window. Triangles and stems: infusions. A gap is a day without "
                "a log. A ring: written later.",
                className="muted small",
            ),
            dcc.Graph(
                figure=figures.timeline(
                    diary,
                    infusions,
                    spells,
                    palette,
                    items=items,
                    today=pd.Timestamp(today),
                    ahead=None if outlook is None else ahead_of(outlook),
                ),
                config={"displaylogo": False, "scrollZoom": False, "responsive": True},
                className="graph tall",
            ),
        ],
        className="card",
    )


def ahead_of(outlook: forecasts.Outlook) -> figures.Ahead:
    """What the timeline draws of an outlook."""
    window = outlook.window
    return figures.Ahead(
        last_infusion=outlook.last_infusion,
        as_of=outlook.as_of,
        survival=outlook.survival,
        window=None if window is None else (window.start, window.end),
    )


def _one_more(patient: Patient) -> list[str]:
    """A second line where it tells something: pain beside mood, mood beside others."""
    wanted = "pain" if patient.primary_outcome == "mood" else "mood"
    return [wanted] if wanted in patient.outcomes else []

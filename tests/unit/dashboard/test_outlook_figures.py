"""The outlook, the calibration and the groups as figures."""

from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import figures
from tests.unit.dashboard.test_figures import PALETTE, TODAY, spells
from tracker import relief

START = date(2026, 11, 4)
# Half is lost on day 30, all on day 40.
SURVIVAL = np.clip(2 - np.arange(181) / 20, 0, 1).tolist()


def ahead(**changes):
    values = {
        "last_infusion": START,
        "as_of": date(2026, 11, 24),
        "survival": SURVIVAL,
        "window": (date(2026, 11, 28), date(2026, 12, 6)),
    }
    return figures.Ahead(**values | changes)


def drawn(outlook):
    diary = pd.DataFrame(
        {"date": [TODAY], "mood": [6.0], "pain": [2.0], "days_late": [0]}
    )
    infusions = pd.DataFrame(
        {
            "date": [pd.Timestamp(START)],
            "agent": ["ketamine"],
            "dose_mg": [35.0],
            "mg_per_kg": [0.5],
        }
    )
    return figures.timeline(
        diary,
        infusions,
        spells().iloc[:0],
        PALETTE,
        items=["mood"],
        today=TODAY,
        ahead=outlook,
    )


def test_the_fan_pales_and_narrows_as_relief_becomes_unlikely():
    fan = [one for one in drawn(ahead())["layout"]["shapes"] if one["type"] == "rect"]

    assert fan[0]["x0"] == "2026-11-24"
    alphas = [float(one["fillcolor"].rsplit(",", 1)[1][:-1]) for one in fan]
    heights = [one["y1"] - one["y0"] for one in fan]
    assert alphas == sorted(alphas, reverse=True)
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= one["y0"] <= one["y1"] <= 10 for one in fan)


def test_the_window_is_a_bracket_with_its_word_inside_the_view():
    figure = drawn(ahead())

    lines = [
        (one["x0"], one["x1"])
        for one in figure["layout"]["shapes"]
        if one["type"] == "line"
    ]
    assert ("2026-11-28", "2026-12-06") in lines
    assert "booster window" in [one["text"] for one in figure["layout"]["annotations"]]
    assert figure["layout"]["xaxis"]["range"][1] > "2026-12-06"


@pytest.mark.parametrize(
    "changes",
    [
        {"window": None},
        {"window": (date(2026, 11, 28), None)},
        {"survival": None, "window": None},
        {"last_infusion": None, "survival": None, "window": None},
    ],
    ids=["withheld", "no-end", "no-distribution", "no-infusion"],
)
def test_what_is_not_known_is_not_drawn(changes):
    figure = drawn(ahead(**changes))

    texts = [one["text"] for one in figure["layout"]["annotations"]]
    assert "booster window" not in texts
    assert go.Figure(figure).to_plotly_json()


def test_the_corrected_curve_is_the_strongest_of_the_clinics():
    curve = relief.kaplan_meier(spells())
    corrected = pd.DataFrame(
        {"day": [0, 1, 2], "survival": [1, 0.6, 0.2], "lower": 0.1, "upper": 1.0}
    )
    figure = figures.survival_curves(curve, curve, curve, PALETTE, corrected=corrected)

    lines = [one for one in figure["data"] if "line" in one]
    widths = {one["name"]: one["line"]["width"] for one in lines}
    assert widths["Clinic, corrected"] > widths["Clinic, plain"]
    band = figure["data"][0]
    assert band["x"][:3] == [0, 1, 2]


def test_calibration_shows_the_level_it_should_have():
    figure = figures.calibration_bars([0.1] * 9 + [0.3], PALETTE)

    assert figure["layout"]["shapes"][0]["y0"] == 0.1
    assert figure["layout"]["yaxis"]["range"][1] > 0.3
    assert len(set(figure["data"][0]["x"])) == 10
    assert go.Figure(figure).to_plotly_json()


def test_groups_that_are_withheld_are_not_drawn():
    table = pd.DataFrame(
        {
            "group": ["iv", "im"],
            "restricted_mean": [20.0, np.nan],
            "restricted_mean_lower": [15.0, np.nan],
            "restricted_mean_upper": [26.0, np.nan],
        }
    )
    dots = figures.group_intervals(table, 60, PALETTE)["data"][0]

    assert (dots["y"], dots["x"]) == (["iv"], [20.0])
    assert (dots["error_x"]["array"], dots["error_x"]["arrayminus"]) == ([6.0], [5.0])
    empty = figures.group_intervals(table[1:], 60, PALETTE)
    assert "enough patients" in empty["layout"]["annotations"][0]["text"]


def test_coverage_over_time_is_valid_and_leaves_out_what_is_not_known():
    quarters = pd.DataFrame(
        {
            "quarter": ["2026 Q1", "2026 Q2"],
            "share": [0.8, float("nan")],
            "lower": [0.7, float("nan")],
            "upper": [0.95, float("nan")],
        }
    )

    made = figures.coverage_dots(quarters, PALETTE)

    go.Figure(made)
    assert made["data"][0]["x"] == ["2026 Q1"]
    assert made["data"][0]["error_y"]["array"] == [0.15]
    nothing = figures.coverage_dots(quarters[1:], PALETTE)
    assert "No quarter" in nothing["layout"]["annotations"][0]["text"]

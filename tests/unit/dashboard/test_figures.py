"""Figures from hand-made frames, held to Plotly's own schema."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import figures
from tracker import relief

PALETTE = {
    "ink": "#1B2B34",
    "ink-2": "#4A5B66",
    "line": "#D9DFE2",
    "surface": "#FFFFFF",
    "control": "#7A8A94",
    "relief": "#0D6B64",
    "relief-soft": "#D3ECE8",
    "fading": "#A84A06",
    "lost": "#B42318",
    "infusion": "#4338CA",
    "unknown": "#5B6B7B",
    "unknown-soft": "#E6EAEE",
    "font": "sans-serif",
    "series": {
        item: {"colour": "#0067A3", "marker": "circle", "dash": "solid"}
        for item in ("mood", "anxiety", "pain", "sleep_quality", "energy")
    },
}
TODAY = pd.Timestamp("2026-11-24")


@pytest.fixture
def diary() -> pd.DataFrame:
    """Two days, one missing, one more; the last one written late."""
    return pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-11-20", "2026-11-21", "2026-11-23"]),
            "mood": [3.0, 4.0, 6.0],
            "pain": [np.nan, 5.0, 5.0],
            "days_late": [0, 0, 2],
        }
    )


@pytest.fixture
def infusions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-11-19"]),
            "agent": ["ketamine"],
            "dose_mg": [35.0],
            "mg_per_kg": [0.5],
        }
    )


def spells(**columns) -> pd.DataFrame:
    base = {
        "patient_id": "ana",
        "series": 1,
        "last_infusion": pd.Timestamp("2026-11-19"),
        "status": "lost",
        "onset": 1.0,
        "lower": 3.0,
        "upper": 5.0,
        "confirmable": np.nan,
        "pending": 0,
        "criteria_version": "x",
    }
    return pd.DataFrame([base | columns])


def timeline(diary, infusions, spells):
    return figures.timeline(
        diary, infusions, spells, PALETTE, items=["mood", "pain"], today=TODAY
    )


def test_missing_day_is_a_gap_and_never_a_line(diary, infusions):
    mood = timeline(diary, infusions, spells())["data"][0]

    assert mood["y"] == [3.0, 4.0, None, 6.0, None]
    assert (mood["x0"], mood["dx"]) == ("2026-11-20", 24 * 60 * 60 * 1000)
    assert mood["connectgaps"] is False


def test_late_day_has_a_ring_of_its_own(diary, infusions):
    late = next(
        trace
        for trace in timeline(diary, infusions, spells())["data"]
        if trace["name"] == "Written later"
    )

    assert (late["x"], late["customdata"]) == (["2026-11-23"], [2])


def test_relief_is_a_band_with_a_paler_end(diary, infusions):
    shapes = timeline(diary, infusions, spells())["layout"]["shapes"]

    bands = [shape for shape in shapes if shape["type"] == "rect"]
    assert [(band["x0"], band["x1"]) for band in bands] == [
        ("2026-11-20", "2026-11-22"),
        ("2026-11-22", "2026-11-24"),
    ]


def test_scale_shows_zero_and_its_end(diary, infusions):
    low, high = timeline(diary, infusions, spells())["layout"]["yaxis"]["range"]

    assert low <= 0
    assert high >= 10


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("lost", "ended"),
        ("holding", "holding"),
        ("cut_by_infusion", "cut by next infusion"),
        ("cut_by_silence", "cut by silence"),
        ("no_response", "no response"),
        ("not_assessable", "not assessable"),
    ],
)
def test_every_status_is_said_in_words_at_its_bar(status, word):
    figure = figures.relief_bars(spells(status=status), PALETTE)

    said = [text for trace in figure["data"] for text in trace.get("text", [])]
    assert said == [f"  {word}"]


def test_interval_of_a_loss_is_drawn_apart(diary):
    seen, between, *_ = figures.relief_bars(spells(), PALETTE)["data"]

    assert (seen["x"], between["x"]) == ([3.0], [2.0])


def test_curve_is_a_step_that_starts_at_one():
    curve = relief.kaplan_meier(spells())
    figure = figures.survival_curves(curve, curve, curve, PALETTE)

    own, left = figure["data"][-2:]
    assert own["line"]["shape"] == "hv"
    assert left["x"] == [int(day) for day in curve["day"][curve["censored"] > 0]]
    assert (own["x"][0], own["y"][0], own["y"][-1]) == (0, 1.0, 0.0)


@pytest.mark.parametrize("build", ["timeline", "bars", "survival", "message", "empty"])
def test_figures_obey_plotlys_schema(build, diary, infusions):
    curve = relief.kaplan_meier(spells())
    none = spells().iloc[:0]
    made = {
        "timeline": lambda: timeline(diary, infusions, spells()),
        "bars": lambda: figures.relief_bars(spells(), PALETTE),
        "survival": lambda: figures.survival_curves(curve, curve, curve, PALETTE),
        "message": lambda: figures.message(PALETTE, "Nothing yet."),
        "empty": lambda: timeline(diary.iloc[:0], infusions.iloc[:0], none),
    }[build]()

    assert go.Figure(made).to_plotly_json()["layout"]


def test_nothing_to_show_says_so(diary, infusions):
    figure = timeline(diary.iloc[:0], infusions.iloc[:0], spells().iloc[:0])

    assert figure["layout"]["annotations"][0]["text"] == "Nothing is logged yet."


@pytest.mark.parametrize("course_rows", [0, 3])
def test_cycles_are_a_valid_figure_with_the_present_one_bold(course_rows):
    overlaid = pd.DataFrame(
        {"series": [1, 1, 2, 2], "day": [0, 2, 0, 1], "value": [4.0, 5.0, 6.0, 7.0]}
    )
    course = pd.DataFrame(
        {"day": [0, 1, 2], "low": 4.0, "middle": 5.0, "high": 6.0, "n_cycles": 3}
    )[:course_rows]

    made = figures.cycles(overlaid, course, PALETTE, item="mood", name="Mood")

    go.Figure(made)
    present = made["data"][-1]
    assert (present["name"], present["y"]) == ("Series 2", [6.0, 7.0])
    assert made["data"][-2]["y"] == [4.0, None, 5.0]
    assert len(made["data"]) == (5 if course_rows else 2)


def test_no_cycle_says_so():
    nothing = pd.DataFrame({"series": [], "day": [], "value": []})

    made = figures.cycles(nothing, nothing, PALETTE, item="mood", name="Mood")
    assert made["layout"]["annotations"][0]["text"].startswith("Nothing was logged")


def test_group_curves_are_valid_and_named():
    curves = pd.DataFrame(
        {
            "group": ["iv", "iv", "im", "im"],
            "day": [0, 1, 0, 1],
            "survival": [1.0, 0.5, 1.0, 0.8],
            "censored": [0.0, 1.0, 0.0, 0.0],
        }
    )

    made = figures.group_curves(curves, PALETTE)

    go.Figure(made)
    assert [label["text"] for label in made["layout"]["annotations"]] == ["iv", "im"]
    assert made["data"][1]["x"] == [1]


def test_no_group_says_so():
    nothing = pd.DataFrame({"group": [], "day": [], "survival": [], "censored": []})

    made = figures.group_curves(nothing, PALETTE)
    assert "enough patients" in made["layout"]["annotations"][0]["text"]


def test_outcomes_beyond_the_first_are_there_and_hidden(diary, infusions):
    made = figures.timeline(
        diary,
        infusions,
        spells(),
        PALETTE,
        items=["mood", "pain"],
        today=TODAY,
        shown=1,
    )

    go.Figure(made)
    seen = {trace["name"]: trace.get("visible", True) for trace in made["data"]}
    assert (seen["Mood"], seen["Pain"]) == (True, "legendonly")
    labels = {one["text"]: one for one in made["layout"]["annotations"]}
    assert (labels["Mood"]["visible"], labels["Pain"]["visible"]) == (True, False)

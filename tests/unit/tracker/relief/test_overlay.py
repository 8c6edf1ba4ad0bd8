"""Cycles on one axis, and the usual course of the earlier ones."""

import numpy as np
import pandas as pd
import pytest

from tracker import relief

START = pd.Timestamp("2026-01-01")


def spells(*starts: int) -> pd.DataFrame:
    last = [START + pd.Timedelta(days=day) for day in starts]
    return pd.DataFrame(
        {
            "series": range(1, len(last) + 1),
            "last_infusion": last,
            "next_infusion": [*last[1:], pd.NaT][: len(last)],
        }
    )


def diary(values: dict[int, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": [START + pd.Timedelta(days=day) for day in values],
            "mood": list(values.values()),
        }
    )


def test_a_day_belongs_to_the_series_that_began_last():
    found = relief.overlay_cycles(
        diary({-1: 2, 0: 5, 9: 6, 10: 7, 12: 8}), spells(0, 10), "mood"
    )

    assert found.to_numpy().tolist() == [
        [1, 0, 5], [1, 9, 6], [2, 0, 7], [2, 2, 8]
    ]  # fmt: skip


def test_blank_days_are_left_out():
    found = relief.overlay_cycles(diary({0: 5, 1: np.nan}), spells(0), "mood")

    assert found["day"].tolist() == [0]


def test_usual_course_is_of_the_earlier_cycles():
    values = {10 * n + day: 4.0 + n for n in range(4) for day in range(5)}
    overlaid = relief.overlay_cycles(diary(values), spells(0, 10, 20, 30), "mood")

    course = relief.usual_course(overlaid).set_index("day")
    assert course.loc[2, ["low", "middle", "high", "n_cycles"]].tolist() == [
        4.5, 5.0, 5.5, 3
    ]  # fmt: skip
    # Day 5 borrows from day 4; nobody logged near day 6.
    assert course.index.tolist() == [0, 1, 2, 3, 4, 5]


def test_two_earlier_cycles_make_no_usual_course():
    values = {10 * n + day: 5.0 for n in range(3) for day in range(5)}
    overlaid = relief.overlay_cycles(diary(values), spells(0, 10, 20), "mood")

    assert relief.usual_course(overlaid).empty


def test_nothing_gives_empty_frames():
    nothing = relief.overlay_cycles(diary({}), spells(), "mood")

    assert nothing.empty
    assert relief.usual_course(nothing).empty


def test_unknown_item_is_refused():
    with pytest.raises(ValueError, match="item must be one of"):
        relief.overlay_cycles(diary({}), spells(0), "hope")


def test_days_between_the_infusions_of_a_series_belong_to_none():
    two = spells(0, 20)
    # The second series began ten days before its last infusion.
    two["next_infusion"] = [START + pd.Timedelta(days=10), pd.NaT]

    found = relief.overlay_cycles(diary({9: 5, 10: 6, 19: 7, 20: 8}), two, "mood")
    assert found[["series", "day"]].to_numpy().tolist() == [[1, 9], [2, 0]]

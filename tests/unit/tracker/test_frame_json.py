"""Stored frames come back as they were."""

import json

import numpy as np
import pandas as pd

from tracker.frame_json import frame_from_json, frame_to_json


def test_frame_comes_back_with_its_kinds_gaps_and_figures():
    frame = pd.DataFrame(
        {
            "group": pd.Categorical(["iv", "im"]),
            "n": np.array([12, 7]),
            "share": [0.25, np.nan],
            "end": [np.inf, 3.5],
            "unknown": [np.nan, np.nan],
        }
    )
    frame.attrs = {"left_out": 3, "weights": "infusion", "median": np.inf}

    back = frame_from_json(
        json.loads(json.dumps(frame_to_json(frame), allow_nan=False))
    )

    assert back["group"].tolist() == ["iv", "im"]
    pd.testing.assert_frame_equal(
        back.drop(columns="group"), frame.drop(columns="group")
    )
    assert back.attrs == frame.attrs


def test_empty_frame_keeps_its_columns():
    frame = pd.DataFrame({"group": [], "survival": []})

    assert list(frame_from_json(frame_to_json(frame)).columns) == ["group", "survival"]

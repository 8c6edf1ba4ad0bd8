"""Side effects by when they were reported."""

import pandas as pd

from tracker import relief

START = pd.Timestamp("2026-01-01")


def reports(*rows: tuple[str, int, str | None, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["patient_id", "date", "code", "severity"])
    frame["date"] = START + pd.to_timedelta(frame["date"], "D")
    return frame


def infusions(*rows: tuple[str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["patient_id", "date", "end_date"])
    for name in ("date", "end_date"):
        frame[name] = START + pd.to_timedelta(frame[name], "D")
    return frame


def test_each_day_lies_in_one_window():
    found = relief.by_window(
        reports(
            ("ana", -1, "nausea", 1.0),
            ("ana", 0, "nausea", 1.0),
            ("ana", 1, "nausea", 2.0),
            ("ana", 3, "nausea", 1.0),
            ("ana", 4, "nausea", 3.0),
        ),
        infusions(("ana", 0, 0)),
    )

    told = found.set_index("window")[["days", "worst"]].to_numpy().tolist()
    assert found["window"].tolist() == ["same_day", "days_after", "between"]
    assert told == [[1, 1], [2, 2], [1, 3]]


def test_days_of_a_long_infusion_are_its_own():
    found = relief.by_window(
        reports(("ana", 2, "nausea", 1.0), ("ana", 5, "nausea", 1.0)),
        infusions(("ana", 0, 4)),
    )

    assert found["window"].tolist() == ["same_day", "days_after"]


def test_next_infusion_begins_the_windows_again():
    found = relief.by_window(
        reports(("ana", 10, "nausea", 1.0)), infusions(("ana", 0, 0), ("ana", 10, 10))
    )

    assert found["window"].tolist() == ["same_day"]


def test_days_asked_count_those_without_any():
    told = reports(
        ("ana", 0, None, float("nan")), ("ana", 1, "nausea", 1.0),
        ("ana", 1, "headache", 1.0), ("ben", 2, None, float("nan")),
    )  # fmt: skip
    given = infusions(("ana", 0, 0), ("ben", 0, 0))

    assert relief.asked_by_window(told, given) == {
        "same_day": 1, "days_after": 2, "between": 0
    }  # fmt: skip
    found = relief.by_window(told, given)
    assert found["patients_asked"].tolist() == [2, 2]
    assert found["days_asked"].tolist() == [2, 2]


def test_who_had_no_infusion_has_no_window():
    told = reports(("ben", 0, "nausea", 1.0))

    assert relief.by_window(told, infusions(("ana", 0, 0))).empty


def test_worst_of_a_series_runs_to_three_days_after_its_last_infusion():
    spells = pd.DataFrame(
        {
            "series": [1, 2, 3],
            "start": START + pd.to_timedelta([0, 30, 60], "D"),
            "last_infusion": START + pd.to_timedelta([10, 30, 60], "D"),
        }
    )
    told = reports(
        ("ana", 0, "nausea", 1.0), ("ana", 13, "headache", 3.0),
        ("ana", 13, "nausea", 2.0), ("ana", 14, "seizure", 3.0),
        ("ana", 31, None, float("nan")),
    )  # fmt: skip

    found = relief.worst_by_series(told, spells)
    assert found["codes"].tolist() == [("headache", "nausea"), (), ()]
    assert found["days_asked"].tolist() == [2, 1, 0]
    assert found["worst"].tolist()[:2] == [3.0, 0.0]
    assert found["worst"].isna().tolist() == [False, False, True]

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    DAY_ZERO,
    PAIN,
    clinic,
    day,
    diary_of,
    infusions_of,
)
from tracker import relief
from tracker.relief.panel import PATIENT_BITS, read_panel

DIARY = diary_of({-2: 8.0, -1: 8.0, 1: 3.0, 2: 3.0})
INFUSIONS = infusions_of([0])


def changed(frame, column, values):
    return frame.assign(**{column: values})


def at_noon(frame):
    return changed(frame, "date", frame["date"] + pd.Timedelta(hours=12))


def in_utc(frame):
    return changed(frame, "date", frame["date"].dt.tz_localize("UTC"))


def first_missing(frame, column):
    return changed(frame, column, frame[column].where(frame.index > 0))


BAD_DIARIES = {
    "no-item": (DIARY.drop(columns="pain"), "diary must have the column pain"),
    "no-date": (DIARY.drop(columns="date"), "diary must have the column date"),
    "no-patient": (
        DIARY.drop(columns="patient_id"),
        "diary must have the column patient_id",
    ),
    "twice-a-day": (
        pd.concat([DIARY, DIARY[:1]]),
        "one row a patient and date, was twice on 2025-02-27",
    ),
    "twice-a-day-one-blank": (
        pd.concat([DIARY, changed(DIARY[:1], "pain", np.nan)]),
        "one row a patient and date",
    ),
    "infinite": (
        changed(DIARY, "pain", np.inf),
        "diary pain must lie in 0 to 10, was inf",
    ),
    "above": (changed(DIARY, "pain", 10.5), "diary pain must lie in 0 to 10, was 10.5"),
    "below": (changed(DIARY, "pain", -1), "diary pain must lie in 0 to 10, was -1.0"),
    "text": (changed(DIARY, "pain", "8"), "diary pain must be numeric, was str"),
    "truth-values": (
        changed(DIARY, "pain", True),
        "diary pain must be numeric, was bool",
    ),
    "time-zone": (in_utc(DIARY), "diary date must be naive local days, was .*UTC"),
    "time-of-day": (at_noon(DIARY), "diary date must be whole days, was 2025-02-27T12"),
    "date-as-text": (
        changed(DIARY, "date", "2025-03-01"),
        "diary date must be datetime64, was str",
    ),
    "no-day": (first_missing(DIARY, "date"), "diary date must not be missing"),
    "nobody": (
        first_missing(DIARY, "patient_id"),
        "diary patient_id must not be missing",
    ),
    "far-away": (
        changed(DIARY[:1], "date", np.datetime64("5025-03-01", "s")),
        "diary date must be within the years 600 to 3300, was 5025-03-01",
    ),
}
BAD_INFUSIONS = {
    "no-date": (
        INFUSIONS.drop(columns="date"),
        "infusions must have the column date",
    ),
    "time-zone": (in_utc(INFUSIONS), "infusions date must be naive local days"),
    "time-of-day": (at_noon(INFUSIONS), "infusions date must be whole days"),
    "nobody": (
        first_missing(INFUSIONS, "patient_id"),
        "infusions patient_id must not be missing",
    ),
    "ends-before": (
        changed(INFUSIONS, "end_date", day(-1)),
        "infusions end_date must not precede date, was 2025-02-28",
    ),
    "end-as-text": (
        changed(INFUSIONS, "end_date", "tomorrow"),
        "infusions end_date must be datetime64, was str",
    ),
    "dose-as-text": (
        changed(INFUSIONS, "dose_mg", "forty"),
        "infusions dose_mg must be numeric, was str",
    ),
    "endless-dose": (
        changed(INFUSIONS, "mg_per_kg", np.inf),
        "infusions mg_per_kg must be finite and 0 or more, was inf",
    ),
    "negative-dose": (
        changed(INFUSIONS, "dose_mg", -40.0),
        "infusions dose_mg must be finite and 0 or more, was -40.0",
    ),
}


def cases(table):
    return [pytest.param(*case, id=name) for name, case in table.items()]


@pytest.mark.parametrize(("diary", "message"), cases(BAD_DIARIES))
def test_a_bad_diary_is_refused(diary, message):
    with pytest.raises(ValueError, match=message):
        relief.find_spells(diary, INFUSIONS, PAIN)
    with pytest.raises(ValueError, match=message):
        relief.estimate_population(diary, INFUSIONS, PAIN)


@pytest.mark.parametrize(("infusions", "message"), cases(BAD_INFUSIONS))
def test_bad_infusions_are_refused(infusions, message):
    with pytest.raises(ValueError, match=message):
        relief.find_spells(DIARY, infusions, PAIN)


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        pytest.param(pd.Series({"ben": day(3)}), "1 are missing", id="patient-missing"),
        pytest.param(
            pd.Series([day(3), day(4)], ["ana", "ana"]), "is twice there", id="twice"
        ),
        pytest.param(pd.Series({"ana": pd.NaT}), "must not be missing", id="no-date"),
        pytest.param(
            day(3) + pd.Timedelta(hours=1), "as_of must be whole days", id="time-of-day"
        ),
        pytest.param(
            pd.Timestamp("2025-03-04", tz="UTC"), "as_of must be naive", id="time-zone"
        ),
        pytest.param(pd.NaT, "as_of must", id="not-a-time"),
    ],
)
def test_a_bad_as_of_is_refused(as_of, message):
    with pytest.raises(ValueError, match=message):
        relief.find_spells(DIARY, INFUSIONS, PAIN, as_of=as_of)


@pytest.mark.parametrize(
    "as_of",
    [
        pytest.param(DAY_ZERO.date(), id="date"),
        pytest.param("2025-03-01", id="text"),
        pytest.param(np.datetime64("2025-03-01"), id="numpy"),
        pytest.param(DAY_ZERO, id="timestamp"),
    ],
)
def test_as_of_may_be_any_kind_of_date(as_of):
    found = relief.find_spells(DIARY, INFUSIONS, PAIN, as_of=as_of)

    assert found["days_expected"].tolist() == [0]


def test_all_empty_dose_columns_are_no_error():
    infusions = INFUSIONS.assign(dose_mg=None, agent=None, end_date=None, course=None)
    found = relief.find_spells(DIARY, infusions, PAIN)

    assert found[["dose_mg", "agent"]].isna().all(axis=None)


@pytest.mark.parametrize("years_apart", [0, 40])
def test_rows_in_any_order_are_sorted(years_apart):
    """Close together and far apart, as the two are sorted in different ways."""
    diary, infusions = clinic(3, n_patients=6)
    last = diary["patient_id"] == 5
    diary.loc[last, "date"] -= pd.Timedelta(days=365 * years_apart)
    read = read_panel(diary, infusions, PAIN, None)
    ordered = diary.sort_values(["patient_id", "date"]).dropna(subset="pain")

    assert len(read.key) == len(ordered)
    assert (np.diff(read.key) > 0).all()
    for patient, days in ordered.groupby("patient_id"):
        number = list(read.everyone).index(patient)
        own = read.key >> PATIENT_BITS == number
        np.testing.assert_array_equal(read.burden[own], days["pain"])
    with pytest.raises(ValueError, match="one row a patient and date, was twice"):
        read_panel(pd.concat((diary, diary[:1])), infusions, PAIN, None)

"""An outlook hangs on what the record says, not on how it is written down."""

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.contract import check_contract
from tests.unit.tracker.relief.frames import (
    day,
)


def test_as_of_may_be_one_date_or_a_date_a_patient(model, frames):
    patients = range(24)
    dates = pd.Series([day(20 + patient) for patient in patients], index=patients)
    table = model.forecast(*frames, dates)
    for patient in (0, 7, 23):
        one = model.forecast(*frames, dates[patient])
        pd.testing.assert_frame_equal(table.iloc[[patient]], one.iloc[[patient]])
        np.testing.assert_array_equal(
            table.attrs["survival"][patient], one.attrs["survival"][patient]
        )
    shuffled = model.forecast(*frames, dates.sample(frac=1, random_state=0))
    pd.testing.assert_frame_equal(table, shuffled)


def test_without_as_of_the_last_date_of_either_frame_counts(model, frames):
    diary, infusions = frames
    last = max(diary["date"].max(), infusions["date"].max())
    pd.testing.assert_frame_equal(
        model.forecast(diary, infusions), model.forecast(diary, infusions, last)
    )


def test_as_of_must_name_every_patient(model, frames):
    with pytest.raises(ValueError, match="as_of must date every patient, 23 are"):
        model.forecast(*frames, pd.Series([day(20)], index=[0]))


def test_rows_after_as_of_change_nothing(model, frames):
    diary, infusions = frames
    until = day(40)
    table = model.forecast(diary, infusions, until)
    early = diary[diary["date"] <= until], infusions[infusions["date"] <= until]
    known = model.forecast(*early, until)
    pd.testing.assert_frame_equal(table, known)
    np.testing.assert_array_equal(table.attrs["survival"], known.attrs["survival"])
    changed = diary.copy()
    changed.loc[changed["date"] > until, "pain"] = 0.0
    pd.testing.assert_frame_equal(table, model.forecast(changed, infusions, until))


def test_inputs_are_not_changed(model, frames):
    diary, infusions = frames
    before = diary.copy(deep=True), infusions.copy(deep=True)
    model.forecast(diary, infusions, day(40))
    pd.testing.assert_frame_equal(diary, before[0])
    pd.testing.assert_frame_equal(infusions, before[1])


def test_empty_frames_give_an_empty_outlook(model, frames):
    diary, infusions = frames
    table = model.forecast(diary.iloc[:0], infusions.iloc[:0])
    assert len(table) == 0
    whole = model.forecast(diary, infusions)
    pd.testing.assert_series_equal(table.dtypes, whole.dtypes)
    check_contract(table)


def test_patients_without_infusions_have_no_series(model, frames):
    diary, infusions = frames
    table = model.forecast(diary, infusions[infusions["patient_id"] >= 2], day(40))
    assert table["patient_id"].tolist() == list(range(24))
    assert table["state"][:2].tolist() == ["no series"] * 2
    pd.testing.assert_frame_equal(
        table.iloc[2:], model.forecast(diary, infusions, day(40)).iloc[2:]
    )
    check_contract(table)
    nobody = model.forecast(diary, infusions.iloc[:0], day(40))
    assert set(nobody["reason"]) == {"no_series"}
    check_contract(nobody)


def test_infusions_without_logs_have_the_clinics_baseline(model, frames):
    diary, infusions = frames
    table = model.forecast(diary.iloc[:0], infusions, day(5))
    assert set(table["reason"]) == {"weak_baseline"}
    assert table["baseline"].tolist() == [model.population.mean] * 24
    check_contract(table)


def test_an_infusion_written_twice_counts_once(model, frames):
    diary, infusions = frames
    table = model.forecast(diary, infusions, day(40))
    twice = model.forecast(diary, pd.concat((infusions, infusions)), day(40))
    pd.testing.assert_frame_equal(table, twice)


def relabelled(frames, labels):
    return tuple(
        frame.assign(
            patient_id=pd.Series(
                [labels[patient] for patient in frame["patient_id"]], frame.index
            )
        )
        for frame in frames
    )


LABELS = {
    "strings": [f"patient {(number * 7) % 24:02d}" for number in range(24)],
    "tuples": [("clinic", (number * 5) % 24) for number in range(24)],
    "other numbers": [1000 - number for number in range(24)],
    "kinds that do not compare": [
        number if number % 2 else f"p{number}" for number in range(24)
    ],
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_patients_may_be_called_anything(model, frames, labels):
    plain = model.forecast(*frames, day(40))
    found = model.forecast(*relabelled(frames, labels), day(40))
    rows = [found["patient_id"].tolist().index(label) for label in labels]
    np.testing.assert_array_equal(
        found.attrs["survival"][rows], plain.attrs["survival"]
    )
    pd.testing.assert_frame_equal(
        found.iloc[rows].drop(columns="patient_id").reset_index(drop=True),
        plain.drop(columns="patient_id"),
    )


def test_the_order_of_rows_does_not_matter(model, frames):
    diary, infusions = frames
    plain = model.forecast(diary, infusions, day(40))
    shuffled = model.forecast(
        diary.sample(frac=1, random_state=1),
        infusions.sample(frac=1, random_state=2),
        day(40),
    )
    pd.testing.assert_frame_equal(plain, shuffled)
    np.testing.assert_array_equal(plain.attrs["survival"], shuffled.attrs["survival"])


@pytest.mark.parametrize("days", [-30_000, 1, 9_000])
def test_a_shift_of_all_dates_shifts_the_dates_alone(model, frames, days):
    diary, infusions = frames
    shift = pd.Timedelta(days=days)
    plain = model.forecast(diary, infusions, day(40))
    moved = model.forecast(
        diary.assign(date=diary["date"] + shift),
        infusions.assign(date=infusions["date"] + shift),
        day(40) + shift,
    )
    dates = ["series_start", "last_infusion"]
    moved[dates] = moved[dates] - shift
    pd.testing.assert_frame_equal(plain, moved)
    np.testing.assert_array_equal(plain.attrs["survival"], moved.attrs["survival"])


def test_the_same_records_give_the_same_bytes(model, frames):
    one = model.forecast(*frames, day(40)).attrs["survival"].tobytes()
    assert one == model.forecast(*frames, day(40)).attrs["survival"].tobytes()


def test_a_patient_is_foreseen_as_if_alone(model, frames):
    diary, infusions = frames
    everyone = model.forecast(diary, infusions, day(40))
    for patient in range(24):
        alone = model.forecast(
            diary[diary["patient_id"] == patient],
            infusions[infusions["patient_id"] == patient],
            day(40),
        )
        np.testing.assert_allclose(
            alone.attrs["survival"][0], everyone.attrs["survival"][patient], atol=1e-7
        )

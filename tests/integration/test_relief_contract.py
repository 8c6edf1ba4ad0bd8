"""The relief engine's contract, from a pair of CSV files and from the database."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from tests.factories import NOW, give_infusion, save_entry
from tracker import relief
from tracker.frames import diary_frame, infusion_frame
from tracker.relief.command import main
from tracker.relief.command.read import read_diary, read_infusions

FIRST = NOW.date() - timedelta(days=90)
LAST_DAY = {"ana": 75, "ben": 62}
COLUMNS = ["patient_id", "series", "start", "last_infusion", "n_infusions", "baseline",
           "baseline_days", "status", "onset", "lower", "upper", "confirmable",
           "days_logged"]  # fmt: skip


def mood(day, rng):
    """Bad before, good after each of two infusions, fading over three weeks."""
    if day <= 0:
        return int(rng.integers(1, 4))
    since = day if day <= 40 else day - 40
    return int(np.clip(np.rint(8 - since / 5 + rng.normal(0, 0.7)), 0, 10))


@pytest.fixture
def recorded(ana, ben, nurse_nora):
    rng = np.random.default_rng(8)
    for patient, last in ((ana, LAST_DAY["ana"]), (ben, LAST_DAY["ben"])):
        for day in (0, 40):
            give_infusion(patient, nurse_nora, FIRST + timedelta(days=day))
        for day in range(-12, last):
            # A day in seven is left out.
            if day % 7 != 3:
                save_entry(patient, FIRST + timedelta(days=day), mood=mood(day, rng))
    return [ana.pk, ben.pk]


@pytest.fixture
def from_database(recorded):
    return diary_frame(recorded), infusion_frame(recorded)


@pytest.fixture
def files(from_database, tmp_path):
    diary, infusions = from_database
    paths = [tmp_path / "diary.csv", tmp_path / "infusions.csv"]
    diary[["patient_id", "date", "mood", "late"]].to_csv(paths[0], index=False)
    kept = ["patient_id", "date", "end_date", "course", "agent", "route", "dose_mg",
            "mg_per_kg", "unfinished"]  # fmt: skip
    infusions[kept].to_csv(paths[1], index=False)
    return paths


def contract(diary, infusions):
    """Every call as it is promised."""
    criteria = relief.Criteria(item="mood", higher_is="better")
    spells = relief.find_spells(diary, infusions, criteria, as_of=None, population=None)
    curves = [relief.kaplan_meier(spells, weights=w) for w in ("infusion", "patient")]
    model = relief.ReliefModel.fit(diary, infusions, criteria, as_of=None)
    days = diary.groupby("patient_id")["date"].max()
    outlook = model.forecast(diary, infusions, as_of=days)
    return spells, curves, outlook


def same(found, expected):
    """Keys are text in a file and UUIDs in the database."""
    found, expected = (
        frame.assign(patient_id=frame["patient_id"].map(str))
        for frame in (found, expected)
    )
    found.attrs.clear()
    expected.attrs.clear()
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)


def test_contract_gives_the_same_from_files_and_from_the_database(from_database, files):
    criteria = relief.Criteria(item="mood", higher_is="better")
    stored = contract(*from_database)
    read = contract(read_diary(files[0], criteria), read_infusions(files[1]))

    assert set(COLUMNS) <= set(stored[0].columns)
    assert (stored[0]["status"] == "lost").any()
    same(read[0], stored[0])
    for found, expected in zip(read[1], stored[1], strict=True):
        pd.testing.assert_frame_equal(found, expected)
    same(read[2], stored[2])
    survival = stored[2].attrs["survival"]
    assert survival.shape == (2, 181)
    assert (np.diff(survival, axis=1) <= 0).all()
    np.testing.assert_allclose(read[2].attrs["survival"], survival, rtol=1e-9)


def test_command_writes_the_spells_of_the_database(from_database, files, tmp_path):
    arguments = [*map(str, files), "--item", "mood", "--quiet", "--no-report"]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    written = pd.read_csv(tmp_path / "out" / "spells.csv")
    found = relief.find_spells(*from_database, relief.Criteria.for_item("mood"))
    assert written["patient_id"].tolist() == found["patient_id"].map(str).tolist()
    for name in ("status", "lower", "upper", "baseline"):
        assert written[name].tolist() == found[name].tolist(), name

"""Files as spreadsheets write them, and errors that name their place."""

import pandas as pd
import pytest

from tracker import relief
from tracker.relief.command import main
from tracker.relief.command.read import read_diary, read_infusions

MOOD = relief.Criteria()
DIARY = "patient_id,date,mood\nana,2026-03-01,4\nana,2026-03-02,5\n"
INFUSIONS = "patient_id,date\nana,2026-03-03\n"


@pytest.fixture
def folder(tmp_path):
    def write(diary=DIARY, infusions=INFUSIONS):
        as_bytes = [
            text if isinstance(text, bytes) else text.encode()
            for text in (diary, infusions)
        ]
        (tmp_path / "diary.csv").write_bytes(as_bytes[0])
        (tmp_path / "infusions.csv").write_bytes(as_bytes[1])
        return tmp_path

    return write


@pytest.mark.parametrize(
    "text",
    [
        "patient_id,date,mood\n007,2026-03-01,4.5\n007,2026-03-02,\n",
        "\ufeffpatient_id,date,mood\r\n007,2026-03-01,4.5\r\n007,2026-03-02,\r\n",
        "Patient ID;Date;Mood\n007;2026-03-01;4,5\n\n007;2026-03-02;\n",
        "Fecha\tPaciente\tÁnimo\n2026-03-01\t007\t4,5\n2026-03-02\t007\t\n",
        'mood,note,patient_id,date\n4.5,"a\nb",007,2026-03-01\n,x,007,2026-03-02\n',
    ],
)
def test_dialects_are_read_alike(folder, text):
    frame = read_diary(folder(text) / "diary.csv", MOOD)
    expected = pd.DataFrame(
        {
            "patient_id": pd.Series(["007"] * 2, dtype=object),
            "date": pd.to_datetime(["2026-03-01", "2026-03-02"]).astype("datetime64[us]"),
            "mood": [4.5, float("nan")],
        }
    )  # fmt: skip
    pd.testing.assert_frame_equal(frame[list(expected)], expected)


def test_infusions_keep_what_is_known(folder):
    text = (
        "patient,date,end_date,course,agent,route,dose_mg,mg_per_kg,unfinished\n"
        "ana,2026-03-01,2026-03-05,first,ketamine,iv,40,\"0,5\",yes\n"
        "ana,2026-04-01,,,,,,,\n"
    )  # fmt: skip
    frame = read_infusions(folder(infusions=text) / "infusions.csv")
    assert frame["end_date"].isna().tolist() == [False, True]
    assert frame["course"].isna().tolist() == [False, True]
    assert frame["mg_per_kg"].iloc[0] == 0.5
    assert frame["unfinished"].tolist() == [True, False]


HEAD = "patient_id,date,mood\n"


@pytest.mark.parametrize(
    ("diary", "words"),
    [
        ("", ["diary.csv", "empty"]),
        ("patient_id,date\n", ["line 1", "column mood", "must be there"]),
        ("patient_id,day,date,mood\n", ["column date", "must stand once"]),
        (HEAD + "ana,2026-03-01,high\n", ["line 2", "column mood", "number", "'high'"]),
        (HEAD + "ana,2026-03-01,11\n", ["line 2", "column mood", "0 to 10", "'11'"]),
        (HEAD + "ana,2026-03-01,inf\n", ["line 2", "column mood", "'inf'"]),
        (HEAD + "ana,2026-03-01,nan\n", ["line 2", "column mood", "'nan'"]),
        (HEAD + "ana,01/03/2026,4\n", ["line 2", "column date", "'01/03/2026'"]),
        (HEAD + "ana,2026-02-30,4\n", ["line 2", "column date", "'2026-02-30'"]),
        (HEAD + "ana,2026-03-01T08:00Z,4\n", ["line 2", "column date", "T08:00Z"]),
        (HEAD + "ana,2026-03-01,4\n\n,2026-03-02,4\n", ["line 4", "patient_id", "blank"]),
        (HEAD + "ana,2026-03-01,4\nana,2026-03-01,5\n", ["line 3", "line 2", "once"]),
        (HEAD + "ana,2026-03-01,4,5\n", ["line 2", "3 cells", "was 4"]),
        (HEAD + 'ana,2026-03-01,"4\n', ["diary.csv", "quotation marks|unexpected end"]),
        (b"\xff\xfea", ["diary.csv"]),
    ],
)  # fmt: skip
def test_bad_diaries_are_refused_with_their_place(folder, capsys, diary, words):
    place = folder(diary)
    said = refusal(place, capsys)
    for word in words:
        assert any(part in said for part in word.split("|")), said


def refusal(place, capsys, *more):
    files = [str(place / "diary.csv"), str(place / "infusions.csv")]
    assert main([*files, "--item", "mood", "--quiet", *more]) == 2
    assert sorted(path.name for path in place.iterdir()) == [
        "diary.csv",
        "infusions.csv",
    ]
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("infusions", "words"),
    [
        ("patient_id,date,end_date\nana,2026-03-05,2026-03-01\n", ["line 2", "end_date"]),
        ("patient_id,date,dose_mg\nana,2026-03-05,-4\n", ["line 2", "dose_mg", "'-4'"]),
        ("patient_id,date,dose_mg\nana,2026-03-05,0\n", ["line 2", "dose_mg", "'0'"]),
        ("patient_id,date,unfinished\nana,2026-03-05,maybe\n", ["unfinished", "'maybe'"]),
    ],
)  # fmt: skip
def test_bad_infusions_are_refused_with_their_place(folder, capsys, infusions, words):
    said = refusal(folder(infusions=infusions), capsys)
    assert all(word in said for word in ["infusions.csv", *words]), said


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (["--cost-late", "0"], "cost_late"),
        (["--min-interval", "999"], "min_interval_days"),
        (["--preset", "phq9"], "preset"),
    ],
)
def test_bad_choices_are_refused(folder, capsys, more, word):
    assert word in refusal(folder(), capsys, *more)


def test_a_missing_file_is_named(folder, capsys):
    place = folder()
    files = [str(place / "nobody.csv"), str(place / "infusions.csv")]
    assert main([*files, "--item", "mood", "--quiet"]) == 2
    assert "nobody.csv" in capsys.readouterr().err


def test_weekly_scores_have_spells_and_no_forecast(folder, capsys):
    place = folder("patient_id,date,phq9\nana,2026-03-01,20\n")
    files = [str(place / "diary.csv"), str(place / "infusions.csv")]
    assert main([*files, "--item", "phq9", "--quiet"]) == 0
    names = sorted(path.name for path in (place / "relief-phq9").iterdir())
    assert "spells.csv" in names
    assert "forecasts.csv" not in names
    assert "No forecasts" in capsys.readouterr().out

"""`python -m tracker.relief`: the same numbers as the functions, from two files."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.unit.tracker.relief.simulated import Clinic
from tracker import relief
from tracker.relief.command import main
from tracker.relief.command.palette import DARK, LIGHT

ROOT = Path(__file__).resolve().parents[4]
PAIN = relief.Criteria.for_item("pain")
AS_OF = "2025-04-10"
ALL = ["curves.csv", "curves.json", "forecasts.csv", "forecasts.json", "report.html",
       "spells.csv", "spells.json"]  # fmt: skip


@pytest.fixture(scope="module")
def clinic():
    clinic = Clinic(5, 8, n_cycles=3, missing=0.2)
    for frame in (clinic.diary, clinic.infusions):
        frame["patient_id"] = [f"<p{number}>" for number in frame["patient_id"]]
    return clinic


@pytest.fixture(scope="module")
def files(clinic, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinic")
    clinic.diary.to_csv(folder / "diary.csv", index=False)
    clinic.infusions.to_csv(folder / "infusions.csv", index=False)
    return [str(folder / "diary.csv"), str(folder / "infusions.csv")]


@pytest.fixture(scope="module")
def written(files, tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "pain"
    arguments = [*files, "--item", "pain", "--as-of", AS_OF, "--out", str(out)]
    result = python("-m", "tracker.relief", *arguments)
    assert result.returncode == 0, result.stderr
    return out, result


def python(*arguments):
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_all_files_are_written_and_nothing_else(written):
    out, result = written
    assert sorted(path.name for path in out.iterdir()) == ALL
    assert [path.name for path in out.parent.iterdir()] == ["pain"]
    assert "pain: " in result.stdout
    assert "Median corrected for boosters given early" in result.stdout
    assert "Forecasting" in result.stderr


def test_spells_are_what_the_function_finds(written, clinic):
    found = relief.find_spells(clinic.diary, clinic.infusions, PAIN, AS_OF)
    read = pd.read_csv(
        written[0] / "spells.csv", parse_dates=["start", "last_infusion"]
    )
    assert (read["criteria_version"] == PAIN.version).all()
    for name in ("patient_id", "series", "start", "status", "lower", "upper"):
        pd.testing.assert_series_equal(
            read[name], found[name], check_dtype=False, check_exact=True
        )
    rows = json.loads((written[0] / "spells.json").read_text())["spells"]
    assert [row["status"] for row in rows] == list(found["status"])
    assert {row["upper"] for row in rows} >= {"inf"}


def test_forecasts_are_what_the_model_gives(written, clinic):
    model = relief.ReliefModel.fit(clinic.diary, clinic.infusions, PAIN, AS_OF)
    outlook = model.forecast(clinic.diary, clinic.infusions, AS_OF)
    read = pd.read_csv(written[0] / "forecasts.csv")
    for name in ("patient_id", "q10", "q50", "q90", "window_from", "best_day"):
        pd.testing.assert_series_equal(
            read[name], outlook[name], check_dtype=False, check_exact=True
        )
    rows = json.loads((written[0] / "forecasts.json").read_text())["forecasts"]
    assert rows[0]["survival"] == outlook.attrs["survival"][0].tolist()


def test_curves_hold_the_estimate_and_its_correction(written, clinic):
    spells = relief.find_spells(clinic.diary, clinic.infusions, PAIN, AS_OF)
    read = pd.read_csv(written[0] / "curves.csv")
    curve = relief.kaplan_meier(spells)
    assert read["survival"].dropna().tolist() == curve["survival"].tolist()
    assert len(read["corrected_survival"].dropna()) == 181


def test_costs_move_the_window(files, tmp_path):
    best = []
    for cost in ("1", "9"):
        out = tmp_path / cost
        run(files, out, "--cost-late", cost, "--no-report", "--format", "csv")
        best.append(pd.read_csv(out / "forecasts.csv")["best_day"].sum())
        assert sorted(path.suffix for path in out.iterdir()) == [".csv"] * 3
    assert best[1] < best[0]


def run(files, out, *more):
    arguments = [*files, "--item", "pain", "--quiet", "--as-of", AS_OF]
    assert main([*arguments, "--out", str(out), *more]) == 0


def test_same_files_same_bytes(written, files, tmp_path, capsys):
    run(files, tmp_path / "again")
    assert capsys.readouterr().err == ""
    for name in ALL:
        again = (tmp_path / "again" / name).read_bytes()
        assert again == (written[0] / name).read_bytes(), name


def test_earlier_results_stay_unless_forced(files, tmp_path, capsys):
    (tmp_path / "spells.csv").write_text("mine")
    arguments = [*files, "--item", "pain", "--quiet", "--out", str(tmp_path)]
    assert main(arguments) == 2
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "spells.csv").read_text() == "mine"
    assert main([*arguments, "--force"]) == 0
    assert (tmp_path / "spells.csv").read_text() != "mine"


def test_the_report_fetches_nothing_and_escapes_names(written):
    page = (written[0] / "report.html").read_text()
    shell = page.replace(page[page.index("<script>/**") :], "")
    assert "http" not in shell.replace("http-equiv", "")
    assert "default-src 'none'" in shell
    assert "&lt;p0&gt;" in shell
    assert "<p0>" not in page
    assert relief.CORRECTION.replace("'", "&#x27;") in shell


def test_colours_are_those_of_the_product():
    tokens = json.loads((ROOT / "pwa" / "tokens.json").read_text())
    for name, palette in (("light", LIGHT), ("dark", DARK)):
        assert dict(palette).items() <= tokens[name].items()


def test_empty_files_give_empty_results(tmp_path):
    (tmp_path / "diary.csv").write_text("patient_id,date,pain\n")
    (tmp_path / "infusions.csv").write_text("patient_id,date\n")
    files = [str(tmp_path / "diary.csv"), str(tmp_path / "infusions.csv")]
    assert main([*files, "--item", "pain", "--quiet"]) == 0
    out = tmp_path / "relief-pain"
    assert sorted(path.name for path in out.iterdir()) == ALL
    assert pd.read_csv(out / "spells.csv").empty
    assert "No relief has been seen" in (out / "report.html").read_text()


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import tracker.relief", "django dash plotly tqdm matplotlib"),
        ("import tracker.relief.command", "django dash plotly tqdm matplotlib"),
        ("import tracker.relief.command.read", "django dash plotly tqdm matplotlib"),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_asked_for(code, heavy):
    loaded = python(
        "-c", f"{code}, sys; print(set('{heavy}'.split()) & set(sys.modules))"
    )
    assert loaded.stdout.strip() == "set()", loaded.stderr


def test_a_run_without_report_loads_neither_charts_nor_bar(files, tmp_path):
    code = (
        "import sys; from tracker.relief.command import main; "
        f"main({[*files, '--item', 'pain', '--quiet', '--no-report', '--out', str(tmp_path)]}); "
        "print({'django', 'plotly', 'tqdm'} & set(sys.modules))"
    )
    assert python("-c", code).stdout.splitlines()[-1] == "set()"


def test_a_reader_that_stops_early_is_no_error(files, tmp_path):
    command = [sys.executable, "-m", "tracker.relief", *files, "--item", "pain"]
    command += ["--quiet", "--no-report", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0

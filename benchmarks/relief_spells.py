"""How many patient-days a second `find_spells` reads, beside a plain loop.

Run it with `python benchmarks/relief_spells.py [patients]`. All figures are of
one run, on one core, the best of five turns; the loop runs on a few patients.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from timing import best_seconds  # found only after the path is set

from tracker import relief

CRITERIA = relief.Criteria.for_item("pain")
DAYS = 400
FIRST_INFUSION = 28
LOOP_PATIENTS = 40
REFERENCE_PATIENTS = 200
TURNS = 5


def made_up_clinic(n_patients: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Diary and infusions: an induction, then boosters every five weeks or so."""
    rng = np.random.default_rng(1)
    induction = FIRST_INFUSION + np.array([0, 3, 7, 10, 14, 17])
    boosters = induction[-1] + np.cumsum(rng.integers(21, 50, (n_patients, 12)), axis=1)
    infused = np.column_stack((np.tile(induction, (n_patients, 1)), boosters))
    given = infused < DAYS
    day = np.tile(np.arange(DAYS), (n_patients, 1))
    since = np.full((n_patients, DAYS), 10_000)
    for column in infused.T:
        gone = day - column[:, None]
        since = np.where(gone >= 0, np.minimum(since, gone), since)
    base = rng.uniform(4, 9, (n_patients, 1))
    length = rng.uniform(8, 60, (n_patients, 1))
    pain = base * (1 - 0.6 * np.exp(-since / length)) + rng.normal(0, 1, day.shape)
    logged = rng.random(day.shape) < 0.85
    patient = np.broadcast_to(np.arange(n_patients)[:, None], day.shape)
    whose = np.broadcast_to(np.arange(n_patients)[:, None], infused.shape)
    start = np.datetime64("2024-01-01", "us")
    diary = pd.DataFrame(
        {
            "patient_id": patient[logged],
            "date": start + day[logged].astype("timedelta64[D]"),
            "pain": np.clip(np.round(pain[logged]), 0, 10),
        }
    )
    infusions = pd.DataFrame(
        {
            "patient_id": whose[given],
            "date": start + infused[given].astype("timedelta64[D]"),
        }
    )
    return diary, infusions


def plain_loop(diary: pd.DataFrame, infusions: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The usual way: group by patient, filter by infusion, walk the days.

    It knows neither series nor baselines drawn to the clinic's.
    """
    spells = []
    infused = {p: sorted(g["date"]) for p, g in infusions.groupby("patient_id")}
    for patient, days in diary.groupby("patient_id"):
        starts = infused[patient]
        before = days[days["date"] < starts[0]]
        base = before["pain"].tail(28).mean()
        for place, start in enumerate(starts):
            end = starts[place + 1] if place + 1 < len(starts) else days["date"].max()
            spell = days[(days["date"] > start) & (days["date"] < end)]
            onset, good, run = None, 0, 0
            for row in spell.itertuples():
                gain = (base - row.pain) / base
                if onset is None:
                    good = good + 1 if gain >= CRITERIA.on else 0
                    onset = row.date if good == CRITERIA.k_on else None
                    continue
                run = run + 1 if gain < CRITERIA.off else 0
                if run == CRITERIA.k_off:
                    spells.append((patient, start, (row.date - start).days, True))
                    break
    return spells


def equal_to_reference(n_patients: int) -> int:
    """Rows compared with the tests' slow day-by-day rule; an error where they differ."""
    from tests.unit.tracker.relief import reference

    diary, infusions = made_up_clinic(n_patients)
    found = relief.find_spells(diary, infusions, CRITERIA)
    slow = pd.DataFrame(reference.spells(diary, infusions, CRITERIA))
    slow["criteria_version"] = CRITERIA.version
    slow = slow[list(found.columns)].astype(dict(found.dtypes))
    pd.testing.assert_frame_equal(found, slow, rtol=1e-12, atol=1e-12)
    return len(found)


def main() -> None:
    """Measure in turn, and print."""
    n_patients = int(sys.argv[1]) if len(sys.argv) > 1 else 8_000
    diary, infusions = made_up_clinic(n_patients)
    shuffled = diary.sample(frac=1, random_state=1).reset_index(drop=True)
    few = diary[diary["patient_id"] < LOOP_PATIENTS]
    few_infusions = infusions[infusions["patient_id"] < LOOP_PATIENTS]
    one = diary[diary["patient_id"] == 0]
    one_infusions = infusions[infusions["patient_id"] == 0]
    work = {
        "loop": lambda: plain_loop(few, few_infusions),
        "sorted": lambda: relief.find_spells(diary, infusions, CRITERIA),
        "shuffled": lambda: relief.find_spells(shuffled, infusions, CRITERIA),
    }
    seconds = dict.fromkeys(work, np.inf)
    for _ in range(TURNS):
        for name, act in work.items():
            seconds[name] = min(seconds[name], best_seconds(act, repeats=1))

    print(f"{len(diary):,} patient-days of {n_patients:,} patients, one core")
    loop = len(few) / seconds["loop"]
    print(f"plain loop  {loop / 1e6:8.3f} M patient-days/s on {LOOP_PATIENTS} patients")
    for name, aim, more in (("sorted", 8, ", aim 300"), ("shuffled", 4, "")):
        rate = len(diary) / seconds[name]
        print(
            f"{name:<11} {rate / 1e6:8.3f} M patient-days/s (aim {aim}), "
            f"{rate / loop:,.0f} x the loop{more}"
        )
    single = best_seconds(relief.find_spells, one, one_infusions, CRITERIA, repeats=50)
    print(f"one patient {single * 1e3:8.2f} ms for {len(one)} days")
    spells = relief.find_spells(diary, infusions, CRITERIA)
    curve = best_seconds(relief.kaplan_meier, spells)
    print(
        f"kaplan_meier {curve * 1e3:7.1f} ms for {len(spells):,} spells, "
        "limits clustered by patient"
    )
    rows = equal_to_reference(REFERENCE_PATIENTS)
    print(f"equal to the day-by-day rule in all {rows:,} rows compared")


if __name__ == "__main__":
    main()

"""How many patient-days a second `find_spells` reads, beside a plain loop.

Run it with `python benchmarks/relief_spells.py [patients]`. All figures are of
one run, on one core, the best of five; the loop runs on a few patients.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tracker import relief  # found only after the path is set

CRITERIA = relief.Criteria.for_item("pain")
DAYS = 400
FIRST_INFUSION = 28
LOOP_PATIENTS = 40


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


def best_seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Shortest of some runs."""
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def main() -> None:
    """Measure and print."""
    n_patients = int(sys.argv[1]) if len(sys.argv) > 1 else 8_000
    diary, infusions = made_up_clinic(n_patients)
    shuffled = diary.sample(frac=1, random_state=1).reset_index(drop=True)
    few = diary[diary["patient_id"] < LOOP_PATIENTS]
    few_infusions = infusions[infusions["patient_id"] < LOOP_PATIENTS]
    one = diary[diary["patient_id"] == 0]
    one_infusions = infusions[infusions["patient_id"] == 0]

    loop = len(few) / best_seconds(lambda: plain_loop(few, few_infusions), 2)
    rates = {
        "sorted": (diary, infusions),
        "shuffled": (shuffled, infusions),
    }
    print(f"{len(diary):,} patient-days of {n_patients:,} patients, one core")
    print(f"plain loop  {loop / 1e6:8.3f} M patient-days/s on {LOOP_PATIENTS} patients")
    for name, frames in rates.items():
        seconds = best_seconds(
            lambda frames=frames: relief.find_spells(*frames, CRITERIA)
        )
        rate = len(diary) / seconds
        print(f"{name:<11} {rate / 1e6:8.3f} M patient-days/s, {rate / loop:,.0f} x")
    single = best_seconds(lambda: relief.find_spells(one, one_infusions, CRITERIA), 50)
    print(f"one patient {single * 1e3:8.2f} ms for {len(one)} days")
    spells = relief.find_spells(diary, infusions, CRITERIA)
    seconds = best_seconds(lambda: relief.kaplan_meier(spells))
    print(f"kaplan_meier {seconds * 1e3:7.1f} ms for {len(spells):,} spells")


if __name__ == "__main__":
    main()

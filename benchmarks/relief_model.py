"""Fitting a clinic, forecasting all of it, and one patient.

Run it with `OPENBLAS_NUM_THREADS=1 python benchmarks/relief_model.py`. Seconds are of
processor time, on one core. The large clinic runs in a process of its own, whose peak
memory is its own too.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from relief_spells import CRITERIA, made_up_clinic  # found only after the path is set
from timing import best_seconds

from tracker import relief

FIT_PATIENTS, CLINIC_PATIENTS = 2_000, 10_000
GROWTH = (1_000, 2_000, 4_000)
KIBIBYTES_A_GIBIBYTE = 2**20


def rows_of(frame: pd.DataFrame, patients: int) -> pd.DataFrame:
    return frame[frame["patient_id"] < patients]


def fitting(diary: pd.DataFrame, infusions: pd.DataFrame) -> relief.ReliefModel:
    """Fit twice, look whether the bytes are the same, and print."""
    fits = []

    def fit() -> None:
        fits.append(relief.ReliefModel.fit(diary, infusions, CRITERIA))

    seconds = best_seconds(fit, repeats=3, clock=time.process_time)
    bytes_of = {json.dumps(model.to_dict(), sort_keys=True) for model in fits}
    print(
        f"fit: {FIT_PATIENTS:,} patients, {len(diary):,} patient-days in "
        f"{seconds:5.2f} s (aim under 5 s); {_same(len(bytes_of))} over {len(fits)} runs"
    )
    return fits[0]


def one_patient(
    model: relief.ReliefModel, diary: pd.DataFrame, infusions: pd.DataFrame
) -> None:
    """From raw rows to a forecast, patient by patient."""
    milliseconds = []
    for patient in range(20):
        own = diary[diary["patient_id"] == patient].reset_index(drop=True)
        given = infusions[infusions["patient_id"] == patient].reset_index(drop=True)
        seconds = best_seconds(
            model.forecast, own, given, repeats=20, clock=time.process_time
        )
        milliseconds.append(1e3 * seconds)
    print(
        f"one patient: rows to forecast in {np.median(milliseconds):5.2f} ms, median of "
        f"20 patients; slowest {max(milliseconds):5.2f} ms (aim under 10 ms)"
    )


def forecasting(
    model: relief.ReliefModel, diary: pd.DataFrame, infusions: pd.DataFrame
) -> None:
    """How the cost grows with the records, and whether the bytes are the same."""
    parts = [(rows_of(diary, n), rows_of(infusions, n)) for n in GROWTH]
    acts: dict[str, Callable[[pd.DataFrame, pd.DataFrame], object]] = {
        "spells": lambda d, i: relief.find_spells(d, i, CRITERIA),
        "forecasts": model.forecast,
    }
    for name, act in acts.items():
        seconds = dict.fromkeys(GROWTH, np.inf)
        for _ in range(3):
            for n, part in zip(GROWTH, parts, strict=True):
                taken = best_seconds(act, *part, repeats=1, clock=time.process_time)
                seconds[n] = min(seconds[n], taken)
        first = seconds[GROWTH[0]]
        shares = ", ".join(
            f"{n / GROWTH[0]:.0f} x the records {seconds[n] / first:4.2f} x the time"
            for n in GROWTH
        )
        print(f"growth of {name}: {first:6.3f} s; {shares}")
    same = {model.forecast(*parts[0]).attrs["survival"].tobytes() for _ in range(2)}
    print(f"forecasts: {_same(len(same))} over 2 runs")


def _same(different: int) -> str:
    return "the same bytes" if different == 1 else f"{different} DIFFERENT results"


def whole_clinic() -> None:
    """Rows to every open forecast, with the fit; run in a process of its own."""
    diary, infusions = made_up_clinic(CLINIC_PATIENTS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    model = relief.ReliefModel.fit(diary, infusions, CRITERIA)
    fitted = time.process_time()
    outlook = model.forecast(diary, infusions)
    done = time.process_time()
    open_now = outlook["state"].isin(["in relief", "awaiting onset", "pending loss"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"clinic: {CLINIC_PATIENTS:,} patients, {len(diary):,} patient-days; fit "
        f"{fitted - began:5.2f} s, {int(open_now.sum()):,} open forecasts "
        f"{done - fitted:5.2f} s, together {done - began:5.2f} s (aim under 20 s)\n"
        f"clinic: peak {peak / KIBIBYTES_A_GIBIBYTE:4.2f} GiB (aim under 2 GiB), "
        f"of which {before / KIBIBYTES_A_GIBIBYTE:4.2f} GiB before the fit"
    )


def main() -> None:
    """Measure and print."""
    diary, infusions = made_up_clinic(max(GROWTH))
    model = fitting(rows_of(diary, FIT_PATIENTS), rows_of(infusions, FIT_PATIENTS))
    one_patient(model, diary, infusions)
    forecasting(model, diary, infusions)
    subprocess.run([sys.executable, __file__, "clinic"], check=True)


if __name__ == "__main__":
    whole_clinic() if "clinic" in sys.argv else main()

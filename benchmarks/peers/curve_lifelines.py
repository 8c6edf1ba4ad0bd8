"""lifelines' Kaplan-Meier of whole days. Run by `peers.py`, in its environment.

Needs nothing of the project: reads day.bin and lost.bin (32-bit integers) in the
folder given, and prints the shortest seconds and the survival on day 30 and at the end.
"""

import sys
import time
from pathlib import Path

import numpy as np
from lifelines import KaplanMeierFitter


def main(folder: Path, repeats: int) -> None:
    day, lost = (np.fromfile(folder / f"{name}.bin", "<i4") for name in ("day", "lost"))
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        fitter = KaplanMeierFitter().fit(day, lost)
        seconds.append(time.perf_counter() - began)
    survival = fitter.survival_function_["KM_estimate"]
    print(min(seconds), survival.loc[30], survival.iloc[-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

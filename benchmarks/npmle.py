"""How long `npmle` takes, beside plain EM run to the same log-likelihood.

Run it with `OPENBLAS_NUM_THREADS=1 python benchmarks/npmle.py`, for one core. All
figures are of one run; those of `npmle` are the best of five. EM works on the same
distinct intervals and cells, as one matrix, and stops within 1e-6 of the
log-likelihood that `npmle` certifies. How many steps it needs depends on how long
the intervals are, so there are two clinics: one logs every second day, one weekly.
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from timing import best_seconds  # found only after the path is set

from tracker.relief.interval import npmle

# Share of days logged.
CLINICS = {"often": 0.5, "weekly": 1 / 7}
CLOSE = 1e-6
MOST_EM_STEPS = 100_000
STEPS_A_LOOK = 20


def made_up_intervals(n: int, logged: float) -> tuple[np.ndarray, np.ndarray]:
    """Whole days of relief, logged on a share of them until an infusion cuts in."""
    rng = np.random.default_rng(1)
    lost_on = np.ceil(rng.lognormal(np.log(20), 0.8, n))
    lower = np.maximum(lost_on - rng.geometric(logged, n), 0)
    upper = lost_on + rng.geometric(logged, n) - 1
    cut = rng.integers(5, 120, n)
    unseen = upper > cut
    known_until = np.where(unseen, np.minimum(cut, lower), lower)
    return known_until, np.where(unseen, np.inf, upper)


def plain_em(
    lower: np.ndarray, upper: np.ndarray, target: float
) -> tuple[float, int, float]:
    """Seconds, steps and log-likelihood of EM to within `CLOSE` of the target."""
    began = time.perf_counter()
    pairs, counts = np.unique(np.stack((lower, upper), 1), axis=0, return_counts=True)
    lowers, uppers = np.unique(lower), np.unique(upper)
    next_upper = uppers[np.searchsorted(uppers, lowers, "right")]
    is_cell = np.append(lowers[1:], np.inf) >= next_upper
    left, right = lowers[is_cell], next_upper[is_cell]
    held = ((left >= pairs[:, :1]) & (right <= pairs[:, 1:])).astype(float)
    n = counts.sum()
    mass = np.full(len(left), 1 / len(left))
    share = held @ mass
    for step in range(1, MOST_EM_STEPS + 1):
        mass *= (counts / share) @ held / n
        share = held @ mass
        if step % STEPS_A_LOOK == 0:
            log_likelihood = float(counts @ np.log(share))
            if log_likelihood >= target - CLOSE:
                break
    return time.perf_counter() - began, step, log_likelihood


def main() -> None:
    """Measure and print."""
    print(
        "clinic  intervals  npmle s  steps      gap     EM s  EM steps  short by  ratio"
    )
    for clinic, logged in CLINICS.items():
        for n in (1_000, 10_000, 100_000):
            lower, upper = made_up_intervals(n, logged)
            curve = npmle(lower, upper)
            ours = best_seconds(npmle, lower, upper)
            theirs, steps, reached = plain_em(lower, upper, curve.log_likelihood)
            print(
                f"{clinic:6} {n:>10,} {ours:8.4f} {curve.iterations:6}  {curve.gap:.1e}"
                f" {theirs:8.2f} {steps:9,}  {curve.log_likelihood - reached:8.1e}"
                f" {theirs / ours:6,.0f}"
            )


if __name__ == "__main__":
    main()

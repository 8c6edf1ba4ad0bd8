"""Kaplan-Meier and interval estimates beside lifelines, R's survival and npsurv.

Run it with `OPENBLAS_NUM_THREADS=1 python benchmarks/relief_estimates.py`. Ours is
measured before and after each peer, in turn; the shortest of all runs counts. Peers
that are not installed are skipped by name (see `peers/__init__.py`).
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import peers  # found only after the path is set
from npmle import CLINICS, made_up_intervals
from timing import best_seconds

from tracker.relief.interval import npmle
from tracker.relief.survival import product_limit

DAYS = 1_000_000
INTERVALS = 100_000
CLOSE = 1e-9


def made_up_durations(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole days of relief, censored evenly over half a year."""
    rng = np.random.default_rng(1)
    lost_on = np.ceil(rng.lognormal(np.log(20), 0.8, n)).astype(np.int64)
    cut = rng.integers(5, 181, n)
    return np.minimum(lost_on, cut), lost_on <= cut


def curves() -> bool:
    """Kaplan-Meier of a million whole days; whether all agree."""
    day, lost = made_up_durations(DAYS)
    asked = [
        ("lifelines", peers.lifelines(), "curve_lifelines.py", 10),
        ("R survfit", peers.rscript("survival"), "curve_survfit.R", 200),
    ]
    survival = product_limit(day, lost).survival
    print(f"Kaplan-Meier estimate of {DAYS:,} whole days")
    agree = True
    for name, command, script, aim in asked:
        if command is None:
            print(f"  {name} is not installed: skipped")
            continue
        before = best_seconds(product_limit, day, lost)
        theirs, on_30, at_end = peers.ask(command, script, day=day, lost=lost)
        ours = min(before, best_seconds(product_limit, day, lost))
        off = max(abs(on_30 - survival[30]), abs(at_end - survival[-1]))
        agree &= off < CLOSE
        print(
            f"  ours {ours * 1e3:6.2f} ms  {name:9} {theirs * 1e3:8.1f} ms"
            f"  {theirs / ours:6,.0f} x (aim {aim} x)  differ by {off:.0e}"
        )
    return agree


def intervals() -> bool:
    """Interval estimates of two clinics; whether npsurv agrees."""
    command = peers.rscript("npsurv")
    print(f"Estimate of {INTERVALS:,} durations known to lie in (lower, upper]")
    agree = True
    for clinic, logged in CLINICS.items():
        lower, upper = made_up_intervals(INTERVALS, logged)
        curve = npmle(lower, upper)
        ours = best_seconds(npmle, lower, upper)
        line = f"  logged {clinic:6} ours {ours * 1e3:7.2f} ms  gap {curve.gap:.0e}"
        agree &= curve.gap <= 1e-8
        if command is None:
            print(f"{line}  R npsurv is not installed: skipped")
            continue
        theirs, reached = peers.ask(
            command, "intervals_npsurv.R", lower=lower, upper=upper
        )
        ours = min(ours, best_seconds(npmle, lower, upper))
        print(
            f"{line}  npsurv {theirs * 1e3:8.1f} ms  {theirs / ours:5.1f} x (aim 5 x)"
            f"  its log-likelihood is {curve.log_likelihood - reached:+.1e} below"
        )
        agree &= curve.log_likelihood > reached - 1e-5
    return agree


def main() -> int:
    """Measure and print; fails where the estimates differ."""
    agree = curves()
    return 0 if intervals() and agree else 1


if __name__ == "__main__":
    sys.exit(main())

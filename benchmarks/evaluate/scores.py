"""What a forecast was worth, once the truth is known."""

from dataclasses import dataclass

import numpy as np

HORIZON = 120


@dataclass(frozen=True)
class Scores:
    """Means over n forecasts; `coverage` by nominal level."""

    n: int
    crps: float
    log_score: float
    coverage: dict[int, float]
    pit: float


def score(lost: np.ndarray, truth: np.ndarray, seed: int = 0) -> Scores:
    """Score distributions of the day of loss.

    Parameters
    ----------
    lost : array (n, days)
        Chance that relief is lost by day 0, 1, ...
    truth : array (n,)
        The day it was lost; inf for not at all.

    Notes
    -----
    CRPS over days 0 to 120 (Gneiting and Raftery 2007, JASA 102:359). Coverage is by
    the randomised probability integral transform, as days are whole.
    """
    n = len(truth)
    day = np.arange(HORIZON + 1)
    f = lost[:, : HORIZON + 1]
    happened = day[None, :] >= truth[:, None]
    crps = ((f - happened) ** 2).sum(axis=1)
    at = np.where(np.isinf(truth), HORIZON + 1, truth).astype(int)
    padded = np.concatenate((np.zeros((n, 1)), f, np.ones((n, 1))), axis=1)
    within = np.minimum(at, HORIZON + 1)
    rows = np.arange(n)
    high, low = padded[rows, within + 1], padded[rows, within]
    # What lies beyond the horizon is one event.
    mass = np.maximum(high - low, 1e-4)
    u = np.random.default_rng(seed).random(n)
    pit = low + u * (high - low)
    coverage = {
        level: float(np.mean(np.abs(pit - 0.5) <= level / 200))
        for level in (50, 80, 95)
    }
    return Scores(
        n, float(crps.mean()), float(-np.log(mass).mean()), coverage, float(pit.mean())
    )

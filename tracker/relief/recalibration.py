"""Looking back: how wide forecasts on these records should have been."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import log_ndtr, ndtr, ndtri

from tracker.relief.curves import DAYS
from tracker.relief.cycles import canonical_patients, prepare
from tracker.relief.forecast import forecast_series
from tracker.relief.panel import Floats, Ints
from tracker.relief.series import NEVER
from tracker.relief.spells import Assessed

if TYPE_CHECKING:
    from tracker.relief.model import ReliefModel

MOST_ORIGINS = 400
DRAWS = 200
# A forecast is widened or narrowed at most by these factors.
NARROWEST, WIDEST = 0.9, 1.3
# Origins the belief that no change is needed is worth.
PRIOR_ORIGINS = 20.0
_SEED = 7
_EDGE = 1e-6


def fit_scale(
    model: "ReliefModel",
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    found: Assessed,
) -> float:
    """How much wider the model's forecasts should be, by its own training records.

    Each patient is looked at as of a random day, with nothing known of later ones;
    how often the truth lay far out says how wide the forecast should have been. The
    square root of the spread found is used, as the records are few. Only the width
    is changed: boosters hide the late truths, so a shift would be biased.
    """
    as_of = _origins(found, infusions)
    past = model.assess(diary, infusions, as_of)
    cycles = prepare(past, model.noise, model.criteria.floor)
    series = past.series
    holding = cycles.responded & (series.next_start == NEVER)
    holding &= ~np.isfinite(past.traced.upper)
    holding &= past.panel.as_of[series.patient] < found.panel.as_of[series.patient]
    rows = np.flatnonzero(holding)
    low, high, known = _truth(past, found, rows)
    rows, low, high = rows[known], low[known], high[known]
    if len(rows) < 5:
        return 1.0
    survival = forecast_series(model, cycles, rows, DRAWS).survival
    place = np.arange(len(rows))
    lost = 1 - survival
    from_share = lost[place, np.clip(low, 0, DAYS).astype(np.intp)]
    to_share = np.where(
        np.isinf(high),
        1.0,
        lost[place, np.clip(np.nan_to_num(high, posinf=0), 0, DAYS).astype(np.intp)],
    )
    return _shrunken_spread(from_share, to_share)


def _origins(found: Assessed, infusions: pd.DataFrame) -> pd.Series:
    """A random day for each of some patients; the others' last day."""
    panel, series = found.panel, found.series
    first = np.full(panel.n_patients, NEVER)
    np.minimum.at(first, series.patient, series.last_day)
    order = canonical_patients(found)
    order = order[first[order] < panel.as_of[order]][:MOST_ORIGINS]
    share = np.random.default_rng(_SEED).random(len(order))
    until = panel.as_of.copy()
    span = panel.as_of[order] - first[order]
    until[order] = first[order] + np.floor(share * span).astype(np.int64)
    return until_by_label(found, until)


def until_by_label(found: Assessed, until: Ints) -> pd.Series:
    return pd.Series(
        until.astype("datetime64[D]").astype("datetime64[us]"),
        index=found.panel.everyone,
    )


def _truth(past: Assessed, found: Assessed, rows: Ints) -> tuple[Floats, Floats, Ints]:
    """What became of each spell: loss in (low, high], and which are known."""
    key = found.series.patient * 2**20 + found.series.number
    asked = past.series.patient[rows] * 2**20 + past.series.number[rows]
    place = np.minimum(np.searchsorted(key, asked), len(key) - 1)
    # A course named later may have swallowed the series.
    same = key[place] == asked
    same &= found.series.last_day[place] == past.series.last_day[rows]
    traced = found.traced
    lost = np.isfinite(traced.upper[place])
    low = np.where(lost, traced.lower[place], traced.confirmable[place])
    high = np.where(lost, traced.upper[place], np.inf)
    seen = past.traced.lower[rows]
    known = np.flatnonzero(same & (lost | (low > seen)))
    return np.maximum(low, seen), high, known


def _shrunken_spread(low: Floats, high: Floats) -> float:
    """Spread of the normal scores of the truths, drawn to 1, square root taken."""
    a = ndtri(np.clip(low, _EDGE, 1 - _EDGE))
    b = np.where(high >= 1 - _EDGE, np.inf, ndtri(np.clip(high, _EDGE, 1 - _EDGE)))
    b = np.maximum(b, a + 1e-3)

    def loss(log_spread: float) -> float:
        spread = np.exp(log_spread)
        # By symmetry the upper tail is computed where it is exact.
        flip = a > 0
        left = np.where(flip, -b, a) / spread
        right = np.where(flip, -a, b) / spread
        inside = ndtr(right) - ndtr(left)
        score = np.where(
            inside > 1e-12, np.log(np.maximum(inside, 1e-300)), log_ndtr(right)
        )
        return float(-score.sum() + 0.5 * PRIOR_ORIGINS * log_spread**2 * 2)

    spread = float(np.exp(minimize_scalar(loss, bounds=(-1, 1.2), method="bounded").x))
    return float(np.clip(np.sqrt(spread), NARROWEST, WIDEST))

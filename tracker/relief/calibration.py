"""How well forecasts have done, once the truth is known."""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tracker.relief.curves import DAYS
from tracker.relief.panel import Floats
from tracker.relief.speech import ENGLISH, Speech

# Fewer scored forecasts than this say nothing; fewer patients neither.
LEAST_SCORED = 30
LEAST_PATIENTS = 8
LEVELS = (50, 80, 95)
BINS = 10
# What a day no draw ended on is worth, so that one surprise does not decide all.
LEAST_CHANCE = 1e-4
# How far the share of truths inside the 80 % range may lie from 80 %.
TOLERANCE = 0.10


@dataclass(frozen=True)
class Scorecard:
    """What became of the forecasts of a clinic, or of a part of it.

    `coverage` (share of truths inside the central range) by level in percent, and
    `histogram`, the shares of truths in tenths of the forecasts, from early to late;
    all level when forecasts are right. Empty with a `reason` where too few are known.
    """

    n_forecasts: int
    n_patients: int
    n_lost: int
    coverage: dict[int, float]
    log_score: float
    histogram: tuple[float, ...]
    reason: str = ""

    @property
    def is_close(self) -> bool:
        """Whether the 80 % range held about 80 % of the truths."""
        return bool(self.coverage) and abs(self.coverage[80] - 0.8) <= TOLERANCE

    @property
    def is_too_sure(self) -> bool:
        """Whether the 80 % range held clearly fewer truths than it should.

        By more than `TOLERANCE`, and by more than two standard errors with each
        patient counting once; a range that is too wide misleads nobody.
        """
        if not self.coverage:
            return False
        error = float(np.sqrt(0.8 * 0.2 / self.n_patients))
        return 0.8 - self.coverage[80] > max(TOLERANCE, 2 * error)


def score_forecast(
    survival: Floats, lower: float, upper: float
) -> tuple[float, float, float]:
    """What the forecast said of a loss in (lower, upper] days.

    Parameters
    ----------
    survival : array (181,)
        Chance that relief is lost after day d.
    lower, upper : float, days
        `upper` inf for relief that was not seen to end.

    Returns
    -------
    low, high : float
        Forecast chances of a loss by `lower` and by `upper`: the truth's place in
        the forecast.
    log_score : float
        Negative logarithm of the chance given to what was seen; lower is better.

    Notes
    -----
    The censored log score maps the forecast through the censoring, so it stays
    proper where the truth is an interval.
    """
    lost = np.append(1 - np.asarray(survival, np.float64), 1.0)
    low = float(lost[int(np.clip(lower, 0, DAYS))])
    high = 1.0 if np.isinf(upper) else float(lost[int(np.clip(upper, 0, DAYS + 1))])
    return low, high, float(-np.log(max(high - low, LEAST_CHANCE)))


def scorecard(scored: pd.DataFrame) -> Scorecard:
    """How well scored forecasts have done.

    Parameters
    ----------
    scored : DataFrame, one row a forecast
        patient_id; pit_low, pit_high and log_score of `score_forecast`.

    Notes
    -----
    Each forecast's truth lies evenly between `pit_low` and `pit_high` (D-calibration,
    Haider et al. 2020, JMLR 21:85), so that relief cut short by a booster counts for
    what is known of it. A patient's forecasts are alike; each patient counts once.
    """
    n, patients = len(scored), scored["patient_id"].nunique()
    lost = int((scored["pit_high"] < 1).sum())
    if n < LEAST_SCORED or patients < LEAST_PATIENTS:
        return Scorecard(n, patients, lost, {}, float("nan"), (), "too_few_forecasts")
    weight = 1 / scored.groupby("patient_id")["pit_low"].transform("size").to_numpy()
    weight = weight / weight.sum()
    low = scored["pit_low"].to_numpy(np.float64)
    high = np.maximum(scored["pit_high"].to_numpy(np.float64), low + 1e-9)
    coverage = {
        level: float(weight @ _share(low, high, 0.5 - level / 200, 0.5 + level / 200))
        for level in LEVELS
    }
    edges = np.linspace(0, 1, BINS + 1)
    histogram = tuple(
        float(weight @ _share(low, high, a, b)) for a, b in itertools.pairwise(edges)
    )
    log_score = float(weight @ scored["log_score"].to_numpy(np.float64))
    return Scorecard(n, patients, lost, coverage, log_score, histogram)


def _share(low: Floats, high: Floats, start: float, end: float) -> Floats:
    """Part of each interval that lies between `start` and `end`."""
    inside = np.clip(np.minimum(high, end) - np.maximum(low, start), 0, None)
    share: Floats = inside / (high - low)
    return share


def coverage_over_time(scored: pd.DataFrame, level: int = 80) -> pd.DataFrame:
    """Whether the central range held what it should, quarter by quarter.

    Parameters
    ----------
    scored : DataFrame, one row a forecast
        patient_id; as_of (datetime64, when it was made); pit_low and pit_high of
        `score_forecast`.
    level : int, percent
        Of the central range.

    Returns
    -------
    DataFrame, one row a quarter of a year with a forecast, in order
        quarter (str, 2026 Q1); n_forecasts, n_patients (int); share (of the truths
        inside, each patient counting once), lower, upper (Student's 95 % limits over
        patients, clipped to 0 and 1); reason (empty, or too_few_forecasts, and then
        the shares are NaN).

    Raises
    ------
    ValueError
        `level` is not between 1 and 99.
    """
    if not 1 <= level <= 99:
        raise ValueError(f"level must be 1 to 99, was {level!r}")
    made = pd.to_datetime(scored["as_of"])
    quarter = made.dt.year.astype(str) + " Q" + made.dt.quarter.astype(str)
    low = scored["pit_low"].to_numpy(np.float64)
    high = np.maximum(scored["pit_high"].to_numpy(np.float64), low + 1e-9)
    inside = _share(low, high, 0.5 - level / 200, 0.5 + level / 200)
    rows = [
        (name, *_covered(part))
        for name, part in scored.assign(inside=inside).groupby(quarter, sort=True)
    ]
    return pd.DataFrame(rows, columns=list(_OVER_TIME))


_OVER_TIME = (
    "quarter",
    "n_forecasts",
    "n_patients",
    "share",
    "lower",
    "upper",
    "reason",
)


def _covered(part: pd.DataFrame) -> tuple[int, int, float, float, float, str]:
    own = part.groupby("patient_id")["inside"].mean()
    n, patients = len(part), len(own)
    if n < LEAST_SCORED or patients < LEAST_PATIENTS:
        return n, patients, np.nan, np.nan, np.nan, "too_few_forecasts"
    share = float(own.mean())
    reach = float(stdtrit(patients - 1, 0.975)) * float(own.std()) / np.sqrt(patients)
    low, high = np.clip((share - reach, share + reach), 0, 1)
    return n, patients, share, float(low), float(high), ""


def scorecard_words(card: Scorecard, say: Speech = ENGLISH) -> str:
    """One plain sentence for a clinician."""
    if card.reason:
        return say.t(
            "Only {forecasts} forecasts for {patients} patients can be compared with "
            "what happened so far; {least} for {least_patients} patients are needed to "
            "say how good they are here.",
            forecasts=card.n_forecasts,
            patients=card.n_patients,
            least=LEAST_SCORED,
            least_patients=LEAST_PATIENTS,
        )
    close, not_close = say.t("as it should be"), say.t("not as it should be")
    return say.t(
        "Of {forecasts} earlier forecasts for {patients} patients here, the 80 % range "
        "held what happened in {inside} % ({verdict}).",
        forecasts=card.n_forecasts,
        patients=card.n_patients,
        inside=round(100 * card.coverage[80]),
        verdict=close if card.is_close else not_close,
    )

"""Landmark regression: the random-effect forecast, bent by what the days look like."""

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from evaluate.asked import LAST_DAY, Asked, Training, ask, durations
from evaluate.rivals import RandomEffect, interval

# Times each training patient is looked at, on random days.
LOOKS = 8
# Prior standard deviation of the effect of a standardised feature.
EFFECT_SD = 0.3
SEED = 17
EDGE = 1e-9


class Landmark:
    """Censored regression (ridge) of when the loss comes, on the trajectory so far.

    What is left of a patient's log-normal duration by the random-effect model is
    moved and widened on the normal scale. A log-normal regression of the remaining
    days, tried first, was a weaker rival.
    """

    def __init__(self, training: Training, random_effect: RandomEffect):
        self._random_effect = random_effect
        self._usual = _usual(training.spells)
        rows = pd.concat([self._look(training, look) for look in range(LOOKS)])
        x = np.stack(rows["x"].to_list()) if len(rows) else np.zeros((0, 29))
        self._centre = x.mean(axis=0) if len(x) else 0.0
        self._scale = np.maximum(x.std(axis=0), 1e-6) if len(x) else 1.0
        # A spell counts once, however often it was looked at.
        weight = 1 / rows.groupby(["patient_id", "last_infusion"])["low"].transform(
            "size"
        )
        self._at = minimize(
            _loss,
            np.zeros(x.shape[1] + 2),
            args=(
                self._standard(x),
                rows["low"].to_numpy(float),
                rows["high"].to_numpy(float),
                weight.to_numpy(float),
            ),
            jac=True,
            method="L-BFGS-B",
        ).x

    def lost(self, asked: Asked) -> np.ndarray:
        before = self._random_effect.lost(asked)
        x = self._standard(features(asked, self._usual, before))
        shift, spread = x @ self._at[:-1], np.exp(self._at[-1])
        z = ndtri(np.clip(before, EDGE**1.3, 1 - EDGE))
        return np.where(before > 0, ndtr((z - shift[:, None]) / spread), 0.0)

    def _look(self, training: Training, look: int) -> pd.DataFrame:
        """Training patients on a random day: features, and normal bounds of the end."""
        as_of = _random_days(training, look)
        asked = ask(training.diary, training.infusions, training, as_of)
        key = asked.spells[["patient_id", "last_infusion"]]
        became = training.spells.set_index(list(key))
        became = became.loc[pd.MultiIndex.from_frame(key)]
        lost = (became["status"] == "lost").to_numpy()
        low = np.where(lost, became["lower"], became["confirmable"])
        low = np.maximum(low, asked.last_relief)
        high = np.where(lost, became["upper"], np.inf)
        before = self._random_effect.lost(asked)
        rows = key.assign(
            x=list(features(asked, self._usual, before)),
            low=ndtri(_at_day(before, low)),
            high=ndtri(_at_day(before, high)),
        )
        return rows[(lost | (low > asked.last_relief)) & (rows["high"] > rows["low"])]

    def _standard(self, x: np.ndarray) -> np.ndarray:
        z = np.clip((x - self._centre) / self._scale, -4, 4)
        return np.concatenate((np.ones((len(x), 1)), z), axis=1)


def _at_day(lost: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Chance of a loss by a day of each row; 1 beyond the last."""
    within = np.minimum(day, LAST_DAY).astype(int)
    chance = np.minimum(lost[np.arange(len(lost)), within], 1 - EDGE)
    return np.where(day > LAST_DAY, 1.0, chance)


def _loss(
    at: np.ndarray,
    x: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    weight: np.ndarray,
) -> tuple[float, np.ndarray]:
    spread = np.exp(at[-1])
    mean = x @ at[:-1]
    log, by_shift, by_scale = interval((low - mean) / spread, (high - mean) / spread)
    # The intercept and the spread have wider priors of their own.
    width = np.concatenate(([1.0], np.full(len(at) - 2, EFFECT_SD), [0.5]))
    z = at / width
    slope = np.append((weight * by_shift) @ x / spread, weight @ by_scale)
    return float(0.5 * z @ z - weight @ log), z / width - slope


def _random_days(training: Training, look: int) -> pd.Series:
    """For each patient a day after the first series and before the last log."""
    diary = training.diary.groupby("patient_id")["date"].max()
    first = training.spells.groupby("patient_id")["last_infusion"].min()
    first = first.reindex(diary.index).fillna(diary)
    span = np.maximum((diary - first).dt.days.to_numpy(), 1)
    share = np.random.default_rng((SEED, look)).random(len(span))
    days = pd.to_timedelta(1 + np.floor(share * span), unit="D")
    return first + days


def _usual(spells: pd.DataFrame) -> float:
    """The clinic's middle log duration, of finished spells."""
    done = spells.loc[spells["status"] == "lost", "upper"]
    return float(np.log(done).median()) if len(done) else float(np.log(16))


def features(asked: Asked, usual: float, lost: np.ndarray) -> np.ndarray:
    """(n, features) of the trajectory so far, and of the patient's past."""
    days = _of_days(asked)
    past = _of_past(asked, usual)
    middle = np.maximum((lost < 0.5).sum(axis=1) - asked.last_relief, 1)
    return np.column_stack((*days, *past, np.log(middle)))


def _of_days(asked: Asked) -> list[np.ndarray]:
    n, day, last = len(asked), asked.day, asked.last_relief
    tail = _Tail(asked.logs, n)
    whole, recent, week = tail.mean(10_000), tail.mean(3), tail.mean(7)
    best = asked.spells["best"].to_numpy(float)
    return [
        np.log1p(day),
        np.log1p(last),
        np.log1p(day - last),
        asked.spells["pending"].to_numpy(float),
        tail.mean(1),
        recent,
        week,
        whole,
        tail.slope(7),
        tail.slope(14),
        tail.slope(10_000),
        best,
        best - recent,
        whole - recent,
        tail.deviation(),
        np.log1p(tail.count),
        tail.count / np.maximum(day, 1),
        asked.spells["onset"].to_numpy(float),
        # A level of recent days that falls at the recent rate reaches the loss when?
        np.log(np.clip((week - 0.2) / np.maximum(-tail.slope(14), 0.005), 1, 100)),
    ]


def _of_past(asked: Asked, usual: float) -> list[np.ndarray]:
    n = len(asked)
    past = durations(asked.earlier)
    owner = past["owner"].to_numpy().astype(int)
    lost = np.isfinite(past["upper"].to_numpy())
    end = np.where(lost, past["upper"], past["lower"])
    away = np.log(np.maximum(end, 1)) - usual
    finished = np.bincount(owner, lost, n)
    cut = np.bincount(owner, ~lost, n)
    own = np.bincount(owner, away * lost, n) / (finished + 1)
    cut_at = np.bincount(owner, away * ~lost, n) / (cut + 1)
    latest = np.zeros(n)
    latest[owner[lost]] = away[lost]
    expected = np.exp(usual + own) - asked.last_relief
    return [
        own,
        np.log1p(finished),
        cut_at,
        np.log1p(cut),
        latest,
        np.log(np.maximum(expected, 1)),
        np.log(asked.spells["series"].to_numpy(float)),
        (asked.spells["n_infusions"] >= 3).to_numpy(float),
        asked.spells["baseline"].to_numpy(float),
    ]


class _Tail:
    """Figures of the last logs of each spell."""

    def __init__(self, logs: pd.DataFrame, n: int):
        self._owner, self._n = logs["owner"].to_numpy(), n
        self._day = logs["day"].to_numpy(float)
        self._value = logs["improvement"].to_numpy()
        self.count = np.bincount(self._owner, minlength=n)
        end = np.cumsum(self.count)[self._owner]
        self._from_end = end - 1 - np.arange(len(logs))

    def mean(self, k: int) -> np.ndarray:
        return self._sum(self._value, k) / np.maximum(self._sum(1.0, k), 1)

    def slope(self, k: int) -> np.ndarray:
        """Least-squares change a day over the last k logs, drawn to none."""
        number = np.maximum(self._sum(1.0, k), 1)
        middle = self._sum(self._day, k) / number
        x = self._day - middle[self._owner]
        y = self._value - self.mean(k)[self._owner]
        return self._sum(x * y, k) / (self._sum(x * x, k) + 10.0)

    def deviation(self) -> np.ndarray:
        y = self._value - self.mean(10_000)[self._owner]
        return np.sqrt(self._sum(y * y, 10_000) / np.maximum(self.count, 1))

    def _sum(self, value: np.ndarray | float, k: int) -> np.ndarray:
        return np.bincount(self._owner, value * (self._from_end < k), self._n)

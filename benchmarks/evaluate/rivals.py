"""Simpler forecasters: what the model has to beat.

Each is fitted on the training clinic's spells, censored at `confirmable`, and gives
for current spells the chance (n, 181) that relief is lost by day 0 to 180, given that
it is lost after the last day seen in relief.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import log_ndtr, logsumexp, ndtr

from evaluate.asked import LAST_DAY, Asked, Training, conditional, durations
from tracker import relief

# What is believed before there are data, as the model does (see `relief.Prior`).
PRIOR = relief.Prior()
NODES = np.linspace(-3.5, 3.5, 57)
LOG_WEIGHTS = -0.5 * NODES**2 - logsumexp(-0.5 * NODES**2)
DAYS = np.arange(LAST_DAY + 1)
# A loss on day d lies in (d - 1/2, d + 1/2] of a continuous duration.
LOG_DAYS = np.log(DAYS + 0.5)
TINY = 1e-300


class Rival(Protocol):
    def lost(self, asked: Asked) -> np.ndarray: ...


class ClinicCurve:
    """The clinic's Kaplan-Meier curve, held at its last value."""

    def __init__(self, training: Training):
        curve = relief.kaplan_meier(training.spells)["survival"].to_numpy()[:181]
        held = np.pad(curve, (0, LAST_DAY + 1 - len(curve)), mode="edge")
        self._log_survival = np.log(np.maximum(held, TINY))

    def lost(self, asked: Asked) -> np.ndarray:
        every = np.broadcast_to(self._log_survival, (len(asked), LAST_DAY + 1))
        lost = conditional(every, asked.last_relief)
        # Nobody of the clinic's was in relief so long: nothing is said, so it is over.
        beyond = every[0][np.minimum(asked.last_relief, LAST_DAY)] <= np.log(TINY) + 1
        lost[beyond] = DAYS[None, :] > asked.last_relief[beyond, None]
        return lost


class OwnMean:
    """The mean of the patient's own finished durations, the clinic's without any.

    Log-normal about it, with the clinic's spread within patients, or its whole spread
    where the patient has finished none.
    """

    def __init__(self, training: Training):
        done = _finished(training.spells)
        value, who = done["log_days"], done["patient_id"]
        own = value.groupby(who).transform("mean")
        free = len(value) - who.nunique()
        self._mean = float(value.mean()) if len(value) else PRIOR.log_days
        both = np.hypot(PRIOR.between, PRIOR.within)
        whole = float(value.std()) if len(value) > 2 else both
        self._whole = max(whole, 0.05)
        within = np.sqrt(((value - own) ** 2).sum() / free) if free > 1 else whole
        self._within = max(float(within), 0.05)

    def lost(self, asked: Asked) -> np.ndarray:
        done = _finished(asked.earlier)
        own = done.groupby("owner")["log_days"].mean().reindex(range(len(asked)))
        has = own.notna().to_numpy()
        mean = own.fillna(self._mean).to_numpy()
        spread = np.where(has, self._within, self._whole)
        z = (LOG_DAYS[None, :] - mean[:, None]) / spread[:, None]
        return conditional(log_ndtr(-z), asked.last_relief)


def _finished(spells: pd.DataFrame) -> pd.DataFrame:
    """Finished spells with the logarithm of the middle of (lower, upper]."""
    done = spells[spells["status"] == "lost"]
    middle = (done["lower"] + 1 + done["upper"]) / 2
    return done.assign(log_days=np.log(middle))


@dataclass(frozen=True)
class _Records:
    """Interval-censored log durations: bounds, covariates, patient from 0."""

    low: np.ndarray
    high: np.ndarray
    x: np.ndarray
    patient: np.ndarray
    n_patients: int

    @classmethod
    def of(cls, spells: pd.DataFrame, patient: np.ndarray, n: int) -> "_Records":
        with np.errstate(divide="ignore"):
            low = np.log(spells["lower"].to_numpy() + 0.5)
            high = np.log(spells["upper"].to_numpy() + 0.5)
        return cls(low, high, covariates(spells), patient, n)


def covariates(spells: pd.DataFrame) -> np.ndarray:
    """(n, 2): whether a course of three or more infusions, and how late a series."""
    late = np.minimum(np.log(spells["series"].to_numpy()), 2.5)
    return np.stack((spells["n_infusions"].to_numpy() >= 3.0, late), axis=1)


def interval(
    low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log chance of a standard normal in (low, high], and two slopes.

    The slopes are those by a common shift of both ends down, and by the log of a
    common divisor.
    """
    flip = low > 0
    inside = ndtr(np.where(flip, -low, high)) - ndtr(np.where(flip, -high, low))
    inside = np.maximum(inside, TINY)
    at_low, at_high = (np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi) for z in (low, high))
    by_shift = (at_low - at_high) / inside
    ends = [np.where(np.isfinite(z), z, 0.0) for z in (low, high)]
    by_scale = (ends[0] * at_low - ends[1] * at_high) / inside
    return np.log(inside), by_shift, by_scale


class RandomEffect:
    """Log-normal durations with the patient's own mean, at their likeliest (MAP).

    Interval-censored; the patient's effect is summed over a fine uniform grid; a
    course and the cycle's number have effects too.
    """

    def __init__(self, training: Training):
        spells = durations(training.spells)
        patient, names = pd.factorize(spells["patient_id"])
        records = _Records.of(spells, patient, len(names))
        start = [PRIOR.log_days, 0, 0, np.log(PRIOR.between), np.log(PRIOR.within)]
        self._at = minimize(
            self._loss, start, args=(records,), jac=True, method="L-BFGS-B"
        ).x

    def lost(self, asked: Asked) -> np.ndarray:
        mean, effects, between, within = _unpack(self._at)
        chance = self._patients(asked)
        centre = mean + covariates(asked.spells) @ effects
        at_node = centre[:, None] + between * NODES
        z = (LOG_DAYS[None, None, :] - at_node[:, :, None]) / within
        survival = np.einsum("nk,nkd->nd", chance, ndtr(-z))
        return conditional(np.log(np.maximum(survival, TINY)), asked.last_relief)

    def _patients(self, asked: Asked) -> np.ndarray:
        """Chances of each node by the earlier spells of each patient."""
        spells = durations(asked.earlier)
        owner = spells["owner"].to_numpy().astype(int)
        seen = _Records.of(spells, owner, len(asked))
        whole, _ = self._by_node(self._at, seen)
        return np.exp(whole - logsumexp(whole, axis=1, keepdims=True))

    @staticmethod
    def _by_node(at: np.ndarray, seen: _Records):
        """Log posterior (patients, nodes), and the spells' slopes by node."""
        mean, effects, between, within = _unpack(at)
        middle = (mean + seen.x @ effects)[:, None] + between * NODES
        log, by_shift, by_scale = interval(
            (seen.low[:, None] - middle) / within,
            (seen.high[:, None] - middle) / within,
        )
        whole = np.tile(LOG_WEIGHTS, (seen.n_patients, 1))
        np.add.at(whole, seen.patient, log)
        return whole, (by_shift / within, by_scale)

    def _loss(self, at: np.ndarray, seen: _Records) -> tuple[float, np.ndarray]:
        whole, (by_shift, by_scale) = self._by_node(at, seen)
        total = logsumexp(whole, axis=1)
        chance = np.exp(whole - total[:, None])[seen.patient]
        shift = chance * by_shift
        by_mean = shift.sum(axis=1)
        slope = np.concatenate(
            (
                [by_mean.sum()],
                by_mean @ seen.x,
                [(shift * NODES).sum() * np.exp(at[3]), (chance * by_scale).sum()],
            )
        )
        belief = np.array(
            [PRIOR.log_days, 0, 0, np.log(PRIOR.between), np.log(PRIOR.within)]
        )
        spread = np.array([PRIOR.log_days_sd, 0.25, 0.25, 0.4, 0.35])
        z = (at - belief) / spread
        return float(0.5 * z @ z - total.sum()), z / spread - slope


def _unpack(at: np.ndarray) -> tuple[float, np.ndarray, float, float]:
    return float(at[0]), at[1:3], float(np.exp(at[3])), float(np.exp(at[4]))

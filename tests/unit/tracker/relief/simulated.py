"""A small made-up clinic whose truth is known: relief that fades day by day."""

import numpy as np
import pandas as pd

from tests.unit.tracker.relief import reference
from tests.unit.tracker.relief.frames import DAY_ZERO, PAIN

BASELINE_DAYS = 20
LONGEST = 150
PHI = 0.35


def noise(rng, n_days, sd, phi=PHI):
    """A stationary first-order autoregression."""
    draws = rng.normal(0, sd, n_days)
    errors = draws.copy()
    for place in range(1, n_days):
        errors[place] = phi * errors[place - 1] + np.sqrt(1 - phi**2) * draws[place]
    return errors


def relief_curve(days, duration, amplitude, power=1.6, off=PAIN.off):
    scale = duration / np.log(amplitude / off) ** (1 / power)
    return amplitude * np.exp(-((days / scale) ** power))


class Clinic:
    """`diary` and `infusions` frames, and the `truths`: {(patient, series): day}.

    `policy` says when a booster is given: "fading", after two bad days in a row;
    "finished", when a whole record of LONGEST days has been kept.
    """

    def __init__(
        self, seed, n_patients, *, n_cycles=3, policy="fading", missing=0.0,
        typical=18.0, between=0.4, within=0.3, sd=0.8,
    ):  # fmt: skip
        self.rng = np.random.default_rng(seed)
        self.policy, self.missing, self.sd = policy, missing, sd
        self.days, self.infused, self.truths = [], [], {}
        for patient in range(n_patients):
            own = np.log(typical) + between * self.rng.normal()
            baseline, amplitude = self.rng.uniform(5.5, 8), self.rng.uniform(0.5, 0.8)
            self._patient(patient, own, within, baseline, amplitude, n_cycles)
        self.diary = pd.DataFrame(self.days, columns=["patient_id", "date", "pain"])
        self.infusions = pd.DataFrame(self.infused, columns=["patient_id", "date"])

    def _patient(self, patient, own, within, baseline, amplitude, n_cycles):
        before = baseline + noise(self.rng, BASELINE_DAYS, self.sd)
        self._log(patient, -BASELINE_DAYS, before)
        day = 0
        for number in range(n_cycles):
            self.infused.append((patient, DAY_ZERO + pd.Timedelta(days=day)))
            duration = np.exp(own + within * self.rng.normal())
            level = relief_curve(np.arange(1, LONGEST + 1), duration, amplitude)
            errors = noise(self.rng, LONGEST, self.sd)
            scores = np.clip(np.rint(baseline * (1 - level) + errors), 0, 10)
            gains = list(enumerate(1 - scores / baseline, start=1))
            self.truths[patient, number + 1] = reference.first_loss(gains, PAIN)
            kept = self._until_booster(gains)
            self._log(patient, day + 1, scores[:kept])
            day += kept + 1

    def _until_booster(self, gains):
        if self.policy == "finished":
            return LONGEST
        for place in range(10, LONGEST):
            if all(gain < PAIN.off for _, gain in gains[place - 2 : place]):
                return place
        return LONGEST

    def _log(self, patient, first_day, scores):
        scores = np.clip(np.rint(scores), 0, 10)
        logged = self.rng.random(len(scores)) >= self.missing
        self.days += [
            (patient, DAY_ZERO + pd.Timedelta(days=int(first_day + place)), score)
            for place, score in enumerate(scores)
            if logged[place]
        ]

    @property
    def frames(self):
        return self.diary, self.infusions

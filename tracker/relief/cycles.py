"""Spells of patients made ready for the model: day matrices, noise, covariates."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.relief.durations import covariates
from tracker.relief.evidence import Logs, read_logs
from tracker.relief.noise import (
    ClinicNoise,
    Differences,
    clinic_noise,
    differences,
    patient_noise,
)
from tracker.relief.panel import Bools, Floats, Ints
from tracker.relief.rule import SLACK
from tracker.relief.skipped import skipped_shares, usual_share
from tracker.relief.spells import Assessed

Rows = npt.NDArray[np.intp]

# Of the baseline's own error, the share that a spell's offset may take.
OFFSET_SHARE = 0.5
# A baseline is about this many days old when the first spell begins.
BASELINE_AGE_DAYS = 20
# A clinic of one patient still has patients that differ.
LEAST_BETWEEN_VAR = 0.25


@dataclass(frozen=True)
class Cycles:
    """What the model needs of each series of an `Assessed`.

    One value a series: `usable` (a baseline above the floor), `responded` (usable,
    with an onset), `x` (n, 2) covariates, `variance` of a logged day and `deviation`
    of one before rounding (shares of the baseline), `baseline_var` of the baseline's
    error (squared share), `age` in days of the baseline on the spell's day 0,
    `skips` the share of days that the patient leaves out.
    """

    found: Assessed
    usable: Bools
    responded: Bools
    x: Floats
    variance: Floats
    deviation: Floats
    baseline_var: Floats
    age: Floats
    skips: Floats

    def lean(self, rows: Rows, slope: float) -> Floats:
        """How far skipped days lie below logged ones, in shares of the baseline.

        `slope`: log odds of skipping a day, by each point of its burden.
        """
        lean: Floats = slope * self.found.baseline[rows] * self.deviation[rows] ** 2
        return lean

    def logs(self, rows: Rows) -> Logs:
        """Day matrices of some series."""
        windows = self.found.windows
        return read_logs(
            self.found.panel,
            windows.first[rows],
            windows.end[rows],
            windows.day_zero[rows],
            self.found.baseline[rows],
            np.sqrt(self.variance[rows]),
        )


def usable_baselines(found: Assessed, floor: float) -> Bools:
    return np.nan_to_num(found.baseline, nan=-1.0) >= floor - SLACK


def measure_noise(found: Assessed, floor: float) -> tuple[Differences, Floats]:
    """Differences of neighbouring days, and the usable baseline of each patient."""
    baseline = np.full(found.panel.n_patients, np.nan)
    usable = usable_baselines(found, floor)
    baseline[found.series.patient[usable]] = found.baseline[usable]
    return differences(found.panel, baseline), baseline


def noise_of_clinic(found: Assessed, floor: float) -> ClinicNoise:
    seen, baseline = measure_noise(found, floor)
    noise = clinic_noise(found.panel, baseline, seen)
    return dataclasses.replace(noise, skipped=usual_share(*_logged_days(found)))


def prepare(found: Assessed, noise: ClinicNoise, floor: float) -> Cycles:
    """The cycles of `found`, with the clinic's noise to draw the patients' to."""
    seen, baseline = measure_noise(found, floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = patient_noise(noise, baseline, seen)
    series = found.series
    patient = series.patient
    usable = usable_baselines(found, floor)
    variance = own.logged[patient]
    day_zero = series.last_day.astype(np.float64)
    order = np.cumsum(series.is_first) - 1
    age = day_zero - day_zero[series.is_first][order] + BASELINE_AGE_DAYS
    return Cycles(
        found=found,
        usable=usable,
        responded=usable & ~np.isnan(found.traced.onset),
        x=covariates(series.number, series.n_infusions),
        variance=variance,
        deviation=np.sqrt(own.latent[patient]),
        baseline_var=_baseline_var(found, variance),
        age=age,
        skips=skipped_shares(*_logged_days(found), noise.skipped)[patient],
    )


def _logged_days(found: Assessed) -> tuple[Floats, Floats]:
    """Days each patient logged, and those up to the last log of each spell."""
    n, patient = found.panel.n_patients, found.series.patient
    expected = np.nan_to_num(found.logs.last)
    return (
        np.bincount(patient, found.logs.number, n).astype(np.float64),
        np.bincount(patient, expected, n).astype(np.float64),
    )


def _baseline_var(found: Assessed, variance: Floats) -> Floats:
    """Variance of the shrunken baseline's error, as a squared share of it."""
    between = max(found.population.between_var, LEAST_BETWEEN_VAR)
    with np.errstate(divide="ignore", invalid="ignore"):
        square = found.baseline**2
        known = found.baseline_days / (1.6 * variance * square)
        spread: Floats = 1 / (1 / between + known) / square
    return spread


def canonical_patients(found: Assessed) -> Ints:
    """Patient numbers in an order that hangs on their records alone.

    The same records give the same order whatever the patients are called, however
    the rows are sorted, and on whatever date it all began.
    """
    panel, series = found.panel, found.series
    n = panel.n_patients
    patient = panel.key >> 20
    first_day = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first_day, series.patient, series.start)
    relative = (panel.key & (2**20 - 1)) - 2**19 - first_day[patient]
    relative = np.where(np.abs(relative) < 2**18, relative, 0)
    digests = (
        np.bincount(patient, minlength=n),
        np.bincount(patient, panel.burden, n),
        np.bincount(patient, panel.burden * relative, n),
        np.bincount(series.patient, series.start - first_day[series.patient], n),
    )
    return np.lexsort(digests[::-1])

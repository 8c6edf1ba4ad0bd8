"""Day-to-day noise of the scores, in shares of a patient's baseline."""

import math
from dataclasses import dataclass

import numpy as np

from tracker.relief.panel import PATIENT_BITS, Floats, Ints, Panel, keys, sums

# Days after an infusion on which the level itself still moves.
UNSETTLED_DAYS = 2
# Differences of days the clinic's figure is worth against a patient's own.
PRIOR_DIFFERENCES = 15.0
HIGHEST_CORRELATION = 0.85
# A clinic without two logs in a row: a point or so on a scale of ten.
DEFAULT_VARIANCE, DEFAULT_CORRELATION = 0.02, 0.35
_STEPS = (1.0, 0.5)


@dataclass(frozen=True)
class ClinicNoise:
    """Noise of a clinic, kept with its model.

    `innovation` is the mean of half the squared difference of neighbouring days,
    `correlation` that of neighbouring days; `latent_innovation` and
    `latent_correlation` are the same without what rounding to `step` (points, 0 for
    none) adds. `skipped` is the share of days that patients leave out.
    """

    innovation: float = DEFAULT_VARIANCE * (1 - DEFAULT_CORRELATION)
    correlation: float = DEFAULT_CORRELATION
    latent_innovation: float = DEFAULT_VARIANCE * (1 - DEFAULT_CORRELATION)
    latent_correlation: float = DEFAULT_CORRELATION
    step: float = 1.0
    skipped: float = 0.0


@dataclass(frozen=True)
class PatientNoise:
    """Variances of one score, one value a patient: as logged, and before rounding."""

    logged: Floats
    latent: Floats


@dataclass(frozen=True)
class Differences:
    """Sums over a patient's half squared differences; one value a patient."""

    one_day: Floats
    n_one_day: Floats
    two_days: Floats
    n_two_days: Floats


def differences(panel: Panel, baseline: Floats) -> Differences:
    """Half squared differences of logged days one and two days apart.

    Parameters
    ----------
    baseline : array (n_patients,), points; NaN leaves a patient out

    Notes
    -----
    Both days lie between the same two infusions and not on the first days after
    one, where the level itself moves; nor on the day of one, as a score of that day
    may be from before it or after it.
    """
    patient = panel.key >> PATIENT_BITS
    value = panel.burden / baseline[patient]
    infused = np.sort(keys(panel.infusion_patient, panel.infusion_end))
    before = np.searchsorted(infused, panel.key)
    since = panel.key - np.append(infused, 0)[before - 1]
    fresh = (before > 0) & (since <= UNSETTLED_DAYS)
    begun = np.sort(keys(panel.infusion_patient, panel.infusion_day))
    infused_on = np.searchsorted(begun, panel.key, side="right") > before
    usable = ~fresh & ~infused_on & np.isfinite(value)
    found: list[Floats] = []
    for gap in (1, 2):
        first = np.arange(len(value))
        second = np.searchsorted(panel.key, panel.key + gap)
        there = second < len(value)
        there[there] = panel.key[second[there]] == panel.key[there] + gap
        first, second = first[there], second[there]
        settled = usable[first] & usable[second] & (before[first] == before[second])
        first, second = first[settled], second[settled]
        half = 0.5 * (value[second] - value[first]) ** 2
        found.append(sums(patient[first], half, panel.n_patients))
        found.append(sums(patient[first], np.ones(len(half)), panel.n_patients))
    return Differences(*found)


def clinic_noise(panel: Panel, baseline: Floats, seen: Differences) -> ClinicNoise:
    """Noise of the whole clinic, by moments.

    Notes
    -----
    In a first-order autoregression with variance v and correlation f, half the mean
    squared difference is v (1 - f) at one day and v (1 - f^2) at two, whose ratio is
    1 + f. Rounding adds step^2 / 12 to both, so it hides some of the correlation.
    """
    step = rounding_step(panel.burden)
    if seen.n_one_day.sum() < 2 or seen.n_two_days.sum() < 2:
        return ClinicNoise(step=step)
    # Exact sums are the same whatever the patients' order.
    one = math.fsum(seen.one_day) / math.fsum(seen.n_one_day)
    two = math.fsum(seen.two_days) / math.fsum(seen.n_two_days)
    known = baseline[np.isfinite(baseline)]
    rounding = step**2 / 12 * math.fsum(1 / known**2) / len(known)
    least = max(0.2 * one, 1e-5)
    latent_one, latent_two = max(one - rounding, least), max(two - rounding, least)
    return ClinicNoise(
        innovation=max(one, 1e-5),
        correlation=_correlation(one, two),
        latent_innovation=latent_one,
        latent_correlation=_correlation(latent_one, latent_two),
        step=step,
    )


def _correlation(one: float, two: float) -> float:
    if one <= 0:
        return 0.0
    return float(np.clip(two / one - 1, 0.0, HIGHEST_CORRELATION))


def patient_noise(
    clinic: ClinicNoise, baseline: Floats, seen: Differences
) -> PatientNoise:
    """Variance of each patient's days, drawn towards the clinic's."""
    worth = seen.n_one_day + PRIOR_DIFFERENCES
    own = (seen.one_day + PRIOR_DIFFERENCES * clinic.innovation) / worth
    rounding = clinic.step**2 / 12 / baseline**2
    latent = np.maximum(own - rounding, 0.2 * own)
    return PatientNoise(
        logged=own / (1 - clinic.correlation),
        latent=latent / (1 - clinic.latent_correlation),
    )


def rounding_step(burden: Floats) -> float:
    """The step of the scale in use: 1 or 0.5 points, 0 for a continuous one."""
    for step in _STEPS:
        if np.allclose(burden / step, np.rint(burden / step), atol=1e-6):
            return step
    return 0.0


def patient_baselines(patient: Ints, baseline: Floats, n_patients: int) -> Floats:
    """One baseline a patient, from one a series."""
    found = np.full(n_patients, np.nan)
    found[patient] = baseline
    return found

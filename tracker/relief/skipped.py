"""Whether days are skipped because they are bad, or because they are good."""

from dataclasses import dataclass

import numpy as np

from tracker.relief.panel import PATIENT_BITS, Floats, Ints, Panel, keys, sums

# Belief about the slope before there are data: hardly ever more than an odds ratio of
# two by each point.
SLOPE_SPREAD = 0.3
# Days about which the clinic's share of skipped days counts as much as the patient's.
PRIOR_DAYS = 20.0
# After so many days without a log a patient has stopped, whatever the scores.
LONGEST_SKIP_DAYS = 7
# Days since an infusion between which logging habits may differ, in all patients.
_HABIT_DAYS = (0, 7, 14, 28, 56)
_STEPS = 8
_LEAST_DAYS = 50
_DECIMALS = 9
_RIDGE = 1e-6


@dataclass(frozen=True)
class Triples:
    """Days whose two neighbours are logged, in no order.

    `group` (n,): a number for each patient's days before the first infusion, and for
    those after it; `since` (n,): the place of the days since an infusion among
    `_HABIT_DAYS`; `beside` (n,): the neighbours' mean burden, points; `own` (n,): the
    day's burden, NaN where it was skipped.
    """

    group: Ints
    since: Ints
    beside: Floats
    own: Floats

    @property
    def skipped(self) -> Floats:
        return np.isnan(self.own).astype(np.float64)


def find_triples(panel: Panel) -> Triples:
    """Days between two logged ones, with no infusion from the first to the last."""
    key = panel.key
    after = np.searchsorted(key, key + 2)
    there = after < len(key)
    there[there] = key[after[there]] == key[there] + 2
    infused = np.sort(keys(panel.infusion_patient, panel.infusion_day))
    before = np.searchsorted(infused, key)
    there &= before == np.searchsorted(infused, key + 2, "right")
    first = np.flatnonzero(there)
    last = after[first]
    own = np.full(len(first), np.nan)
    logged = last - first == 2
    own[logged] = panel.burden[first[logged] + 1]
    patient = key[first] >> PATIENT_BITS
    latest = np.append(infused, 0)[before[first] - 1]
    treated = (before[first] > 0) & (latest >> PATIENT_BITS == patient)
    days = np.where(treated, key[first] + 1 - latest, 0)
    return Triples(
        group=2 * patient + treated,
        since=np.searchsorted(_HABIT_DAYS, days),
        beside=(panel.burden[first] + panel.burden[last]) / 2,
        own=own,
    )


def skipping_slope(panel: Panel) -> float:
    """Log odds of skipping a day, by each point of its burden; 0 if nothing is known.

    Notes
    -----
    A skipped day's burden is foreseen from the two days beside it, by the regression
    among days that were logged. The slope is that of a logistic regression on what is
    foreseen, with intercepts of each patient, of the time before treatment and of the
    days since an infusion: patients who feel worse and log less than others say
    nothing, nor does a diary that is kept well before treatment or after each
    infusion. It is drawn towards 0 by its standard error, clustered by patient,
    against `SLOPE_SPREAD`.
    """
    found = find_triples(panel)
    if len(found.own) < _LEAST_DAYS or not 0 < found.skipped.sum() < len(found.own):
        return 0.0
    slope, deviation = _logistic(found, _foreseen(found))
    if not np.isfinite(slope) or not np.isfinite(deviation):
        return 0.0
    drawn = slope * SLOPE_SPREAD**2 / (SLOPE_SPREAD**2 + deviation**2)
    # The last digits hang on the order in which patients are summed.
    return round(float(drawn), _DECIMALS)


def _foreseen(found: Triples) -> Floats:
    """Burden of each day by its neighbours', about the group's mean."""
    seen = ~np.isnan(found.own)
    among = _about_mean(found.group[seen], found.beside[seen])
    own = _about_mean(found.group[seen], found.own[seen])
    square = float(among @ among)
    share = float(own @ among) / square if square > 0 else 0.0
    foreseen: Floats = share * _about_mean(found.group, found.beside)
    return foreseen


def _about_mean(group: Ints, values: Floats) -> Floats:
    count = np.maximum(np.bincount(group), 1)
    about: Floats = values - (np.bincount(group, values) / count)[group]
    return about


def _logistic(found: Triples, foreseen: Floats) -> tuple[float, float]:
    """Slope and its standard error, the groups' intercepts profiled out."""
    group, skipped = found.group, found.skipped
    n = int(group.max()) + 1
    habits = found.since[:, None] == np.arange(1, len(_HABIT_DAYS) + 1)
    design = np.column_stack((foreseen, habits[:, 1:]))
    share = (sums(group, skipped, n) + 0.5) / (np.bincount(group, minlength=n) + 1)
    intercept, theta = np.log(share / (1 - share)), np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(intercept[group] + design @ theta)))
        weight = chance * (1 - chance)
        total = np.maximum(sums(group, weight, n), 1e-9)
        centre = np.stack([sums(group, weight * x, n) / total for x in design.T], 1)
        about = design - centre[group]
        information = (weight[:, None] * about).T @ about
        information += _RIDGE * np.eye(len(theta))
        pull = (skipped - chance)[:, None] * about
        step = np.clip(np.linalg.solve(information, pull.sum(axis=0)), -1, 1)
        theta = np.clip(theta + step, -5, 5)
        rest = sums(group, skipped - chance, n) / total
        intercept = np.clip(intercept + np.clip(rest - centre @ step, -2, 2), -8, 8)
    inverse = np.linalg.inv(information)
    # Each patient's pulls in the slope's own direction.
    own = sums(group >> 1, pull @ inverse[0], (n + 1) // 2)
    return float(theta[0]), float(np.sqrt((own**2).sum()))


def usual_share(logged: Floats, expected: Floats) -> float:
    """Share of days that the clinic's patients skip, 0 if none was expected."""
    whole = float(expected.sum())
    return 1 - float(logged.sum()) / whole if whole > 0 else 0.0


def skipped_shares(logged: Floats, expected: Floats, usual: float) -> Floats:
    """Share of days each patient skips, drawn towards the clinic's.

    Parameters
    ----------
    logged, expected : arrays (n_patients,), days
    usual : float
        The clinic's share.
    """
    share: Floats = (expected - logged + PRIOR_DAYS * usual) / (expected + PRIOR_DAYS)
    return np.clip(share, 0.0, 1.0)

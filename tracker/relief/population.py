"""How bad it was before the first infusion, in one patient and in the clinic."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from tracker.relief.criteria import Criteria
from tracker.relief.panel import AsOf, Floats, Ints, Panel, keys, read_panel, sums
from tracker.relief.series import SeriesTable, build_series

# Before a clinic has many patients, their baselines are believed to lie a tenth of the
# scale apart, as if so many patients had shown it. Without it a clinic of a few, whose
# variance may well come out as 0, would pass over what each of them logged.
USUAL_BETWEEN_SHARE = 0.1
PRIOR_PATIENTS = 4


@dataclass(frozen=True)
class Population:
    """Baselines of a clinic's patients in one item.

    Parameters
    ----------
    mean : float, points of burden
        Mean of the patients' baselines.
    between_var, within_var : float, squared points
        Variance of the patients' true baselines, and of one patient's days; the
        latter 0 where it could not be estimated.
    n_patients : int
        Patients with a logged day in the window; 0 means nothing is known,
        and nothing is borrowed.
    item : str
        The diary item; empty fits every item.

    Raises
    ------
    ValueError
        A number is not finite, or a variance or count is negative.
    """

    mean: float = 0.0
    between_var: float = 0.0
    within_var: float = 0.0
    n_patients: int = 0
    item: str = ""

    def __post_init__(self) -> None:
        for name in ("mean", "between_var", "within_var", "n_patients"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{name} must be finite and 0 or more, was {value!r}")

    def to_dict(self) -> dict[str, float | int | str]:
        """Plain numbers and text, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The population that `to_dict` wrote.

        Raises
        ------
        ValueError
            A field is missing or not known.
        """
        names = {field.name for field in dataclasses.fields(cls)}
        if set(values) != names:
            odd = ", ".join(sorted(names ^ set(values)))
            raise ValueError(f"a population has the fields of to_dict, odd: {odd}")
        return cls(**values)


@dataclass(frozen=True)
class OwnBaselines:
    """Sums over each patient's window; one row a patient with a series."""

    days: Ints
    mean: Floats
    squares: Floats


def estimate_population(
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    criteria: Criteria,
    as_of: AsOf = None,
) -> Population:
    """Mean and variances of the clinic's baselines.

    Parameters
    ----------
    diary, infusions, criteria, as_of
        As for `find_spells`.

    Returns
    -------
    Population
        `n_patients` is 0 when nobody logged in the window.

    Raises
    ------
    ValueError
        As for `find_spells`.

    Notes
    -----
    By moments, each patient counting once: the variance of the patients' means
    less their mean sampling variance (Cochran 1954, Biometrics 10:101), the
    latter times `baseline_inflation` as neighbouring days are alike. A
    negative estimate is 0. The variance is then drawn towards that of baselines
    `USUAL_BETWEEN_SHARE` of the scale apart, worth `PRIOR_PATIENTS` patients.
    """
    panel = read_panel(diary, infusions, criteria, as_of)
    series = build_series(panel, infusions, criteria)
    return pool(own_baselines(panel, series, criteria), criteria)


def own_baselines(
    panel: Panel, series: SeriesTable, criteria: Criteria
) -> OwnBaselines:
    """Each patient's logged days in the window before the first series ever."""
    patient = series.patient[series.is_first]
    start = series.start[series.is_first]
    low = np.searchsorted(panel.key, keys(patient, start - criteria.baseline_window))
    days = np.searchsorted(panel.key, keys(patient, start)) - low
    owner = np.repeat(np.arange(len(patient)), days)
    ahead = np.repeat(low - (np.cumsum(days) - days), days)
    burden = panel.burden[np.arange(len(owner)) + ahead]
    total = sums(owner, burden, len(patient))
    mean = np.divide(total, days, out=np.full(len(days), np.nan), where=days > 0)
    squares = sums(owner, (burden - mean[owner]) ** 2, len(patient))
    return OwnBaselines(days, mean, squares)


def own_spread(own: OwnBaselines) -> Floats:
    """Standard deviation of each patient's days, points; NaN with fewer than two."""
    spread = np.full(len(own.days), np.nan)
    several = own.days > 1
    spread[several] = np.sqrt(own.squares[several] / (own.days[several] - 1))
    return spread


def pool(own: OwnBaselines, criteria: Criteria) -> Population:
    """The clinic's mean and variances, the same whatever the patients' order."""
    seen = own.days > 0
    days, means = own.days[seen], own.mean[seen]
    n = len(days)
    if not n:
        return Population(item=criteria.item)
    mean = math.fsum(means) / n
    replicates = int((days - 1).sum())
    within = math.fsum(own.squares[seen]) / replicates if replicates else 0.0
    spread = math.fsum((means - mean) ** 2) / (n - 1) if n > 1 else 0.0
    sampling = criteria.baseline_inflation * within * math.fsum(1 / days) / n
    between = max(spread - sampling, 0.0)
    usual = (USUAL_BETWEEN_SHARE * criteria.scale_max) ** 2
    between = ((n - 1) * between + PRIOR_PATIENTS * usual) / (n - 1 + PRIOR_PATIENTS)
    return Population(mean, between, within, n, criteria.item)


def shrink(own: OwnBaselines, population: Population, criteria: Criteria) -> Floats:
    """Baselines drawn towards the clinic's mean, NaN where nothing is known.

    Raises
    ------
    ValueError
        The population is of another item.
    """
    if population.item not in ("", criteria.item):
        raise ValueError(
            f"population must be of the item {criteria.item}, was {population.item!r}"
        )
    if not population.n_patients:
        return own.mean
    sampling = np.full(len(own.days), np.inf)
    noise = criteria.baseline_inflation * population.within_var
    np.divide(noise, own.days, out=sampling, where=own.days > 0)
    whole = population.between_var + sampling
    # Without any variance the patient's own mean is exact.
    share = np.divide(
        population.between_var, whole, out=np.ones(len(whole)), where=whole > 0
    )
    own_mean = np.where(own.days > 0, own.mean, 0.0)
    baseline: Floats = share * own_mean + (1 - share) * population.mean
    return baseline

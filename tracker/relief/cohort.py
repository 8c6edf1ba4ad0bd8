"""A clinic's patients together: who responded, who logged, how long fading waited."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from tracker.relief.groups import TOO_FEW_PATIENTS, group_spells
from tracker.relief.spells import LOST, NO_RESPONSE, NOT_ASSESSABLE
from tracker.relief.survival import _RESPONDED, kaplan_meier

FEWEST_PATIENTS = 5


class Share(NamedTuple):
    """A share with its 95 % limits, and what it was counted over; NaN is withheld."""

    share: float
    lower: float
    upper: float
    n: int
    n_patients: int


class Wait(NamedTuple):
    """Days from the first day seen lost to the next infusion; NaN is withheld."""

    low: float
    middle: float
    high: float
    n: int
    n_patients: int
    n_waiting: int


def clustered_share(
    counted: pd.Series,
    total: pd.Series,
    patients: pd.Series,
    min_patients: int = FEWEST_PATIENTS,
) -> Share:
    """Of all that was counted, the share, with limits that know whose it is.

    Parameters
    ----------
    counted, total : Series of number, one value a spell
    patients : Series, whose each spell is
    min_patients : int
        With fewer, the share is withheld.

    Returns
    -------
    Share
        Limits are Student's, with the variance of a ratio clustered by patient
        (Cochran 1977, Sampling Techniques, 3rd ed., 6.19), clipped to 0 and 1.
    """
    by = pd.DataFrame({"counted": counted, "total": total, "patient": patients})
    sums = by.groupby("patient", sort=False)[["counted", "total"]].sum()
    sums = sums[sums["total"] > 0]
    n, whole = len(sums), float(sums["total"].sum())
    if n < max(min_patients, 1):
        return Share(np.nan, np.nan, np.nan, int(whole), n)
    share = float(sums["counted"].sum()) / whole
    gaps = (sums["counted"] - share * sums["total"]) / whole
    if n == 1:
        return Share(share, np.nan, np.nan, int(whole), n)
    error = float(np.sqrt(n / (n - 1) * (gaps**2).sum()))
    reach = float(stdtrit(n - 1, 0.975)) * error
    low, high = np.clip((share - reach, share + reach), 0, 1)
    return Share(share, float(low), float(high), int(whole), n)


def response_rates(
    spells: pd.DataFrame,
    by: str | pd.Series,
    min_patients: int = FEWEST_PATIENTS,
) -> pd.DataFrame:
    """The share of judged series after which relief began, by group.

    Parameters
    ----------
    spells, by
        As for `compare`.

    Returns
    -------
    DataFrame, one row a group
        group, share, lower, upper, n (series judged), n_patients, reason (empty, or
        too_few_patients with the shares NaN). Series that could not be judged are
        left out.
    """
    grouped = group_spells(spells, by)
    judged = grouped[grouped["status"] != NOT_ASSESSABLE]
    rows = []
    for group, part in judged[judged["group"].notna()].groupby("group", observed=True):
        found = clustered_share(
            (part["status"] != NO_RESPONSE).astype(float),
            pd.Series(1.0, part.index),
            part["patient_id"],
            min_patients,
        )
        reason = TOO_FEW_PATIENTS if np.isnan(found.share) else ""
        rows.append((group, *found, reason))
    return pd.DataFrame(rows, columns=["group", *Share._fields, "reason"])


def logging_rate(spells: pd.DataFrame, min_patients: int = FEWEST_PATIENTS) -> Share:
    """The share of days after infusions that were logged."""
    return clustered_share(
        spells["days_logged"],
        spells["days_expected"],
        spells["patient_id"],
        min_patients,
    )


def fading_to_infusion(
    spells: pd.DataFrame, min_patients: int = FEWEST_PATIENTS
) -> Wait:
    """How long patients waited without relief until the next infusion.

    Returns
    -------
    Wait
        Quartiles in days, over spells that were lost and followed by an infusion;
        `n_waiting` counts those lost that none has followed yet, whose waits are not
        among the quartiles and can only be longer.
    """
    lost = spells[spells["status"] == LOST]
    waiting = int(lost["next_infusion"].isna().sum())
    ended = lost[lost["next_infusion"].notna()]
    n_patients = int(ended["patient_id"].nunique())
    if n_patients < max(min_patients, 1):
        return Wait(np.nan, np.nan, np.nan, len(ended), n_patients, waiting)
    since = (ended["next_infusion"] - ended["last_infusion"]).dt.days - ended["upper"]
    low, middle, high = np.quantile(since.to_numpy(np.float64), [0.25, 0.5, 0.75])
    return Wait(float(low), float(middle), float(high), len(ended), n_patients, waiting)


def group_curves(
    spells: pd.DataFrame,
    by: str | pd.Series,
    min_patients: int = FEWEST_PATIENTS,
) -> pd.DataFrame:
    """Kaplan-Meier curves of the groups that have enough patients.

    Parameters
    ----------
    spells, by
        As for `compare`.

    Returns
    -------
    DataFrame, one row a group and day
        group, and the columns of `kaplan_meier`, limits clustered by patient.
        Boosters count as censoring: a group whose boosters come as relief fades
        reads longer than it is.
    """
    grouped = group_spells(spells, by)
    begun = grouped[grouped["status"].isin(_RESPONDED) & grouped["group"].notna()]
    parts = [
        kaplan_meier(part).assign(group=group)
        for group, part in begun.groupby("group", observed=True)
        if part["patient_id"].nunique() >= min_patients
    ]
    if not parts:
        return kaplan_meier(spells.iloc[:0]).assign(group="").iloc[:0]
    return pd.concat(parts, ignore_index=True)

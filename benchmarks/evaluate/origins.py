"""Fresh patients, each looked at on a random day, and what became of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluate.simulator import DAYS, EPOCH, Clinic
from tracker.relief import Criteria


@dataclass(frozen=True)
class Origins:
    """A random day for each patient: `as_of`, by patient."""

    as_of: pd.Series


def draw_origins(clinic: Clinic, seed: int) -> Origins:
    """A day between a patient's first spell and the last one's end."""
    r = np.random.default_rng((5, seed))
    days = (
        (clinic.diary["date"].to_numpy() - EPOCH).astype("timedelta64[D]").astype(int)
    )
    last_log = pd.Series(days).groupby(clinic.diary["patient_id"].to_numpy()).max()
    first = clinic.cycles.groupby("patient_id")["last_infusion"].min()
    first = first.reindex(last_log.index)
    span = np.maximum(last_log - first, 1)
    day = first + 1 + np.floor(r.random(len(span)) * span)
    return Origins(pd.Series(EPOCH + day.to_numpy().astype(int), index=last_log.index))


def true_losses(
    clinic: Clinic, outlook: pd.DataFrame, criteria: Criteria
) -> np.ndarray:
    """First day of the confirmed loss after the last day seen in relief.

    From the complete record the patient would have had without another infusion, by
    the tracker's own rule and baseline; inf for none in the days simulated.
    """
    key = clinic.cycles["patient_id"] * 100_000 + clinic.cycles["last_infusion"]
    last = outlook["last_infusion"].to_numpy().astype("datetime64[D]")
    asked = outlook["patient_id"].to_numpy() * 100_000 + (last - EPOCH).astype(int)
    place = np.searchsorted(key.to_numpy(), asked)
    record = clinic.records[place]
    bad = record > (outlook["off_level"].to_numpy() + 1e-6)[:, None]
    day = np.arange(DAYS + 1)
    bad &= day[None, :] > outlook["last_relief_day"].to_numpy()[:, None]
    return first_run(bad, criteria.k_off)


def first_run(flags: np.ndarray, length: int) -> np.ndarray:
    """First day of the first run of `length` flags in each row, inf for none."""
    n, days = flags.shape
    run = np.ones((n, days - length + 1), bool)
    for shift in range(length):
        run &= flags[:, shift : shift + run.shape[1]]
    return np.where(run.any(axis=1), run.argmax(axis=1), np.inf).astype(float)

"""How far estimates of the clinic's durations lie from the complete records."""

import numpy as np
import pandas as pd

from evaluate.asked import LAST_DAY, Training
from evaluate.origins import first_run
from evaluate.simulator import DAYS, EPOCH, Clinic
from tracker import relief
from tracker.relief.model import ReliefModel

RESTRICTED = 60
# Columns of the report, in this order; `ours` is left out where there is no method.
ESTIMATES = ("finished", "km", "low", "ours")


def duration_bias(clinic: Clinic, training: Training, model: ReliefModel) -> dict:
    """Error (share of the truth) of the median and of the mean to 60 days.

    By estimate: a pair; `truth` holds the true pair, `cut` the share of spells that
    a booster cut short.
    """
    truth = _figures(_complete_curve(clinic, training))
    found = {
        name: tuple(np.array(_figures(curve)) / np.array(truth) - 1)
        for name, curve in _curves(training, model).items()
    }
    status = training.spells["status"]
    responded = status.isin(["lost", "holding", "cut_by_infusion", "cut_by_silence"])
    cut = float((status[responded] == "cut_by_infusion").mean())
    return {**found, "truth": truth, "cut": cut}


def _curves(training: Training, model: ReliefModel) -> dict[str, np.ndarray]:
    spells = training.spells
    finished = spells.loc[spells["status"] == "lost", "upper"].to_numpy()
    curves = {
        "finished": _empirical(finished),
        "km": _held(relief.kaplan_meier(spells)["survival"]),
        "low": _held(relief.bounds(spells)["low"]),
    }
    # A model that cannot describe durations is evaluated without.
    describe = getattr(model, "relief_distribution", None)
    if describe is not None:
        ours = describe(training.diary, training.infusions)
        curves["ours"] = _held(ours["survival"])
    return curves


def _complete_curve(clinic: Clinic, training: Training) -> np.ndarray:
    """Share of responding cycles still in relief, had no other infusion followed.

    By the tracker's rule and baseline, on every day's score.
    """
    rule, spells = training.criteria, training.spells
    last = spells["last_infusion"].to_numpy().astype("datetime64[D]")
    number = pd.MultiIndex.from_frame(clinic.cycles[["patient_id", "last_infusion"]])
    asked = pd.MultiIndex.from_arrays(
        [spells["patient_id"], (last - EPOCH).astype(int)]
    )
    row = number.get_indexer(asked)
    baseline = spells["baseline"].to_numpy()
    usable = (row >= 0) & (np.nan_to_num(baseline) >= rule.floor)
    record, known = clinic.records[row[usable]], baseline[usable][:, None]
    onset = first_run(record <= known * (1 - rule.on) + 1e-6, rule.k_on)
    bad = record > known * (1 - rule.off) + 1e-6
    bad &= np.arange(DAYS + 1)[None, :] > onset[:, None]
    lost = first_run(bad, rule.k_off)
    return _empirical(lost[onset <= rule.onset_window])


def _empirical(days: np.ndarray) -> np.ndarray:
    return (days[:, None] > np.arange(LAST_DAY + 1)[None, :]).mean(axis=0)


def _held(survival: pd.Series) -> np.ndarray:
    """Days 0 to 180, at the last value beyond the end."""
    values = survival.to_numpy(float)[: LAST_DAY + 1]
    return np.pad(values, (0, LAST_DAY + 1 - len(values)), mode="edge")


def _figures(curve: np.ndarray) -> tuple[float, float]:
    """Median (inf beyond the last day), and mean restricted to 60 days."""
    reached = np.flatnonzero(curve <= 0.5 + 1e-12)
    median = float(reached[0]) if len(reached) else float("inf")
    return median, float(curve[:RESTRICTED].sum())

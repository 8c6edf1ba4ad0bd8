"""What is known of the current spells, and asked of every forecaster."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tracker import relief

LAST_DAY = 180
RESPONDED = ("lost", "holding", "cut_by_infusion", "cut_by_silence")


@dataclass(frozen=True)
class Training:
    """The records forecasters learn from, and what the tracker's rule says of them."""

    diary: pd.DataFrame
    infusions: pd.DataFrame
    criteria: relief.Criteria
    population: relief.Population
    spells: pd.DataFrame

    @classmethod
    def of(
        cls, diary: pd.DataFrame, infusions: pd.DataFrame, criteria: relief.Criteria
    ) -> "Training":
        population = relief.estimate_population(diary, infusions, criteria)
        spells = relief.find_spells(diary, infusions, criteria, population=population)
        return cls(diary, infusions, criteria, population, spells)


@dataclass(frozen=True)
class Asked:
    """Current spells in relief, and their past; one value or row a spell.

    `spells`: the frame of `find_spells` as of the day of asking; `last_relief` the
    last day seen in relief, `day` the day of asking; `earlier`: spells before, with
    `owner`, the row they belong to; `logs`: owner, day and improvement of each logged
    day of the current spell, sorted.
    """

    spells: pd.DataFrame
    last_relief: np.ndarray
    day: np.ndarray
    earlier: pd.DataFrame
    logs: pd.DataFrame

    def __len__(self) -> int:
        return len(self.spells)


def ask(
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    training: Training,
    as_of: pd.Series,
) -> Asked:
    """The current spells in relief as of a day of each patient."""
    found = relief.find_spells(
        diary, infusions, training.criteria, as_of, training.population
    )
    is_last = ~found["patient_id"].duplicated(keep="last")
    current = found[is_last & (found["status"] == "holding")].reset_index(drop=True)
    owner = pd.Series(current.index, index=current["patient_id"])
    earlier = found[~is_last & found["patient_id"].isin(owner.index)]
    earlier = earlier.assign(owner=owner.reindex(earlier["patient_id"]).to_numpy())
    until = as_of.reindex(current["patient_id"]).to_numpy().astype("datetime64[D]")
    zero = current["last_infusion"].to_numpy().astype("datetime64[D]")
    return Asked(
        spells=current,
        last_relief=current["lower"].to_numpy().astype(int),
        day=(until - zero).astype(int),
        earlier=earlier.reset_index(drop=True),
        logs=_logs(diary, current, owner, (until - zero).astype(int), training),
    )


def _logs(
    diary: pd.DataFrame,
    current: pd.DataFrame,
    owner: pd.Series,
    until: np.ndarray,
    training: Training,
) -> pd.DataFrame:
    """Logged days 1 to the day of asking of each current spell."""
    rows = diary[diary["patient_id"].isin(owner.index)]
    place = owner.reindex(rows["patient_id"]).to_numpy()
    zero = current["last_infusion"].to_numpy().astype("datetime64[D]")
    date = rows["date"].to_numpy().astype("datetime64[D]")
    day = (date - zero[place]).astype(int)
    burden = rows[training.criteria.item].to_numpy(float)
    if training.criteria.higher_is_better:
        burden = 10 - burden
    improvement = 1 - burden / current["baseline"].to_numpy()[place]
    frame = pd.DataFrame({"owner": place, "day": day, "improvement": improvement})
    frame = frame[(day >= 1) & (day <= until[place])]
    return frame.sort_values(["owner", "day"], ignore_index=True)


def durations(spells: pd.DataFrame) -> pd.DataFrame:
    """Spells that responded: loss in (lower, upper], upper inf where it was not seen.

    Where it was not seen, `lower` is the day up to which it surely had not come.
    """
    known = spells[spells["status"].isin(RESPONDED)].copy()
    lost = known["status"] == "lost"
    known["lower"] = np.where(lost, known["lower"], known["confirmable"])
    known["upper"] = np.where(lost, known["upper"], np.inf)
    return known


def conditional(log_survival: np.ndarray, last_relief: np.ndarray) -> np.ndarray:
    """Chance (n, days) of a loss by each day, given that it is after `last_relief`."""
    rows = np.arange(len(last_relief))
    at = np.minimum(last_relief, log_survival.shape[1] - 1)
    since = log_survival - log_survival[rows, at][:, None]
    day = np.arange(log_survival.shape[1])
    lost = -np.expm1(np.minimum(since, 0))
    return np.where(day[None, :] > last_relief[:, None], lost, 0.0)

"""How a decision turned out: pure, from the diary, the infusions and the spells."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

# When somebody looks back, in days.
LOOKS_BACK = (14, 42)
# Means are taken over so many days; fewer logs than this say too little.
DAYS_OF_A_MEAN = 7
FEWEST_DAYS = 3


@dataclass(frozen=True)
class TurnedOut:
    """What stood on `on`, so many days after a decision.

    `relief` is "in_relief", "lost", "no_response" or "not_known"; means are over the
    week that ends on the day, None with fewer than three days logged.
    """

    on: date
    after_days: int
    relief: str
    infusions: int
    mean_then: float | None
    mean_now: float | None
    days_logged: int


def turned_out(
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    spells: pd.DataFrame,
    item: str,
    *,
    decided_on: date,
    after_days: int,
) -> TurnedOut:
    """What became of a patient `after_days` after a decision.

    Parameters
    ----------
    diary, infusions, spells : DataFrame
        Of one patient, as `tracker.frames` gives them, known as of that day or later.
    """
    on = decided_on + timedelta(days=after_days)
    given = infusions["date"]
    between = (given > pd.Timestamp(decided_on)) & (given <= pd.Timestamp(on))
    now, logged = _mean(diary, item, on)
    return TurnedOut(
        on=on,
        after_days=after_days,
        relief=_relief_on(spells, on),
        infusions=int(between.sum()),
        mean_then=_mean(diary, item, decided_on)[0],
        mean_now=now,
        days_logged=logged,
    )


def _mean(diary: pd.DataFrame, item: str, on: date) -> tuple[float | None, int]:
    first = pd.Timestamp(on - timedelta(days=DAYS_OF_A_MEAN - 1))
    week = diary[(diary["date"] >= first) & (diary["date"] <= pd.Timestamp(on))]
    values = week[item].dropna()
    mean = float(values.mean()) if len(values) >= FEWEST_DAYS else None
    return mean, len(values)


def _relief_on(spells: pd.DataFrame, on: date) -> str:
    begun = spells[spells["last_infusion"] <= pd.Timestamp(on)]
    if begun.empty:
        return "not_known"
    spell = begun.iloc[-1]
    day = (pd.Timestamp(on) - spell["last_infusion"]).days
    if spell["status"] == "no_response":
        return "no_response"
    if spell["status"] == "lost" and day >= spell["upper"]:
        return "lost"
    seen = not pd.isna(spell["lower"]) and not pd.isna(spell["onset"])
    if seen and spell["onset"] <= day <= spell["lower"]:
        return "in_relief"
    return "not_known"

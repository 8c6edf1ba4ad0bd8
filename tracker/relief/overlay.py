"""Every cycle on one axis of days since its last infusion, and the usual course."""

import pandas as pd

from tracker.relief.criteria import HIGHER_IS

# A usual course is shown where so many earlier cycles were logged, ...
FEWEST_CYCLES = 3
# ... over so many days at once, as few log every day.
DAYS_AT_ONCE = 3
_BAND = ("day", "low", "middle", "high", "n_cycles")


def overlay_cycles(
    diary: pd.DataFrame, spells: pd.DataFrame, item: str
) -> pd.DataFrame:
    """One patient's ratings by days since the last infusion of each series.

    Parameters
    ----------
    diary : DataFrame
        date (naive datetime64) and a column called `item`.
    spells : DataFrame
        As `find_spells` returns it, of the same patient.
    item : str

    Returns
    -------
    DataFrame, one row a series and day logged, in order
        series (int), day (int, 0 is the day of the last infusion), value (float).
        Days before the next series begins alone.

    Raises
    ------
    ValueError
        `item` is no diary item.
    """
    if item not in HIGHER_IS:
        raise ValueError(f"item must be one of {sorted(HIGHER_IS)}, was {item!r}")
    logged = diary[["date", item]].dropna()
    parts = []
    for spell in spells.to_dict("records"):
        inside = logged["date"] >= spell["last_infusion"]
        if not pd.isna(spell["next_infusion"]):
            inside &= logged["date"] < spell["next_infusion"]
        own = logged[inside]
        days = (own["date"] - spell["last_infusion"]).dt.days
        parts.append(
            pd.DataFrame({"series": spell["series"], "day": days, "value": own[item]})
        )
    if not parts:
        return pd.DataFrame({"series": [], "day": [], "value": []}).astype(
            {"series": "int64", "day": "int64", "value": "float64"}
        )
    return pd.concat(parts, ignore_index=True).astype(
        {"series": "int64", "day": "int64", "value": "float64"}
    )


def usual_course(overlaid: pd.DataFrame) -> pd.DataFrame:
    """The quarter, the middle and the three quarters of a patient's earlier cycles.

    Parameters
    ----------
    overlaid : DataFrame
        As `overlay_cycles` returns it; the last series is the present one and is
        not among the earlier.

    Returns
    -------
    DataFrame, one row a day on which three earlier cycles or more were logged
        day, low, middle, high (quartiles over cycles, each by the mean of what it
        has within a day), n_cycles. Later days are those of the longer cycles
        alone: a band that rises there may say no more than that.
    """
    if overlaid.empty:
        return pd.DataFrame(columns=list(_BAND))
    earlier = overlaid[overlaid["series"] < overlaid["series"].max()]
    reach = DAYS_AT_ONCE // 2
    near = pd.concat(
        [
            earlier.assign(day=earlier["day"] + shift)
            for shift in range(-reach, reach + 1)
        ]
    )
    near = near[near["day"] >= 0]
    means = near.groupby(["day", "series"])["value"].mean()
    by_day = means.groupby(level="day")
    found = pd.DataFrame(
        {
            "low": by_day.quantile(0.25),
            "middle": by_day.quantile(0.5),
            "high": by_day.quantile(0.75),
            "n_cycles": by_day.size(),
        }
    )
    found = found.rename_axis("day").reset_index()
    return found[found["n_cycles"] >= FEWEST_CYCLES].reset_index(drop=True)

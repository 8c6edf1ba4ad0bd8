"""Every cycle on one axis of days since its last infusion, and the usual course."""

import numpy as np
import numpy.typing as npt
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
        A day belongs to the series whose last infusion came last before it, and to
        none from the first infusion of the next series to its last.

    Raises
    ------
    ValueError
        `item` is no diary item.
    """
    if item not in HIGHER_IS:
        raise ValueError(f"item must be one of {sorted(HIGHER_IS)}, was {item!r}")
    logged = diary[["date", item]].dropna().sort_values("date")
    ordered = spells.sort_values("last_infusion")
    starts = ordered["last_infusion"].to_numpy("datetime64[D]")
    days = logged["date"].to_numpy("datetime64[D]")
    place = np.searchsorted(starts, days, side="right") - 1
    ends = ordered["next_infusion"].to_numpy("datetime64[D]")
    after = place >= 0
    if len(starts):
        # Between the infusions of a series no relief is judged.
        after &= np.isnat(ends[place]) | (days < ends[place])
    place, days = place[after], days[after]
    return pd.DataFrame(
        {
            "series": ordered["series"].to_numpy(np.int64)[place],
            "day": (days - starts[place]).astype(np.int64),
            "value": logged[item].to_numpy(np.float64)[after],
        }
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
    if earlier.empty:
        return pd.DataFrame(columns=list(_BAND))
    means = _smoothed(earlier)
    n_cycles = (~np.isnan(means)).sum(axis=0)
    days = np.flatnonzero(n_cycles >= FEWEST_CYCLES)
    if not len(days):
        return pd.DataFrame(columns=list(_BAND))
    quartiles = np.nanquantile(means[:, days], [0.25, 0.5, 0.75], axis=0)
    low, middle, high = quartiles
    return pd.DataFrame(
        {
            "day": days,
            "low": low,
            "middle": middle,
            "high": high,
            "n_cycles": n_cycles[days],
        }
    )


def _smoothed(earlier: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Means over a few days, one row a cycle and one column a day; NaN is not logged."""
    _, row = np.unique(earlier["series"].to_numpy(), return_inverse=True)
    day = earlier["day"].to_numpy(np.int64)
    reach = DAYS_AT_ONCE // 2
    shape = int(row.max()) + 1, int(day.max()) + 1 + 2 * reach
    sums, counts = np.zeros(shape), np.zeros(shape)
    for shift in range(2 * reach + 1):
        np.add.at(sums, (row, day + shift), earlier["value"].to_numpy(np.float64))
        np.add.at(counts, (row, day + shift), 1.0)
    with np.errstate(invalid="ignore"):
        # The first columns stand for days before the infusion.
        return (sums / counts)[:, reach:]

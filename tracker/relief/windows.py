"""Side effects by when they were reported: the day itself, the days after, between."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tracker.relief.panel import read_days

SAME_DAY, DAYS_AFTER, BETWEEN = "same_day", "days_after", "between"
WINDOWS = (SAME_DAY, DAYS_AFTER, BETWEEN)
# Through this day after an infusion a side effect is counted to it.
LAST_DAY_AFTER = 3


def by_window(reports: pd.DataFrame, infusions: pd.DataFrame) -> pd.DataFrame:
    """How often each side effect was reported in each window after an infusion.

    Parameters
    ----------
    reports : DataFrame, one row a side effect, or a day that was asked with none
        patient_id; date (naive datetime64); code (missing where none was reported);
        severity (1 to 3).
    infusions : DataFrame, one row an infusion
        patient_id; date and end_date (naive datetime64).

    Returns
    -------
    DataFrame, one row a window and side effect
        window (same_day: a day of an infusion; days_after: one to three days after
        the last one; between: later), code, patients, days (on which it was
        reported), days_asked and patients_asked (of the window), worst (severity).
        Days before the first infusion are left out. The most reported come first.

    Raises
    ------
    ValueError
        A date is not a naive datetime64.
    """
    read_days(reports["date"], "reports date")
    placed = _placed(reports, infusions)
    asked = placed.groupby("window").agg(
        days_asked=("day_key", "nunique"), patients_asked=("patient_id", "nunique")
    )
    named = placed[placed["code"].notna()]
    counted = (
        named.groupby(["window", "code"], sort=False)
        .agg(
            patients=("patient_id", "nunique"),
            days=("day_key", "nunique"),
            worst=("severity", "max"),
        )
        .reset_index()
        .merge(asked, on="window")
    )
    order = {window: place for place, window in enumerate(WINDOWS)}
    counted = counted.assign(place=counted["window"].map(order))
    return (
        counted.sort_values(["place", "days", "code"], ascending=[True, False, True])
        .drop(columns="place")
        .reset_index(drop=True)
    )


def asked_by_window(
    reports: pd.DataFrame, infusions: pd.DataFrame
) -> Mapping[str, int]:
    """On how many patient days somebody was asked, by window."""
    placed = _placed(reports, infusions)
    days = placed.groupby("window")["day_key"].nunique()
    return {window: int(days.get(window, 0)) for window in WINDOWS}


def _placed(reports: pd.DataFrame, infusions: pd.DataFrame) -> pd.DataFrame:
    """Reports with the window their day lies in; those before any infusion go."""
    parts = []
    for patient, own in reports.groupby("patient_id", sort=False):
        given = infusions[infusions["patient_id"] == patient].sort_values("end_date")
        if given.empty:
            continue
        parts.append(own.assign(window=_windows(own["date"], given)))
    columns = [*reports.columns, "window"]
    placed = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    placed = placed[placed["window"] != ""]
    key = placed["patient_id"].astype(str) + " " + placed["date"].astype(str)
    return placed.assign(day_key=key)


def _windows(dates: pd.Series, given: pd.DataFrame) -> Sequence[str]:
    """The window of each date, by the infusion that began last before it."""
    day = dates.to_numpy("datetime64[D]")
    starts = np.sort(given["date"].to_numpy("datetime64[D]"))
    ends = np.maximum.accumulate(given["end_date"].to_numpy("datetime64[D]"))
    place = np.searchsorted(starts, day, side="right") - 1
    since = (day - ends[np.maximum(place, 0)]).astype("int64")
    words = np.where(
        since <= 0, SAME_DAY, np.where(since <= LAST_DAY_AFTER, DAYS_AFTER, BETWEEN)
    )
    return list(np.where(place < 0, "", words))


def worst_by_series(reports: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """The worst severity reported around each series of one patient.

    Parameters
    ----------
    reports : DataFrame
        As for `by_window`.
    spells : DataFrame
        As `find_spells` returns it, of the same patient.

    Returns
    -------
    DataFrame, one row a series
        series, days_asked (from the first infusion to three days after the last),
        worst (severity, 0 where none was reported, NaN where nobody asked), codes
        (tuple of those reported, the worst first).
    """
    # By hand: a spell has a handful of days, and pandas costs more than they.
    asked = list(
        zip(reports["date"], reports["code"], reports["severity"], strict=True)
    )
    spans = zip(spells["series"], spells["start"], spells["last_infusion"], strict=True)
    rows = []
    for series, start, last in spans:
        end = last + pd.Timedelta(days=LAST_DAY_AFTER)
        own = [row for row in asked if start <= row[0] <= end]
        worst: dict[str, float] = {}
        for _, code, severity in own:
            if not pd.isna(code):
                worst[str(code)] = max(float(severity), worst.get(str(code), 0.0))
        ordered = sorted(worst.items(), key=lambda one: (-one[1], one[0]))
        highest = ordered[0][1] if ordered else 0.0
        rows.append(
            (
                series,
                len({day for day, _, _ in own}),
                highest if own else np.nan,
                tuple(code for code, _ in ordered),
            )
        )
    return pd.DataFrame(rows, columns=["series", "days_asked", "worst", "codes"])

"""Other treatments that began while a spell was watched."""

import numpy as np
import pandas as pd

from tracker.relief.panel import Bools, Panel, keys, read_days
from tracker.relief.rule import Windows
from tracker.relief.series import SeriesTable


def with_other_treatments(
    panel: Panel,
    series: SeriesTable,
    windows: Windows,
    treatments: pd.DataFrame | None,
) -> Bools:
    """Series during or after which, before the next, another treatment began.

    Parameters
    ----------
    treatments : DataFrame, optional
        patient_id, date (day it began or was changed): a new antidepressant,
        electroconvulsive therapy, psychotherapy. Those of patients without an
        infusion are passed over.

    Raises
    ------
    ValueError
        A column is missing or of the wrong kind.
    """
    if treatments is None:
        return np.zeros(len(series.start), np.bool_)
    for column in ("patient_id", "date"):
        if column not in treatments.columns:
            raise ValueError(f"treatments must have the column {column}, it is missing")
    place = panel.labels.get_indexer(pd.Index(treatments["patient_id"]))
    day = read_days(treatments["date"], "treatments date")
    known = place >= 0
    began = np.sort(keys(panel.patient_of_label[place[known]], day[known]))
    first = np.searchsorted(began, keys(series.patient, series.start))
    end = np.searchsorted(began, windows.day_zero + windows.length, side="right")
    inside: Bools = end > first
    return inside

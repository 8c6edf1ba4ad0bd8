"""Outlooks as they are kept: plain values, and the newest that holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import QuerySet

from tracker.models import Patient, ReliefForecast
from tracker.vocabulary import PatientState

LEFT_STATES = frozenset(
    {PatientState.DISCHARGED, PatientState.TRANSFERRED, PatientState.DECEASED}
)
_DATES = ("series_start", "last_infusion")


def newest_forecast(patient: Patient) -> ReliefForecast | None:
    """The outlook on screen, in the API and in reports: the newest that holds.

    None for a patient who has left the clinic, or before there is one.
    """
    if patient.state in LEFT_STATES:
        return None
    return (
        ReliefForecast.objects.filter(
            patient=patient,
            item=patient.primary_outcome,
            void_since=None,
            looked_back=False,
        )
        .order_by("-as_of")
        .first()
    )


def open_forecasts(patient: Patient) -> QuerySet[ReliefForecast]:
    return ReliefForecast.objects.filter(
        patient=patient, item=patient.primary_outcome, void_since=None, scored_at=None
    )


def outlook_to_json(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of `make_outlook` as plain values; infinity is written "inf"."""
    plain: dict[str, Any] = {}
    for name, value in row.items():
        if name == "patient_id":
            continue
        if name in _DATES:
            plain[name] = None if pd.isna(value) else value.date().isoformat()
        elif isinstance(value, str):
            plain[name] = value
        elif np.isinf(value):
            plain[name] = "inf"
        else:
            plain[name] = None if np.isnan(value) else round(float(value), 6)
    return plain


def outlook_from_json(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The row that `outlook_to_json` wrote; dates as dates, missing as NaN."""
    row: dict[str, Any] = {}
    for name, value in stored.items():
        if name in _DATES:
            row[name] = None if value is None else date.fromisoformat(value)
        elif value == "inf":
            row[name] = float("inf")
        else:
            row[name] = float("nan") if value is None else value
    return row

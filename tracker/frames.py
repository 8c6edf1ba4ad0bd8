"""From the database to DataFrames: the one bridge, which fixes the dtypes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db.models import QuerySet

from tracker.models import DiaryEntry, Infusion, Patient, ReliefSpell
from tracker.vocabulary import SCORES, STAFF_SOURCES

# Keys, or the patients themselves as a query: thousands of keys cost more than they.
Patients = Collection[UUID] | QuerySet[Patient]

_DIARY = ("patient_id", "date", *SCORES, "sleep_hours", "days_late", "source")
_INFUSION = {
    "patient_id": "patient_id",
    "started_on": "date",
    "ended_on": "end_date",
    "course_id": "course",
    "agent": "agent",
    "route": "route",
    "dose_mg": "dose_mg",
    "dose_mg_per_kg": "mg_per_kg",
    "phase": "phase",
    "id": "infusion_id",
    "started_at": "started_at",
    "course__planned_infusions": "planned",
    "course__finished_on": "finished_on",
}
_SPELL = (
    "patient_id",
    "series",
    "start",
    "last_infusion",
    "next_infusion",
    "n_infusions",
    "agent",
    "route",
    "dose_mg",
    "mg_per_kg",
    "baseline",
    "baseline_sd",
    "baseline_days",
    "baseline_source",
    "status",
    "reason",
    "onset",
    "best",
    "lower",
    "upper",
    "confirmable",
    "pending",
    "loss_confirmed",
    "last_log",
    "days_logged",
    "days_expected",
    "late_share",
    "criteria_version",
)


def diary_frame(patient_ids: Patients) -> pd.DataFrame:
    """Diary days of these patients.

    Returns
    -------
    DataFrame, one row a patient and day, sorted by both
        patient_id (UUID), date (datetime64, no zone), the 0-10 items and
        sleep_hours (float, NaN is blank), days_late (int), late (bool: written
        after its day), source (str), by_staff (bool).
    """
    rows = (
        DiaryEntry.objects.filter(patient__in=patient_ids)
        .order_by("patient_id", "date")
        .values_list(*_DIARY)
    )
    kinds = dict.fromkeys((*SCORES, "sleep_hours"), _FLOAT)
    frame = _frame(rows, _DIARY, {"date": _DATE, "days_late": _WHOLE} | kinds)
    frame["late"] = frame["days_late"] > 0
    frame["by_staff"] = frame["source"].isin([str(source) for source in STAFF_SOURCES])
    return frame


def infusion_frame(patient_ids: Patients) -> pd.DataFrame:
    """Infusions given to these patients; cancelled ones are left out.

    Returns
    -------
    DataFrame, one row an infusion, sorted by patient and start
        patient_id (UUID), date and end_date (datetime64, the patient's diary
        days), course (UUID or None), agent, route, dose_mg, mg_per_kg (float),
        phase, infusion_id (UUID), started_at (datetime, UTC), unfinished (bool:
        the course plans more infusions than were given).
    """
    rows = (
        Infusion.objects.filter(patient__in=patient_ids, status=Infusion.Status.GIVEN)
        .order_by("patient_id", "started_at")
        .values_list(*_INFUSION)
    )
    kinds = dict.fromkeys(("date", "end_date"), _DATE)
    kinds |= dict.fromkeys(("dose_mg", "mg_per_kg", "planned"), _FLOAT)
    frame = _frame(rows, tuple(_INFUSION.values()), kinds)
    planned = frame.pop("planned")
    going = frame.pop("finished_on").isna() & planned.notna()
    given = frame.groupby("course", dropna=False)["date"].transform("size")
    frame["unfinished"] = going & (given < planned)
    return frame


def side_effect_frame(patient_ids: Patients) -> pd.DataFrame:
    """Days on which side effects were asked for, and what was reported.

    Returns
    -------
    DataFrame, one row a report, and one row without code for "asked, none"
        patient_id (UUID), date (datetime64), code (str or None), severity
        (float, 1 to 3, NaN for none). A day nobody asked has no row.
    """
    days = (
        DiaryEntry.objects.filter(patient__in=patient_ids)
        .exclude(side_effects=None)
        .order_by("patient_id", "date")
        .values_list("patient_id", "date", "side_effects")
    )
    none_reported = [{"code": None, "severity": None}]
    rows = [
        (patient_id, date, effect["code"], effect["severity"])
        for patient_id, date, effects in days
        for effect in effects or none_reported
    ]
    kinds = {"date": _DATE, "severity": _FLOAT}
    return _frame(rows, ("patient_id", "date", "code", "severity"), kinds)


def spell_frame(patient_ids: Patients) -> pd.DataFrame:
    """Stored spells of these patients' primary outcomes.

    Returns
    -------
    DataFrame, as `tracker.relief.find_spells` gives it
        `upper` is inf where no loss was seen.
    """
    rows = (
        ReliefSpell.objects.filter(patient__in=patient_ids)
        .order_by("patient_id", "series")
        .values_list(*_SPELL)
    )
    return _spells(list(rows))


def as_spell_frame(spells: Sequence[ReliefSpell]) -> pd.DataFrame:
    """Spells that are not stored, as `spell_frame` gives stored ones."""
    return _spells([tuple(getattr(one, name) for name in _SPELL) for one in spells])


def _spells(rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    frame = _frame(rows, _SPELL, _SPELL_KINDS)
    seen = frame["status"].isin(["not_assessable", "no_response"])
    frame["upper"] = frame["upper"].where(frame["upper"].notna() | seen, np.inf)
    return frame


_FLOAT, _WHOLE, _DATE = "float64", "int64", "datetime64[s]"
_SPELL_KINDS = (
    dict.fromkeys(("start", "last_infusion", "next_infusion"), _DATE)
    | dict.fromkeys(
        (
            "dose_mg",
            "mg_per_kg",
            "baseline",
            "baseline_sd",
            "late_share",
            "onset",
            "best",
            "lower",
            "upper",
            "confirmable",
            "loss_confirmed",
            "last_log",
        ),
        _FLOAT,
    )
    | dict.fromkeys(
        (
            "series",
            "n_infusions",
            "baseline_days",
            "pending",
            "days_logged",
            "days_expected",
        ),
        _WHOLE,
    )
)


def _frame(
    rows: Iterable[Sequence[Any]], names: Sequence[str], kinds: Mapping[str, str]
) -> pd.DataFrame:
    """Columns of a fixed kind each: nothing is guessed from what happens to be there."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pd.DataFrame(
        {
            name: _column(values, kinds.get(name, "object"))
            for name, values in zip(names, columns, strict=True)
        }
    )


def _column(values: Sequence[Any], kind: str) -> npt.NDArray[Any]:
    if kind != "object":
        return np.array(values, dtype=kind)
    column = np.empty(len(values), object)
    column[:] = values
    return column

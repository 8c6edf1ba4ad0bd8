"""Keeping the stored spells in step with the record."""

import logging
from collections.abc import Hashable
from datetime import date, datetime
from typing import Any

import pandas as pd
from django.db import transaction
from django.db.models import Q

from tracker import forecasts, relief, triage
from tracker.diary_store import mark_for_relief
from tracker.frames import diary_frame, infusion_frame
from tracker.models import Clinic, ClinicBaseline, Patient, ReliefMark, ReliefSpell
from tracker.relief_models import (
    criteria_for,
    outcomes_in_use,
    population_of,
    refit_old_models,
    stored_baseline,
)
from tracker.vocabulary import PatientState

logger = logging.getLogger(__name__)

# Fewer patients than this say too little about a clinic.
PATIENTS_NEEDED = 5

_DATES = ("start", "last_infusion", "next_infusion")
_WHOLE = (
    "series",
    "n_infusions",
    "baseline_days",
    "onset",
    "lower",
    "upper",
    "confirmable",
    "pending",
    "loss_confirmed",
    "last_log",
    "days_logged",
    "days_expected",
)
_AS_IS = ("status", "reason", "baseline_source", "criteria_version")
_NUMBERS = ("dose_mg", "mg_per_kg", "baseline", "baseline_sd", "best", "late_share")
_WORDS = ("agent", "route")


def refresh_patient(patient: Patient, *, now: datetime) -> list[ReliefSpell]:
    """Recompute and replace the stored spells of one patient, and the outlook.

    The clinic's stored figures are used, or none: other patients' entries never
    move this one's spells.
    """
    today = patient.diary_date(now)
    diary, infusions = diary_frame([patient.pk]), infusion_frame([patient.pk])
    spells = spells_as_of(patient, diary, infusions, today=today, now=now)
    with transaction.atomic():
        ReliefSpell.objects.filter(patient=patient).delete()
        stored = ReliefSpell.objects.bulk_create(spells)
        forecasts.refresh(patient, stored, diary, infusions, today=today, now=now)
        newest = stored[-1] if stored else None
        triage.refresh(patient, newest, forecasts.newest_forecast(patient), now=now)
    return stored


def spells_as_of(
    patient: Patient,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    *,
    today: date,
    now: datetime,
    criteria: relief.Criteria | None = None,
) -> list[ReliefSpell]:
    """The spells as they stood on the evening of `today`; nothing is stored.

    By the clinic's own criteria, where no others are given.
    """
    criteria = criteria or criteria_for(patient)
    baseline = stored_baseline(patient.clinic_id, criteria.item)
    found = relief.find_spells(
        diary,
        infusions,
        criteria,
        as_of=pd.Timestamp(today),
        population=population_of(baseline),
    )
    prints = forecasts.fingerprints(diary, infusions, criteria.item, [today])
    return [
        ReliefSpell(
            patient=patient,
            fingerprint=prints[today],
            item=criteria.item,
            baseline_version=None if baseline is None else baseline.version,
            as_of=today,
            computed_at=now,
            **_columns(row),
        )
        for row in found.to_dict("records")
    ]


def _columns(row: dict[Hashable, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: row[name] for name in _AS_IS}
    for name in _WHOLE:
        values[name] = None if _absent(row[name]) else int(row[name])
    for name in _NUMBERS:
        values[name] = None if _absent(row[name]) else float(row[name])
    for name in _WORDS:
        values[name] = "" if _absent(row[name]) else str(row[name])
    for name in _DATES:
        values[name] = None if pd.isna(row[name]) else row[name].date()
    return values


def _absent(value: Any) -> bool:
    """Missing, or the infinity that stands for "no loss seen"."""
    return bool(pd.isna(value)) or value == float("inf")


def refresh_marked(*, now: datetime, limit: int = 200) -> int:
    """Clear up to `limit` marks, oldest first; gives how many were cleared.

    A mark that grew while its patient was being computed stays for the next
    round.
    """
    marks = list(
        ReliefMark.objects.select_related("patient").order_by("marked_at")[:limit]
    )
    for mark in marks:
        refresh_patient(mark.patient, now=now)
        ReliefMark.objects.filter(patient=mark.patient_id, marks=mark.marks).delete()
    return len(marks)


def start_new_day(today: date, *, now: datetime) -> None:
    """Renew what hangs on the date: old models, their verdicts, and all outlooks."""
    refit_old_models(today=today, now=now)
    for clinic in Clinic.objects.order_by("pk"):
        forecasts.judge_models(clinic)
    mark_all(now=now)


def mark_all(*, now: datetime) -> int:
    """Mark every active or treated patient: a new day moves "holding" and silence."""
    concerned = Q(infusions__isnull=False) | Q(state=PatientState.ACTIVE)
    patients = list(
        Patient.objects.filter(concerned).distinct().values_list("pk", flat=True)
    )
    for patient_id in patients:
        mark_for_relief(patient_id, now)
    return len(patients)


def estimate_baselines(clinic: Clinic, *, now: datetime) -> list[ClinicBaseline]:
    """Store new figures of the clinic's baselines, for each outcome in use.

    An outcome for which too few patients have logged before treatment gets none.
    """
    made = []
    for item in outcomes_in_use(clinic):
        patients = list(
            Patient.objects.filter(clinic=clinic, primary_outcome=item).values_list(
                "pk", flat=True
            )
        )
        population = relief.estimate_population(
            diary_frame(patients),
            infusion_frame(patients),
            relief.Criteria.for_item(item),
        )
        if population.n_patients >= PATIENTS_NEEDED:
            made.append(_store_baseline(clinic, item, population, now))
    return made


def _store_baseline(
    clinic: Clinic, item: str, population: relief.Population, now: datetime
) -> ClinicBaseline:
    latest = ClinicBaseline.objects.filter(clinic=clinic, item=item).first()
    return ClinicBaseline.objects.create(
        clinic=clinic,
        item=item,
        version=1 if latest is None else latest.version + 1,
        values=population.to_dict(),
        computed_at=now,
    )

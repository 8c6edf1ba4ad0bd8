"""Issuing outlooks: today's, and those that earlier days' records would have led to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from tracker import relief
from tracker.forecasts.scores import OPEN_STATES, score_known
from tracker.forecasts.stored import LEFT_STATES, outlook_to_json
from tracker.forecasts.voids import fingerprints, void_changed
from tracker.models import Clinic, ClinicModel, Patient, ReliefForecast, ReliefSpell
from tracker.relief_models import (
    criteria_for,
    fit,
    model_for,
    outcomes_in_use,
    records,
    stored_baseline,
    stored_model,
)

_DECIMALS = 4
_WINDOW = ("window_from", "window_to", "best_day")
NOT_CALIBRATED = "not_calibrated"


def booking_rule(clinic: Clinic) -> relief.BookingRule:
    """What an early and a late booster cost in this clinic."""
    return relief.BookingRule(
        cost_early=clinic.booster_cost_early,
        cost_late=clinic.booster_cost_late,
        min_interval_days=clinic.booster_min_interval_days,
    )


def issue(
    patient: Patient,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    *,
    today: date,
    now: datetime,
) -> ReliefForecast | None:
    """Store the patient's outlook as of `today`; one a day, the last one counts."""
    item = patient.primary_outcome
    values = _computed(patient, diary, infusions, criteria_for(patient), today)
    if values is None:
        return None
    prints = fingerprints(diary, infusions, item, [today])
    values |= {"issued_at": now, "fingerprint": prints[today], "looked_back": False}
    forecast, _ = ReliefForecast.objects.update_or_create(
        patient=patient, item=item, as_of=today, defaults=values | _UNSCORED
    )
    return forecast


def outlook_by(
    patient: Patient,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    criteria: relief.Criteria,
    *,
    today: date,
    now: datetime,
) -> ReliefForecast | None:
    """The outlook by other criteria than the clinic's; looked at, and never stored."""
    values = _computed(patient, diary, infusions, criteria, today)
    if values is None:
        return None
    return ReliefForecast(
        patient=patient, item=criteria.item, as_of=today, issued_at=now, **values
    )


def _computed(
    patient: Patient,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    criteria: relief.Criteria,
    today: date,
) -> dict[str, Any] | None:
    stored = stored_model(patient.clinic_id, criteria.item)
    if stored is not None and stored.criteria_version != criteria.version:
        # It was fitted to spells by another rule.
        stored = None
    model = model_for(
        criteria, stored, stored_baseline(patient.clinic_id, criteria.item)
    )
    table = relief.make_outlook(
        model, diary, infusions, pd.Timestamp(today), booking_rule(patient.clinic)
    )
    if table.empty:
        return None
    values = _values(table, 0, model, stored)
    if stored is not None and stored.calibrated is False:
        values["outlook"] = withheld(values["outlook"], NOT_CALIBRATED)
    return values


_UNSCORED: dict[str, Any] = {
    "void_since": None,
    "void_reason": "",
    "scored_at": None,
    "truth_lower": None,
    "truth_upper": None,
    "pit_low": None,
    "pit_high": None,
    "log_score": None,
}


def withheld(outlook: dict[str, Any], reason: str) -> dict[str, Any]:
    """The outlook without a window; a reason it has already comes first."""
    if outlook["reason"]:
        return outlook
    return outlook | dict.fromkeys(_WINDOW) | {"reason": reason}


def _values(
    table: pd.DataFrame,
    row: int,
    model: relief.ReliefModel,
    stored: ClinicModel | None,
) -> dict[str, Any]:
    outlook = outlook_to_json(table.iloc[row].to_dict())
    survival = table.attrs["survival"][row]
    known = not np.isnan(survival[0])
    return {
        "state": outlook["state"],
        "last_infusion": outlook["last_infusion"],
        "outlook": outlook,
        "survival": np.round(survival, _DECIMALS).tolist() if known else None,
        "model_version": None if stored is None else stored.version,
        "criteria_version": model.criteria.version,
    }


def look_back(
    clinic: Clinic, days: Sequence[date], *, now: datetime, refit_every: int = 3
) -> int:
    """Issue the forecasts that these days' records would have led to.

    Each stands on what was known on its day alone: the model, too, is fitted to
    the records of that day or an earlier one of `days`. Gives how many were made.
    """
    made = 0
    for item in outcomes_in_use(clinic):
        diary, infusions = records(clinic, item)
        baseline = stored_baseline(clinic.pk, item)
        model = None
        for place, day in enumerate(sorted(days)):
            if model is None or place % refit_every == 0:
                model = fit(item, diary, infusions, baseline, day)
            made += _issue_past(clinic, model, diary, infusions, day, now)
    return made


def _issue_past(
    clinic: Clinic,
    model: relief.ReliefModel,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    day: date,
    now: datetime,
) -> int:
    table = relief.make_outlook(
        model, diary, infusions, pd.Timestamp(day), booking_rule(clinic)
    )
    item = model.criteria.item
    rows = []
    for place, patient_id in enumerate(table["patient_id"]):
        if table["state"].iloc[place] not in OPEN_STATES:
            continue
        own = diary["patient_id"] == patient_id, infusions["patient_id"] == patient_id
        prints = fingerprints(diary[own[0]], infusions[own[1]], item, [day])
        rows.append(
            ReliefForecast(
                patient_id=patient_id,
                item=item,
                as_of=day,
                issued_at=now,
                fingerprint=prints[day],
                looked_back=True,
                **_values(table, place, model, None),
            )
        )
    ReliefForecast.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def refresh(
    patient: Patient,
    spells: Sequence[ReliefSpell],
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    *,
    today: date,
    now: datetime,
) -> ReliefForecast | None:
    """Bring a patient's forecasts in step with their record and spells.

    A patient who has left gets no new outlook; earlier ones are still scored.
    """
    void_changed(patient, diary, infusions, now=now)
    score_known(patient, spells, now=now)
    if patient.state in LEFT_STATES:
        return None
    return issue(patient, diary, infusions, today=today, now=now)

"""Forecasts: issued, kept, made void when their record changes, and scored."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import QuerySet

from tracker import relief
from tracker.frames import diary_frame, infusion_frame
from tracker.models import (
    Clinic,
    ClinicModel,
    Patient,
    ReliefForecast,
    ReliefSpell,
)
from tracker.relief_models import (
    criteria_for,
    fit,
    model_for,
    outcomes_in_use,
    records,
    stored_baseline,
    stored_model,
)

CHANGED = "The record it stood on was changed"
# States in which a forecast says something that can turn out true or false.
_OPEN = frozenset({"in relief", "pending loss", "awaiting onset"})
_CLOSED = frozenset({"lost", "cut_by_infusion", "cut_by_silence", "no_response"})
_DATES = ("series_start", "last_infusion")
_DECIMALS = 4


def booking_rule(clinic: Clinic) -> relief.BookingRule:
    """What an early and a late booster cost in this clinic."""
    return relief.BookingRule(
        cost_early=clinic.booster_cost_early,
        cost_late=clinic.booster_cost_late,
        min_interval_days=clinic.booster_min_interval_days,
    )


def newest_forecast(patient: Patient) -> ReliefForecast | None:
    """The outlook on screen, in the API and in reports: the newest that holds."""
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
    stored = stored_model(patient.clinic_id, item)
    model = model_for(
        criteria_for(patient), stored, stored_baseline(patient.clinic_id, item)
    )
    rule = booking_rule(patient.clinic)
    table = relief.make_outlook(model, diary, infusions, pd.Timestamp(today), rule)
    if table.empty:
        return None
    values = _values(table, 0, model, stored)
    prints = fingerprints(diary, infusions, item, [today])
    values |= {"issued_at": now, "fingerprint": prints[today], "looked_back": False}
    forecast, _ = ReliefForecast.objects.update_or_create(
        patient=patient, item=item, as_of=today, defaults=values | _UNSCORED
    )
    return forecast


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


def fingerprints(
    diary: pd.DataFrame, infusions: pd.DataFrame, item: str, days: Sequence[date]
) -> dict[date, str]:
    """What a patient's forecast of each day stood on: their record up to that day."""
    events: list[tuple[date, bytes]] = [
        (day.date(), f"{day.date()} {score}".encode())
        for day, score in zip(diary["date"], diary[item], strict=True)
    ]
    columns = ("date", "end_date", "agent", "route", "dose_mg", "mg_per_kg", "course")
    events += [
        (values[0].date(), repr(tuple(map(str, values))).encode())
        for values in infusions[list(columns)].itertuples(index=False)
    ]
    events.sort()
    found, running, place = {}, hashlib.sha256(item.encode()), 0
    for day in sorted(days):
        while place < len(events) and events[place][0] <= day:
            running.update(events[place][1])
            place += 1
        found[day] = running.copy().hexdigest()
    return found


def void_changed(
    patient: Patient, diary: pd.DataFrame, infusions: pd.DataFrame, *, now: datetime
) -> int:
    """Make void the open forecasts whose record has changed since; gives how many."""
    waiting = list(_open_forecasts(patient).only("as_of", "fingerprint"))
    item = patient.primary_outcome
    prints = fingerprints(diary, infusions, item, [one.as_of for one in waiting])
    changed = [one.pk for one in waiting if one.fingerprint != prints[one.as_of]]
    return ReliefForecast.objects.filter(pk__in=changed).update(
        void_since=now, void_reason=CHANGED
    )


def _open_forecasts(patient: Patient) -> QuerySet[ReliefForecast]:
    return ReliefForecast.objects.filter(
        patient=patient, item=patient.primary_outcome, void_since=None, scored_at=None
    )


def score_known(
    patient: Patient, spells: Iterable[ReliefSpell], *, now: datetime
) -> int:
    """Score the open forecasts whose truth is known by now; gives how many."""
    spells = list(spells)
    ended = {spell.last_infusion: spell for spell in spells if _is_ended(spell)}
    scored = []
    for forecast in _open_forecasts(patient).filter(last_infusion__in=list(ended)):
        if forecast.last_infusion is None or forecast.state not in _OPEN:
            continue
        _score(forecast, ended[forecast.last_infusion], now)
        forecast.boosted_fading = boosts_on_fading(spells, forecast.last_infusion)
        scored.append(forecast)
    ReliefForecast.objects.bulk_update(scored, [*_SCORED], batch_size=200)
    return len(scored)


_SCORED = (
    "scored_at",
    "truth_lower",
    "truth_upper",
    "pit_low",
    "pit_high",
    "log_score",
    "boosted_fading",
)


def _is_ended(spell: ReliefSpell) -> bool:
    return spell.status in _CLOSED


def _score(forecast: ReliefForecast, spell: ReliefSpell, now: datetime) -> None:
    """Write what became of it; what tells nothing is scored without a figure."""
    forecast.scored_at = now
    lower, upper = truth_of(spell)
    if lower is None or forecast.survival is None:
        return
    survival = np.array(forecast.survival)
    low, high, log_score = relief.score_forecast(survival, lower, upper)
    if spell.status == "no_response":
        low = 0.0
    if high - low >= 1:
        return
    forecast.truth_lower = int(lower)
    forecast.truth_upper = None if np.isinf(upper) else int(upper)
    forecast.pit_low, forecast.pit_high, forecast.log_score = low, high, log_score


def truth_of(spell: ReliefSpell) -> tuple[float | None, float]:
    """The days between which relief was lost; inf where it was not seen to end."""
    if spell.status == "no_response":
        return 0.0, 0.0
    if spell.status == "lost":
        return spell.lower, float(spell.upper or 0)
    return spell.confirmable, float("inf")


def boosts_on_fading(spells: Iterable[ReliefSpell], before: date) -> bool | None:
    """Whether most of a patient's infusions so far came on lost or fading relief."""
    earlier = [
        spell.status == "lost" or spell.pending > 0
        for spell in spells
        if spell.last_infusion < before and spell.onset is not None
    ]
    return None if not earlier else sum(earlier) * 2 > len(earlier)


def scorecards(clinic: Clinic, item: str) -> dict[str, relief.Scorecard]:
    """How forecasts have done in this clinic: all, and by how boosters are given."""
    rows = ReliefForecast.objects.filter(
        patient__clinic=clinic, item=item, void_since=None
    ).exclude(pit_low=None)
    names = ("patient_id", "pit_low", "pit_high", "log_score", "boosted_fading")
    scored = pd.DataFrame(list(rows.values_list(*names)), columns=list(names))
    fading = scored["boosted_fading"].eq(True)
    ahead = scored["boosted_fading"].eq(False)
    return {
        "all": relief.scorecard(scored),
        "boosters on fading": relief.scorecard(scored[fading]),
        "boosters ahead of fading": relief.scorecard(scored[ahead]),
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
        if table["state"].iloc[place] not in _OPEN:
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


def score_clinic(clinic: Clinic, *, now: datetime) -> int:
    """Score what is known in a whole clinic; gives how many were scored."""
    patients = Patient.objects.filter(clinic=clinic).prefetch_related("spells")
    return sum(
        score_known(patient, patient.spells.all(), now=now) for patient in patients
    )


def refresh(
    patient: Patient, spells: Sequence[ReliefSpell], *, today: date, now: datetime
) -> ReliefForecast | None:
    """Bring a patient's forecasts in step with their record and spells."""
    diary, infusions = diary_frame([patient.pk]), infusion_frame([patient.pk])
    void_changed(patient, diary, infusions, now=now)
    score_known(patient, spells, now=now)
    return issue(patient, diary, infusions, today=today, now=now)

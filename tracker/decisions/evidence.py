"""What a decision stood on, frozen as it was."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tracker import forecasts, language, triage
from tracker.models import (
    Appointment,
    Patient,
    ReliefForecast,
    ReliefSpell,
    TriageItem,
)

_SPELL = (
    "series",
    "last_infusion",
    "n_infusions",
    "mg_per_kg",
    "status",
    "reason",
    "onset",
    "lower",
    "upper",
    "pending",
    "days_logged",
    "days_expected",
    "criteria_version",
    "baseline",
    "baseline_days",
)


def evidence_of(patient: Patient, *, now: datetime) -> dict[str, Any]:
    """What stands now: the spells, the outlook, the open reasons and the bookings."""
    # Kept in one language, whoever decided.
    with language.speaking(language.ENGLISH):
        return _evidence_of(patient, now=now)


def _evidence_of(patient: Patient, *, now: datetime) -> dict[str, Any]:
    today = patient.diary_date(now)
    reasons = TriageItem.objects.filter(triage.open_items(today), patient=patient)
    booked = Appointment.objects.filter(
        patient=patient, status=Appointment.Status.BOOKED, planned_at__gte=now
    )
    return freeze(
        patient,
        list(ReliefSpell.objects.filter(patient=patient).order_by("series")),
        forecasts.newest_forecast(patient),
        today=today,
        reasons=[
            triage.reason(one.kind, one.since, one.detail, today) for one in reasons
        ],
        booked=[at.isoformat() for at in booked.values_list("planned_at", flat=True)],
    )


def freeze(
    patient: Patient,
    spells: Sequence[ReliefSpell],
    forecast: ReliefForecast | None,
    *,
    today: date,
    reasons: Sequence[str] = (),
    booked: Sequence[str] = (),
) -> dict[str, Any]:
    """Evidence as plain values, with the fingerprint of what it was computed from."""
    return {
        "as_of": today.isoformat(),
        "outcome": patient.primary_outcome,
        "fingerprint": spells[-1].fingerprint if spells else "",
        "spells": [_spell(spell) for spell in spells],
        "outlook": None if forecast is None else _outlook(forecast),
        "reasons": list(reasons),
        "booked": list(booked),
    }


def _spell(spell: ReliefSpell) -> dict[str, Any]:
    values = {name: getattr(spell, name) for name in _SPELL}
    return values | {"last_infusion": spell.last_infusion.isoformat()}


def _outlook(forecast: ReliefForecast) -> dict[str, Any]:
    shown = forecasts.show(forecast)
    window = shown.window
    return {
        "as_of": forecast.as_of.isoformat(),
        "issued_at": forecast.issued_at.isoformat(),
        "fingerprint": forecast.fingerprint,
        "model_version": forecast.model_version,
        "criteria_version": forecast.criteria_version,
        "sentences": list(shown.sentences),
        "window": None
        if window is None
        else [day and day.isoformat() for day in (window.start, window.end)],
        "row": forecast.outlook,
    }

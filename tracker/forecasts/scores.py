"""Forecasts beside what happened, and how well they have done in a clinic."""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
import pandas as pd

from tracker import relief
from tracker.forecasts.stored import open_forecasts
from tracker.models import (
    Clinic,
    ClinicModel,
    Patient,
    ReliefForecast,
    ReliefSpell,
)

# States in which a forecast says something that can turn out true or false.
OPEN_STATES = frozenset({"in relief", "pending loss", "awaiting onset"})
_CLOSED = frozenset({"lost", "cut_by_infusion", "cut_by_silence", "no_response"})


def score_known(
    patient: Patient, spells: Iterable[ReliefSpell], *, now: datetime
) -> int:
    """Score the open forecasts whose truth is known by now; gives how many."""
    spells = list(spells)
    ended = {spell.last_infusion: spell for spell in spells if _is_ended(spell)}
    scored = []
    for forecast in open_forecasts(patient).filter(last_infusion__in=list(ended)):
        if forecast.last_infusion is None or forecast.state not in OPEN_STATES:
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


def scored_forecasts(clinic: Clinic, item: str) -> pd.DataFrame:
    """Forecasts whose truth is known; void ones are left out.

    Returns
    -------
    DataFrame, one row a forecast
        patient_id, as_of (date), pit_low, pit_high, log_score, boosted_fading.
    """
    rows = ReliefForecast.objects.filter(
        patient__clinic=clinic, item=item, void_since=None
    ).exclude(pit_low=None)
    names = (
        "patient_id",
        "as_of",
        "pit_low",
        "pit_high",
        "log_score",
        "boosted_fading",
    )
    return pd.DataFrame(list(rows.values_list(*names)), columns=list(names))


def scorecards(clinic: Clinic, item: str) -> dict[str, relief.Scorecard]:
    """How forecasts have done in this clinic: all, and by how boosters are given."""
    scored = scored_forecasts(clinic, item)
    fading = scored["boosted_fading"].eq(True)
    ahead = scored["boosted_fading"].eq(False)
    return {
        "all": relief.scorecard(scored),
        "boosters on fading": relief.scorecard(scored[fading]),
        "boosters ahead of fading": relief.scorecard(scored[ahead]),
    }


def score_clinic(clinic: Clinic, *, now: datetime) -> int:
    """Score what is known in a whole clinic; gives how many were scored."""
    patients = Patient.objects.filter(clinic=clinic).prefetch_related("spells")
    return sum(
        score_known(patient, patient.spells.all(), now=now) for patient in patients
    )


def judge_models(clinic: Clinic) -> None:
    """Say on each newest model whether earlier forecasts here were close enough.

    Where they were not, outlooks come without a booster window.
    """
    items = ClinicModel.objects.filter(clinic=clinic).values_list("item", flat=True)
    for item in set(items):
        card = scorecards(clinic, item)["all"]
        verdict = None if card.reason else not card.is_too_sure
        newest = ClinicModel.objects.filter(clinic=clinic, item=item).first()
        if newest is not None and newest.calibrated != verdict:
            newest.calibrated = verdict
            newest.save(update_fields=["calibrated"])

"""Fitting a clinic's relief model, and keeping what was fitted."""

import dataclasses
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pandas as pd

from tracker import relief
from tracker.clinic_results import FEWEST, GROUPINGS, grouping_of
from tracker.frames import diary_frame, infusion_frame
from tracker.models import Clinic, ClinicBaseline, ClinicModel, Patient

# A fit is renewed when it is this old, and there is something new to learn.
REFIT_AFTER = timedelta(days=7)
# Typical days of relief before a clinic has data, by outcome. Figures from trials
# and community clinics differ by a factor of four; these are proposals, and yield to
# data after a few patients (docs/relief.md names the sources).
PRIORS = MappingProxyType(
    {
        "mood": relief.Prior.about(18),
        "anxiety": relief.Prior.about(12),
        "pain": relief.Prior.about(18),
        "sleep_quality": relief.Prior.about(16),
        "energy": relief.Prior.about(16),
    }
)


def criteria_for(patient: Patient) -> relief.Criteria:
    """The rules by which this patient's relief is judged."""
    return relief.Criteria.for_item(patient.primary_outcome)


def stored_baseline(clinic_id: Any, item: str) -> ClinicBaseline | None:
    """The clinic's newest baseline figures for an outcome."""
    return ClinicBaseline.objects.filter(clinic=clinic_id, item=item).first()


def stored_model(clinic_id: Any, item: str) -> ClinicModel | None:
    """The clinic's newest model for an outcome."""
    return ClinicModel.objects.filter(clinic=clinic_id, item=item).first()


def population_of(baseline: ClinicBaseline | None) -> relief.Population:
    if baseline is None:
        return relief.Population()
    return relief.Population.from_dict(baseline.values)


def model_for(
    criteria: relief.Criteria,
    stored: ClinicModel | None,
    baseline: ClinicBaseline | None,
) -> relief.ReliefModel:
    """The model to forecast with: the clinic's, or what the literature says.

    The baselines are always those that the stored spells were found with.
    """
    population = population_of(baseline)
    if stored is None or stored.criteria_version != criteria.version:
        prior = PRIORS[criteria.item]
        return relief.ReliefModel.from_prior(criteria, population, prior)
    fitted = relief.ReliefModel.from_dict(stored.values)
    return dataclasses.replace(fitted, population=population)


def records(clinic: Clinic, item: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Diary and infusions of the clinic's patients with this outcome."""
    patients = list(
        Patient.objects.filter(clinic=clinic, primary_outcome=item).values_list(
            "pk", flat=True
        )
    )
    return diary_frame(patients), infusion_frame(patients)


def outcomes_in_use(clinic: Clinic) -> list[str]:
    return sorted(
        set(
            Patient.objects.filter(clinic=clinic).values_list(
                "primary_outcome", flat=True
            )
        )
    )


def fit_models(clinic: Clinic, *, today: date, now: datetime) -> list[ClinicModel]:
    """Fit and store the clinic's models anew, one for each outcome in use.

    An outcome without a single spell of relief gets none; the literature's figures
    are used until there is one.
    """
    made = []
    for item in outcomes_in_use(clinic):
        diary, infusions = records(clinic, item)
        baseline = stored_baseline(clinic.pk, item)
        model = fit(item, diary, infusions, baseline, today)
        if model.n_spells:
            curves = relief.relief_by_group(
                model,
                diary,
                infusions,
                {one: grouping_of(clinic, item, one) for one in GROUPINGS},
                pd.Timestamp(today),
                FEWEST,
            )
            made.append(_store(clinic, model, curves, baseline, today, now))
    return made


def fit(
    item: str,
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    baseline: ClinicBaseline | None,
    today: date,
) -> relief.ReliefModel:
    return relief.ReliefModel.fit(
        diary,
        infusions,
        relief.Criteria.for_item(item),
        as_of=pd.Timestamp(today),
        prior=PRIORS[item],
        population=population_of(baseline),
    )


def refit_old_models(*, today: date, now: datetime) -> int:
    """Fit anew where the newest fit is older than a week; gives how many clinics."""
    renewed = 0
    for clinic in Clinic.objects.order_by("pk"):
        newest = ClinicModel.objects.filter(clinic=clinic).order_by("-fitted_at")[:1]
        if newest and now - newest[0].fitted_at < REFIT_AFTER:
            continue
        renewed += bool(fit_models(clinic, today=today, now=now))
    return renewed


def _store(
    clinic: Clinic,
    model: relief.ReliefModel,
    curves: tuple[pd.DataFrame, dict[str, dict[str, pd.DataFrame]]],
    baseline: ClinicBaseline | None,
    today: date,
    now: datetime,
) -> ClinicModel:
    latest = stored_model(clinic.pk, model.criteria.item)
    curve, by_group = curves
    return ClinicModel.objects.create(
        clinic=clinic,
        item=model.criteria.item,
        version=1 if latest is None else latest.version + 1,
        values=model.to_dict(),
        curve=curve_to_json(curve),
        group_curves={
            grouping: {name: curve_to_json(one) for name, one in groups.items()}
            for grouping, groups in by_group.items()
        },
        criteria_version=model.criteria.version,
        baseline_version=None if baseline is None else baseline.version,
        fitted_as_of=today,
        fitted_at=now,
    )


def curve_to_json(curve: pd.DataFrame) -> dict[str, Any]:
    """A curve and its figures; what is not known, and infinity, are null."""
    columns = {
        name: [None if pd.isna(value) else round(float(value), 5) for value in values]
        for name, values in curve.items()
    }
    figures = {
        name: float(value) if pd.notna(value) and value != float("inf") else None
        for name, value in curve.attrs.items()
    }
    return {"columns": columns, "figures": figures}


def curve_from_json(stored: dict[str, Any]) -> pd.DataFrame:
    """The frame that `curve_to_json` wrote; its figures in `attrs`, inf for null."""
    frame = pd.DataFrame(stored["columns"]).astype(float)
    frame.attrs |= {
        name: float("inf") if value is None else value
        for name, value in stored["figures"].items()
    }
    return frame

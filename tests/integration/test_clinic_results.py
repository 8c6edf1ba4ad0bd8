"""What pages show of a whole clinic: stored, renewed with the record, never mixed."""

from datetime import timedelta

import pandas as pd
import pytest
from django.utils import timezone

from tests.factories import give_infusion, make_patient, save_entry
from tracker import clinic_results
from tracker.models import ClinicModel, ClinicResult
from tracker.relief_models import fit_models
from tracker.relief_refresh import refresh_patient


@pytest.fixture
def clinic_of_six(clinic, nurse_nora):
    """Six patients whose relief after one infusion lasts 10 to 15 days."""
    now = timezone.now()
    for number in range(6):
        patient = make_patient(f"P{number}", clinic)
        start = patient.diary_date(now) - timedelta(days=40)
        for day in range(-10, 30):
            good = 0 < day <= 10 + number
            save_entry(patient, start + timedelta(days=day), mood=8 if good else 2)
        give_infusion(patient, nurse_nora, start)
        refresh_patient(patient, now=now)
    return clinic


def test_stored_results_are_those_computed_now(clinic_of_six):
    kinds = ("curves", "patients", *map(clinic_results.compared_by, ("phase", "route")))
    fresh = {
        kind: clinic_results.result_of(clinic_of_six, "mood", kind) for kind in kinds
    }
    assert not ClinicResult.objects.exists()

    assert clinic_results.refresh_stale(now=timezone.now()) == 1

    for kind in kinds:
        stored = clinic_results.result_of(clinic_of_six, "mood", kind)
        for name, frame in fresh[kind].frames.items():
            assert_same(stored.frames[name], frame)


def assert_same(stored, fresh):
    assert list(stored.columns) == list(fresh.columns)
    for name in fresh:
        left, right = stored[name].tolist(), fresh[name].tolist()
        for one, other in zip(left, right, strict=True):
            if isinstance(other, str):
                assert one == other
            else:
                assert (pd.isna(one) and pd.isna(other)) or one == pytest.approx(
                    other, abs=1e-6
                )


def test_results_are_renewed_when_a_spell_is_newer_and_only_then(clinic_of_six):
    now = timezone.now()
    clinic_results.refresh_stale(now=now)
    assert clinic_results.refresh_stale(now=now + timedelta(minutes=1)) == 0

    patient = clinic_of_six.patients.first()
    refresh_patient(patient, now=now + timedelta(minutes=2))

    assert clinic_results.refresh_stale(now=now + timedelta(minutes=3)) == 1


def test_results_by_other_rules_are_not_shown(clinic_of_six):
    clinic_results.refresh_stale(now=timezone.now())
    ClinicResult.objects.update(criteria_version="relief-0", body={})

    found = clinic_results.result_of(clinic_of_six, "mood", clinic_results.CURVES)

    assert found.frames["plain"]["at_risk"].iloc[0] == 6
    # And the worker writes them anew, though no spell has changed.
    assert clinic_results.refresh_stale(now=timezone.now()) == 1
    assert not ClinicResult.objects.filter(body={}).exists()


def test_fit_stores_corrected_curves_of_groups_that_are_large_enough(clinic_of_six):
    now = timezone.now()

    fit_models(clinic_of_six, today=now.date(), now=now)

    model = ClinicModel.objects.get()
    assert set(model.group_curves["phase"]) == {"induction"}
    assert model.group_curves["nth_booster"] == {}
    # Of one group that holds everybody the curve is that of everybody.
    assert model.group_curves["phase"]["induction"] == model.curve


def test_nobody_in_a_clinic_is_an_empty_result(clinic):
    found = clinic_results.result_of(clinic, "mood", clinic_results.PATIENTS)

    assert found.frames["effects"].empty
    assert pd.isna(found.frames["wait"]["middle"].iloc[0])

"""A patient's record: enrolment and the patient's own settings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tracker import audit, patient_rules
from tracker.actions.invitations import invite
from tracker.actions.lifecycle import note_state
from tracker.models import Clinic, Patient, User
from tracker.vocabulary import PatientState


def add_patient(
    author: User,
    clinic: Clinic,
    values: Mapping[str, Any],
    *,
    email: str,
    now: datetime,
) -> tuple[Patient, str]:
    """Enrol a patient and invite them; gives the record and the link's token."""
    patient_rules.check_enrolment(clinic, values, email=email, now=now)
    try:
        return _enrol(author, clinic, values, email=email, now=now)
    except IntegrityError:
        # Somebody took the address or the record number in between.
        patient_rules.check_enrolment(clinic, values, email=email, now=now)
        raise


@transaction.atomic
def _enrol(
    author: User,
    clinic: Clinic,
    values: Mapping[str, Any],
    *,
    email: str,
    now: datetime,
) -> tuple[Patient, str]:
    user = User.objects.create_user(email, name=values["name"])
    patient = Patient(clinic=clinic, user=user, state=PatientState.INVITED, **values)
    patient.state_since = patient.diary_date(now)
    patient.save(force_insert=True)
    note_state(author, patient, now)
    token = invite(author, user, now=now)
    return patient, token


def change_own_settings(
    patient: Patient, values: Mapping[str, Any], *, now: datetime
) -> Patient:
    """The patient's own zone, day start and reminder; acts from now on only."""
    patient_rules.check_settings(values)
    fields = dict(values)
    if fields.pop("introduced", False) and patient.introduced_at is None:
        fields["introduced_at"] = now
    with transaction.atomic():
        for name, value in fields.items():
            setattr(patient, name, value)
        patient.save(update_fields=list(fields))
        audit.record(
            audit.Action.WRITE,
            "settings",
            actor_id=patient.user_id,
            patient_id=patient.pk,
            subject_id=patient.pk,
            detail=", ".join(sorted(fields)),
        )
    return patient

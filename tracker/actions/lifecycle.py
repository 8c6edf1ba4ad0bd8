"""A patient's life cycle: each change with its date, reason and author."""

from datetime import date, datetime

from django.db import transaction

from tracker import audit, patient_rules
from tracker.diary_store import mark_for_relief
from tracker.models import Patient, PatientStateChange, User
from tracker.problems import one


def change_state(
    author: User,
    patient: Patient,
    *,
    state: str,
    reason: str,
    since: date,
    now: datetime,
) -> Patient:
    """Move a patient through the life cycle, with date and reason."""
    if patient.state == state and patient.state_since == since:
        return patient
    if not reason.strip():
        raise one("reason", "a reason", reason, "Say why the state changes.")
    patient_rules.check_since(patient, since, today=patient.diary_date(now))
    with transaction.atomic():
        patient.state = state
        patient.state_since = since
        patient.state_reason = reason
        patient.save(update_fields=["state", "state_since", "state_reason"])
        note_state(author, patient, now)
        mark_for_relief(patient.pk, now)
    return patient


def note_state(author: User | None, patient: Patient, now: datetime) -> None:
    """Keep the state `patient` is in now as part of its history."""
    PatientStateChange.objects.create(
        patient=patient,
        state=patient.state,
        since=patient.state_since,
        reason=patient.state_reason,
        changed_at=now,
        changed_by=author,
    )
    audit.record(
        audit.Action.WRITE,
        "patient",
        actor_id=None if author is None else author.pk,
        patient_id=patient.pk,
        subject_id=patient.pk,
        detail=f"state {patient.state}",
    )

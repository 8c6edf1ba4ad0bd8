"""Recording, correcting and cancelling an infusion; no version is lost."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from tracker import audit, diary_store, infusion_rules
from tracker.ids import uuid7
from tracker.language import t
from tracker.models import Appointment, Infusion, InfusionRevision, Patient, User
from tracker.problems import NotFound, one

INFUSION_FIELDS = (
    "started_at",
    "ended_at",
    "agent",
    "route",
    "dose_mg",
    "weight_kg",
    "dose_mg_per_kg",
    "phase",
    "course",
    "appointment",
)
_SAID_OF_INFUSION = (*INFUSION_FIELDS[:-2], "course_id", "appointment_id", "reason")


def save_infusion(
    author: User,
    patient: Patient,
    values: Mapping[str, Any],
    *,
    infusion_id: UUID | None = None,
    reason: str = "",
    now: datetime,
) -> Infusion:
    """Record an infusion, under the id a device made for it if there is one.

    The same record again changes nothing, whatever became of the first since.
    """
    _check_infusion(patient, values, reason=reason, now=now)
    recorded = Infusion(
        id=infusion_id or uuid7(),
        patient=patient,
        recorded_by=author,
        recorded_at=now,
        version=0,
        **values,
        **_days_of(patient, values),
        reason=reason,
    )
    try:
        return _record_once(author, recorded, now)
    except IntegrityError:
        # The id or the appointment was taken in between; now it is seen.
        return _record_once(author, recorded, now)


def _record_once(author: User, recorded: Infusion, now: datetime) -> Infusion:
    with transaction.atomic():
        present = Infusion.objects.filter(pk=recorded.pk).first()
        if present is not None:
            return _repeated(present, recorded)
        _check_appointment(recorded)
        recorded.version = 0
        return _store_infusion(author, recorded, recorded.reason, now)


def _repeated(present: Infusion, recorded: Infusion) -> Infusion:
    """`present`, if it was first recorded as `recorded` says."""
    if present.patient_id != recorded.patient_id:
        raise NotFound("There is no such infusion.")
    first = present.revisions.get(version=1).content
    again = json.loads(json.dumps(_content_of(recorded), cls=DjangoJSONEncoder))
    differing = [name for name in _SAID_OF_INFUSION if first[name] != again[name]]
    if differing:
        raise one(
            "id",
            "an id not yet in use",
            str(present.pk),
            f"The infusion with this id has another {', '.join(differing)}. "
            "Correct that one, or give this one an id of its own.",
        )
    return present


def correct_infusion(
    author: User,
    infusion: Infusion,
    changes: Mapping[str, Any],
    *,
    reason: str,
    now: datetime,
) -> Infusion:
    """Change what the record of an infusion says; earlier versions are kept."""
    if not reason.strip():
        raise one("reason", "a reason", reason, t("Say why the infusion is corrected."))
    with transaction.atomic():
        infusion = Infusion.objects.select_for_update().get(pk=infusion.pk)
        if all(getattr(infusion, name) == value for name, value in changes.items()):
            return infusion
        for name, value in changes.items():
            setattr(infusion, name, value)
        values = {name: getattr(infusion, name) for name in INFUSION_FIELDS}
        _check_infusion(infusion.patient, values, reason=reason, now=now)
        _check_appointment(infusion)
        for name, value in _days_of(infusion.patient, values).items():
            setattr(infusion, name, value)
        infusion.reason = reason
        return _store_infusion(author, infusion, reason, now)


def cancel_infusion(
    author: User, infusion: Infusion, *, reason: str, now: datetime
) -> Infusion:
    """Mark an infusion as not given after all; the record stays."""
    if not reason.strip():
        raise one("reason", "a reason", reason, t("Say why the infusion is cancelled."))
    with transaction.atomic():
        infusion = Infusion.objects.select_for_update().get(pk=infusion.pk)
        if infusion.status == Infusion.Status.CANCELLED:
            return infusion
        infusion.status = Infusion.Status.CANCELLED
        infusion.reason = reason
        _release_appointment(infusion)
        return _store_infusion(author, infusion, reason, now)


def _check_infusion(
    patient: Patient, values: Mapping[str, Any], *, reason: str, now: datetime
) -> None:
    started = values["started_at"]
    if started > now or started.date() < patient.born_on:
        rule = f"from {patient.born_on} to now"
        said = t("The start must be from {born} to now.", born=patient.born_on)
        raise one("started_at", rule, started.isoformat(), said)
    for name in ("course", "appointment"):
        thing = values.get(name)
        if thing is not None and thing.patient_id != patient.pk:
            raise NotFound(f"There is no such {name}.")
    infusion_rules.check(values, reason=reason)


def _check_appointment(infusion: Infusion) -> None:
    taken = Infusion.objects.filter(appointment=infusion.appointment_id)
    if infusion.appointment_id and taken.exclude(pk=infusion.pk).exists():
        raise one(
            "appointment",
            "an appointment without an infusion",
            str(infusion.appointment_id),
            "An infusion is recorded for this appointment already.",
        )


def _release_appointment(infusion: Infusion) -> None:
    """Let another infusion fulfil it; the revisions remember that this one did."""
    if infusion.appointment_id:
        Appointment.objects.filter(pk=infusion.appointment_id).update(
            status=Appointment.Status.BOOKED
        )
    infusion.appointment = None


def _days_of(patient: Patient, values: Mapping[str, Any]) -> dict[str, date]:
    started, ended = values["started_at"], values.get("ended_at")
    return {
        "started_on": patient.diary_date(started),
        "ended_on": patient.diary_date(ended or started),
    }


def _store_infusion(
    author: User, infusion: Infusion, reason: str, now: datetime
) -> Infusion:
    infusion.version += 1
    infusion.save()
    if infusion.appointment_id:
        Appointment.objects.filter(pk=infusion.appointment_id).update(
            status=Appointment.Status.DONE
        )
    InfusionRevision.objects.create(
        infusion=infusion,
        version=infusion.version,
        content=_content_of(infusion),
        reason=reason,
        written_by=author,
        written_at=now,
    )
    audit.record(
        audit.Action.WRITE,
        "infusion",
        actor_id=author.pk,
        patient_id=infusion.patient_id,
        subject_id=infusion.pk,
        detail=f"version {infusion.version}",
    )
    diary_store.mark_for_relief(infusion.patient_id, now)
    return infusion


def _content_of(infusion: Infusion) -> dict[str, Any]:
    return {
        field.attname: getattr(infusion, field.attname)
        for field in Infusion._meta.concrete_fields
    }

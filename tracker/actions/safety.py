"""The safety card: a clinic's confirmed numbers, and a person's own plan."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tracker import audit, crisis
from tracker.models import (
    Clinic,
    CrisisLines,
    Patient,
    SafetyPlan,
    SafetyPlanRevision,
    User,
)
from tracker.problems import Invalid, Refused, one

PLAN_FIELDS = ("contact_name", "contact_phone", "signs", "helps", "people")


class StalePlan(Refused):
    """The plan was changed elsewhere; what was sent is kept by its sender."""

    code = "conflict"

    def __init__(self, stored: SafetyPlan) -> None:
        super().__init__((), "Your plan was changed on another device.")
        self.stored = stored


def confirm_crisis_lines(
    author: User,
    clinic: Clinic,
    *,
    country: str,
    emergency: str,
    lines: Sequence[Mapping[str, str]],
    now: datetime,
) -> CrisisLines:
    """The numbers that `author` has checked for the clinic's patients.

    Raises
    ------
    Invalid
        A number or name breaks its rule; what was confirmed before stays.
    """
    problems = crisis.problems_of(country, emergency, lines)
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        confirmed, _ = CrisisLines.objects.update_or_create(
            clinic=clinic,
            defaults={
                "country": country,
                "emergency": emergency,
                "lines": [dict(line) for line in lines],
                "confirmed_at": now,
                "confirmed_by": author,
            },
        )
        audit.record(
            audit.Action.WRITE,
            "crisis lines",
            actor_id=author.pk,
            subject_id=clinic.pk,
            detail=f"{country}, {emergency}, {len(lines)} lines",
        )
    return confirmed


def save_safety_plan(
    patient: Patient,
    text: Mapping[str, str],
    *,
    key: UUID,
    based_on: int,
    now: datetime,
) -> SafetyPlan:
    """Store the patient's own plan; the text before stays among the revisions.

    Sent again under the same `key` it changes nothing.

    Raises
    ------
    Invalid
        The contact's number is none.
    StalePlan
        Another device stored a version after `based_on`.
    """
    phone = text["contact_phone"]
    if phone and not crisis.is_phone(phone):
        raise one(
            "contact_phone",
            crisis.PHONE_RULE,
            phone,
            f"{phone} is given; needed: {crisis.PHONE_RULE}.",
        )
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        plan = SafetyPlan.objects.filter(patient=patient).first()
        known = SafetyPlanRevision.objects.filter(pk=key).first()
        if known and known.patient_id != patient.pk:
            raise one(
                "id", "a new key", str(key), "This key is in use; make a new one."
            )
        if known and plan:
            return plan
        version = plan.version if plan else 0
        if plan and version != based_on:
            raise StalePlan(plan)
        plan = SafetyPlan(
            patient=patient, version=version + 1, updated_at=now, **_fields(text)
        )
        plan.save()
        SafetyPlanRevision.objects.create(
            id=key, patient=patient, version=plan.version, text=_fields(text)
        )
        audit.record(
            audit.Action.WRITE,
            "safety plan",
            actor_id=patient.user_id,
            patient_id=patient.pk,
            subject_id=patient.pk,
            detail=f"version {plan.version}",
        )
    return plan


def _fields(text: Mapping[str, Any]) -> dict[str, str]:
    return {name: text[name] for name in PLAN_FIELDS}

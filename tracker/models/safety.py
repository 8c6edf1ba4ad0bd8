"""What helps in a crisis: the clinic's confirmed numbers, and a person's own plan."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.ids import uuid7
from tracker.models.people import Clinic, Patient, User


def no_lines() -> list[dict[str, Any]]:
    return []


class CrisisLines(models.Model):
    """The numbers a clinic has checked for its patients."""

    clinic = models.OneToOneField(
        Clinic, models.CASCADE, primary_key=True, related_name="crisis_lines"
    )
    country = models.CharField(max_length=2, help_text="ISO 3166.")
    emergency = models.CharField(max_length=20)
    lines = models.JSONField(
        default=no_lines, help_text="Objects of name, phone, sms and hours."
    )
    confirmed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(emergency=""), name="crisis_lines_have_an_emergency_number"
            )
        ]

    def __str__(self) -> str:
        return f"crisis lines of {self.clinic_id}"


class SafetyPlan(models.Model):
    """A person's own contact and plan; nobody at the clinic reads it."""

    patient = models.OneToOneField(
        Patient, models.PROTECT, primary_key=True, related_name="safety_plan"
    )
    version = models.PositiveIntegerField()
    contact_name = models.CharField(max_length=80, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    signs = models.TextField(blank=True)
    helps = models.TextField(blank=True)
    people = models.TextField(blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(version__gte=1), name="safety_plan_version_from_1"
            )
        ]

    def __str__(self) -> str:
        return f"safety plan of {self.patient_id}"


class SafetyPlanRevision(models.Model):
    """Append-only: every text a plan has had."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="safety_plan_revisions"
    )
    version = models.PositiveIntegerField()
    text = models.JSONField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "version"], name="safety_plan_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

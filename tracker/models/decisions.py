"""What was decided for a patient, on what, and how it turned out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.ids import uuid7
from tracker.models.people import Patient, User
from tracker.models.treatment import Appointment


class Decision(models.Model):
    """Append-only: a clinician's decision with the evidence that was on the screen.

    `evidence` holds the spells, the outlook and the fingerprint of the record they
    were computed from, as they were then: later entries never change it.
    """

    class Kind(models.TextChoices):
        BOOK = "book", "Book an infusion"
        WAIT = "wait", "Wait and review"
        CHANGE_DOSE = "change_dose", "Change the dose"
        TAPER = "taper", "Taper"
        STOP = "stop", "Stop infusions"
        REFER = "refer", "Refer"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=500)
    review_on = models.DateField(null=True)
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, null=True, related_name="decisions"
    )
    decided_on = models.DateField(help_text="The patient's diary day.")
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    evidence = models.JSONField()

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["book", "wait", "change_dose", "taper", "stop", "refer"]
                ),
                name="decision_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="decision_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind="wait") | Q(review_on__isnull=False),
                name="decision_to_wait_has_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "decided_at"], name="decision_by_patient")
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.decided_on}"

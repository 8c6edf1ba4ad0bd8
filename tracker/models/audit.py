"""Who did what to whose record. No health value is ever written here."""

from django.db import models
from django.utils import timezone


class AuditEvent(models.Model):
    """Append-only. Keys instead of relations, so that a row outlives what it names."""

    class Action(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Wrote"
        REFUSED = "refused", "Was refused"
        SIGN_IN = "sign_in", "Signed in"
        SIGN_IN_FAILED = "sign_in_failed", "Failed to sign in"
        SIGN_OUT = "sign_out", "Signed out"

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=16, choices=Action)
    subject = models.CharField(max_length=40, help_text="What kind of thing.")
    subject_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    detail = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient_id", "at"], name="audit_by_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

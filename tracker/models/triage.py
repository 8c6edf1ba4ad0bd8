"""Who needs somebody at the clinic, why, and what was done about it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.ids import uuid7
from tracker.models.people import Patient, User


class TriageItem(models.Model):
    """One reason to look at a patient, from when it was found to when it was seen.

    `key` names the episode: what was seen stays seen until there is a new one.
    """

    class Kind(models.TextChoices):
        RED_FLAG = "red_flag", "Red flag"
        LOST = "lost", "Relief lost"
        FADING = "fading", "Perhaps fading"
        EXPECTED = "expected", "Expected to fade"
        SILENCE = "silence", "Silent"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(
        Patient, models.CASCADE, related_name="triage_items", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=60)
    urgency = models.PositiveSmallIntegerField(help_text="Smaller comes first.")
    since = models.DateField(help_text="The patient's day on which it began.")
    detail = models.JSONField(help_text="What its sentence is made of.")
    rules_version = models.CharField(max_length=20)
    found_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, help_text="It no longer holds.")
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="triage_items"
    )
    snoozed_until = models.DateField(null=True)

    class Meta:
        ordering = ["urgency", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind", "key"], name="triage_item_once_an_episode"
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient"],
                condition=Q(closed_at=None, seen_at=None),
                name="triage_item_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.since}"


class TriageStanding(models.Model):
    """Where a patient stands in the caseload: what it is ordered and filtered by."""

    patient = models.OneToOneField(
        Patient, models.CASCADE, primary_key=True, related_name="standing"
    )
    urgency = models.PositiveSmallIntegerField(
        default=99, help_text="Of the most urgent open reason; 99 without one."
    )
    since = models.DateField(null=True)
    open_items = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=20, blank=True, help_text="Of the newest spell; blank without one."
    )
    last_logged = models.DateField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["urgency", "since"], name="triage_by_urgency"),
        ]

    def __str__(self) -> str:
        return f"urgency {self.urgency}"


class NoteReading(models.Model):
    """A note that staff have read, as it was worded then."""

    entry = models.OneToOneField(
        "tracker.DiaryEntry",
        models.CASCADE,
        primary_key=True,
        related_name="note_reading",
    )
    note_hash = models.CharField(max_length=32)
    entry_version = models.PositiveIntegerField()
    read_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"note of {self.entry_id}"


class SavedView(models.Model):
    """Filters of the caseload that somebody keeps under a name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    filters = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name

"""Reminders: where they may be sent, and what became of each."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.ids import uuid7
from tracker.models.people import Patient, User
from tracker.vocabulary import ReminderChannel


class PushSubscription(models.Model):
    """A browser that agreed to show notifications, with its own keys."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1024, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"subscription of {self.user_id}"


class Reminder(models.Model):
    """One reminder of one diary day, from the intention to the answer."""

    class Kind(models.TextChoices):
        FIRST = "first", "First"
        REPEAT = "repeat", "Repeat"
        EVE = "eve", "Day before an infusion"
        TRIAL = "trial", "Tried by the person"

    class Answer(models.TextChoices):
        NONE = "", "None"
        OPENED = "opened", "Opened the diary"
        LATER = "later", "Asked for later"
        SKIPPED = "skipped", "Not today"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="reminders")
    date = models.DateField(help_text="The diary day it is about.")
    kind = models.CharField(max_length=8, choices=Kind)
    channel = models.CharField(max_length=8, choices=ReminderChannel)
    intended_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(
        max_length=8, choices=Answer, blank=True, default=Answer.NONE
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(
        null=True,
        help_text="When it is tried again, or for the first time if asked for.",
    )
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["date", "kind"]
        constraints = [
            # A reminder is claimed by storing it: no worker sends it twice.
            models.UniqueConstraint(
                fields=["patient", "date", "kind"], name="reminder_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["retry_at"],
                condition=~Q(retry_at=None),
                name="reminder_to_retry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.date}"

"""What the clinic gave, or means to give."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tracker.ids import uuid7
from tracker.models.people import Patient, User
from tracker.vocabulary import Agent, Phase, Route


class Course(models.Model):
    """Infusions that belong together, such as one induction.

    Infusions of one course are one series, however far apart they lie.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="courses")
    name = models.CharField(max_length=80)
    planned_infusions = models.PositiveSmallIntegerField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        MISSED = "missed", "Missed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="appointments")
    planned_at = models.DateTimeField()
    duration_min = models.PositiveSmallIntegerField(default=60)
    phase = models.CharField(max_length=16, choices=Phase)
    status = models.CharField(max_length=16, choices=Status, default=Status.BOOKED)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["planned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["booked", "done", "cancelled", "missed"]),
                name="appointment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(phase__in=Phase.values), name="appointment_phase_known"
            ),
            models.CheckConstraint(
                condition=Q(duration_min__gte=1, duration_min__lte=10080),
                name="appointment_1_min_to_7_days",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["cancelled", "missed"]) | ~Q(reason=""),
                name="appointment_change_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient", "planned_at"], name="appointment_by_patient"
            )
        ]

    def __str__(self) -> str:
        return f"{self.planned_at:%Y-%m-%d %H:%M} {self.status}"


class Infusion(models.Model):
    """One infusion as given; corrected or cancelled, never deleted."""

    class Status(models.TextChoices):
        GIVEN = "given", "Given"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="infusions")
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, blank=True, related_name="infusion"
    )
    course = models.ForeignKey(
        Course, models.PROTECT, null=True, blank=True, related_name="infusions"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    started_on = models.DateField(help_text="The patient's diary day of the start.")
    ended_on = models.DateField(help_text="The patient's diary day of the end.")
    agent = models.CharField(max_length=16, choices=Agent)
    route = models.CharField(max_length=16, choices=Route)
    dose_mg = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    weight_kg = models.DecimalField(
        max_digits=5, decimal_places=1, null=True, blank=True
    )
    dose_mg_per_kg = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True
    )
    phase = models.CharField(max_length=16, choices=Phase)
    status = models.CharField(max_length=16, choices=Status, default=Status.GIVEN)
    reason = models.CharField(
        max_length=200, blank=True, help_text="Why unusual, corrected or cancelled."
    )
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
                name="infusion_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")),
                name="infusion_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(dose_mg=None) | Q(dose_mg__gt=0, dose_mg__lte=5000),
                name="infusion_dose_mg_up_to_5000",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg=None) | Q(weight_kg__gte=20, weight_kg__lte=350),
                name="infusion_weight_kg_20_to_350",
            ),
            models.CheckConstraint(
                condition=Q(dose_mg_per_kg=None)
                | Q(dose_mg_per_kg__gt=0, dose_mg_per_kg__lte=70),
                name="infusion_mg_per_kg_up_to_70",
            ),
            models.CheckConstraint(
                condition=Q(agent__in=Agent.values), name="infusion_agent_known"
            ),
            models.CheckConstraint(
                condition=Q(route__in=Route.values), name="infusion_route_known"
            ),
            models.CheckConstraint(
                condition=Q(phase__in=Phase.values), name="infusion_phase_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["given", "cancelled"]),
                name="infusion_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "started_on"], name="infusion_by_patient")
        ]

    def __str__(self) -> str:
        return f"{self.started_on} {self.agent} {self.dose_mg} mg"


class InfusionRevision(models.Model):
    """Append-only: what an infusion's record said, version by version."""

    infusion = models.ForeignKey(Infusion, models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    reason = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["infusion", "version"], name="infusion_revision_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

"""People and the clinic they meet in."""

from datetime import date, datetime, time
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tracker import days
from tracker.ids import uuid7
from tracker.vocabulary import (
    Condition,
    Outcome,
    PatientSees,
    PatientState,
    ReminderChannel,
    Role,
)


def check_time_zone(name: str) -> None:
    try:
        days.zone(name)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who can sign in. What they may read is said in `tracker.access`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    session_round = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Counting it up ends every session."
    )

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="user_email_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know: it ends with the password, and with the round."""
        password = self.password
        if self.session_round:
            password = f"{self.session_round} {password}"
        # Salt and digest as in Django, so that an upgrade signs nobody out.
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(
            salt, password, secret=secret, algorithm="sha256"
        ).hexdigest()


class Clinic(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, validators=[check_time_zone])
    phone = models.CharField(max_length=40, blank=True)
    booking_lead_days = models.PositiveSmallIntegerField(
        default=3, help_text="Days needed between deciding on and giving an infusion."
    )
    back_fill_days = models.PositiveSmallIntegerField(
        default=7, help_text="How many days back a patient may fill in."
    )
    booster_cost_early = models.FloatField(
        default=1.0, help_text="What a day of booking too early costs, against late."
    )
    booster_cost_late = models.FloatField(
        default=3.0, help_text="What a day without relief costs, against early."
    )
    booster_min_interval_days = models.PositiveSmallIntegerField(
        default=7, help_text="Days that must lie between two infusions."
    )
    patients_see = models.CharField(
        max_length=8,
        choices=PatientSees,
        db_default=PatientSees.PAST,
        default=PatientSees.PAST,
        help_text="Of relief estimates, on their phones.",
    )
    is_synthetic = models.BooleanField(
        default=False, help_text="Holds made-up patients; every page says so."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(booking_lead_days__lte=90), name="clinic_lead_at_most_90"
            ),
            models.CheckConstraint(
                condition=Q(patients_see__in=PatientSees.values),
                name="clinic_patients_see_known",
            ),
            models.CheckConstraint(
                condition=Q(back_fill_days__lte=90), name="clinic_back_fill_at_most_90"
            ),
            models.CheckConstraint(
                condition=Q(booster_cost_early__gt=0, booster_cost_late__gt=0),
                name="clinic_booster_costs_above_0",
            ),
            models.CheckConstraint(
                condition=Q(booster_min_interval_days__lte=180),
                name="clinic_booster_interval_at_most_180",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One span of a weekday, Monday 0; none on a day means closed."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6), name="opening_weekday_0_to_6"
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="opening_closes_after_opens"
            ),
            models.UniqueConstraint(
                fields=["clinic", "weekday", "opens"], name="opening_once_a_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class ClosedDay(models.Model):
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="closed_days")
    date = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "date"], name="closed_day_once")
        ]

    def __str__(self) -> str:
        return self.date.isoformat()


class Membership(models.Model):
    """A person's role in a clinic, from a day on and until it ends."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "clinic", "role"],
                condition=Q(ended_at=None),
                name="membership_once_while_it_lasts",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_role_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.clinic})"


def other_outcomes() -> list[str]:
    return []


class Patient(models.Model):
    """One person treated at one clinic.

    A change of zone or day start acts from now on: every diary entry carries
    the date it was given when it was written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="patient"
    )
    name = models.CharField(max_length=120)
    reference = models.CharField(
        max_length=40, blank=True, help_text="The clinic's own record number."
    )
    born_on = models.DateField()
    time_zone = models.CharField(max_length=64, validators=[check_time_zone])
    day_start = models.TimeField(default=days.DEFAULT_DAY_START)
    reminder_time = models.TimeField(null=True, blank=True)
    reminder_channel = models.CharField(
        max_length=8,
        choices=ReminderChannel,
        blank=True,
        db_default="",
        default="",
        help_text="Nothing: not reminded.",
    )
    language = models.CharField(
        max_length=8,
        blank=True,
        db_default="",
        default="",
        help_text="Of the phone app, for what is sent to it.",
    )
    introduced_at = models.DateTimeField(null=True, blank=True)
    conditions = models.JSONField(default=list)
    primary_outcome = models.CharField(max_length=16, choices=Outcome)
    other_outcomes = models.JSONField(default=other_outcomes)
    asks_sleep_hours = models.BooleanField(default=True)
    enrolled_on = models.DateField()
    state = models.CharField(
        max_length=16, choices=PatientState, default=PatientState.INVITED
    )
    state_since = models.DateField()
    state_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(primary_outcome__in=Outcome.values),
                name="patient_primary_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PatientState.values), name="patient_state_known"
            ),
            models.CheckConstraint(
                condition=Q(reminder_channel__in=["", *ReminderChannel.values]),
                name="patient_reminder_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(day_start__lt=time(12)),
                name="patient_day_starts_before_noon",
            ),
            models.CheckConstraint(
                condition=Q(enrolled_on__gte=F("born_on")),
                name="patient_enrolled_after_birth",
            ),
            models.UniqueConstraint(
                fields=["clinic", "reference"],
                condition=~Q(reference=""),
                name="patient_reference_once_a_clinic",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "state"], name="patient_by_clinic_state")
        ]

    def __str__(self) -> str:
        return self.name

    def diary_date(self, moment: datetime) -> date:
        """The diary day `moment` falls on, by this patient's zone and day start."""
        return days.diary_date(moment, self.time_zone, self.day_start)

    @property
    def outcomes(self) -> list[str]:
        """The 0-10 items this patient is asked, the primary one first."""
        others = [item for item in self.other_outcomes if item != self.primary_outcome]
        return [self.primary_outcome, *others]

    @property
    def condition_labels(self) -> list[str]:
        return [str(Condition(code).label) for code in self.conditions]


class PatientStateChange(models.Model):
    """Append-only: how a patient's record came into its present state."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="state_changes")
    state = models.CharField(max_length=16, choices=PatientState)
    since = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.state} since {self.since}"


class Invitation(models.Model):
    """A single-use link that lets a person choose a password.

    Only a hash of the link's token is kept: reading the database does not let
    anyone in.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation of {self.user}"


class ApiToken(models.Model):
    """A key for a program that acts as one person; only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

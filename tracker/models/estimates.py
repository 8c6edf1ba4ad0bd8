"""What was computed from the record, stamped with what it was computed from."""

from django.db import models
from django.utils import timezone

from tracker.models.people import Clinic, Patient
from tracker.vocabulary import Outcome


class ClinicBaseline(models.Model):
    """Baselines of a clinic's patients in one item; the newest one counts.

    Stored and versioned, so that a patient's spells do not move because another
    patient logged.
    """

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="baselines")
    item = models.CharField(max_length=16, choices=Outcome)
    version = models.PositiveIntegerField()
    values = models.JSONField()
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "item", "version"],
                name="clinic_baseline_once_a_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} version {self.version}"


class ReliefMark(models.Model):
    """At most one a patient: their spells are older than their record."""

    patient = models.OneToOneField(
        Patient, models.CASCADE, primary_key=True, related_name="relief_mark"
    )
    marks = models.PositiveBigIntegerField(default=1)
    marked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.marks} changes since {self.marked_at}"


class ReliefSpell(models.Model):
    """One series of infusions and the relief after it, as last computed.

    Days count from the last infusion of the series. Loss lies in (lower, upper];
    a null `upper` means no loss was seen.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="spells")
    item = models.CharField(max_length=16, choices=Outcome)
    series = models.PositiveIntegerField()
    start = models.DateField()
    last_infusion = models.DateField()
    next_infusion = models.DateField(null=True)
    n_infusions = models.PositiveIntegerField()
    agent = models.CharField(max_length=16, blank=True)
    route = models.CharField(max_length=16, blank=True)
    dose_mg = models.FloatField(null=True)
    mg_per_kg = models.FloatField(null=True)
    baseline = models.FloatField(null=True, help_text="Points; higher is worse.")
    baseline_sd = models.FloatField(
        null=True, help_text="Of the patient's own days before treatment, points."
    )
    baseline_days = models.PositiveIntegerField()
    baseline_source = models.CharField(max_length=16)
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=40, blank=True)
    onset = models.PositiveIntegerField(null=True)
    best = models.FloatField(null=True)
    lower = models.PositiveIntegerField(null=True)
    upper = models.PositiveIntegerField(null=True)
    confirmable = models.PositiveIntegerField(null=True)
    pending = models.PositiveIntegerField(default=0)
    loss_confirmed = models.PositiveIntegerField(null=True)
    last_log = models.PositiveIntegerField(null=True)
    days_logged = models.PositiveIntegerField()
    days_expected = models.PositiveIntegerField()
    late_share = models.FloatField(
        null=True, help_text="Of the days logged, those written after their day."
    )
    fingerprint = models.CharField(
        max_length=64, default="", help_text="Of the record it was computed from."
    )
    criteria_version = models.CharField(max_length=40)
    baseline_version = models.PositiveIntegerField(null=True)
    as_of = models.DateField()
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["patient_id", "series"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "item", "series"], name="spell_once_a_series"
            )
        ]

    def __str__(self) -> str:
        return f"series {self.series}: {self.status}"


class SyntheticTruth(models.Model):
    """Demo clinic only: how long the made-up relief truly lasted."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="truths")
    last_infusion = models.DateField()
    responded = models.BooleanField()
    days = models.FloatField(null=True, help_text="Null: did not end in 400 days.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "last_infusion"], name="truth_once_an_infusion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.days} days"


class ClinicModel(models.Model):
    """A fitted relief model of a clinic's patients in one item; the newest counts.

    Stored and versioned like the baselines it stands on: between two fits, a
    forecast moves only with the patient's own record.
    """

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="relief_models")
    item = models.CharField(max_length=16, choices=Outcome)
    version = models.PositiveIntegerField()
    values = models.JSONField(help_text="As `ReliefModel.to_dict` writes it.")
    curve = models.JSONField(
        help_text="How long relief lasts among responders, corrected; by day."
    )
    group_curves = models.JSONField(
        default=dict, help_text="The same by grouping and group; large ones alone."
    )
    criteria_version = models.CharField(max_length=40)
    baseline_version = models.PositiveIntegerField(null=True)
    calibrated = models.BooleanField(
        null=True,
        help_text="Whether earlier forecasts here were close; null: too few to say.",
    )
    fitted_as_of = models.DateField()
    fitted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "item", "version"],
                name="clinic_model_once_a_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} model {self.version}"


class ReliefForecast(models.Model):
    """The outlook issued for a patient on one day, and later what became of it.

    `outlook` holds the row of `relief.make_outlook` and `survival` its chances that
    relief is lost after day 0 to 180; `fingerprint` names what it was computed from.
    A forecast whose record was changed afterwards is void: it is kept, not scored.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="forecasts")
    item = models.CharField(max_length=16, choices=Outcome)
    as_of = models.DateField()
    last_infusion = models.DateField(null=True)
    state = models.CharField(max_length=20)
    outlook = models.JSONField()
    survival = models.JSONField(null=True)
    model_version = models.PositiveIntegerField(
        null=True, help_text="Null: what the literature says, before there was a fit."
    )
    criteria_version = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    looked_back = models.BooleanField(
        default=False, help_text="Made afterwards, from what was known on that day."
    )
    void_since = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=80, blank=True)
    scored_at = models.DateTimeField(null=True)
    truth_lower = models.PositiveIntegerField(null=True)
    truth_upper = models.PositiveIntegerField(null=True)
    pit_low = models.FloatField(null=True)
    pit_high = models.FloatField(null=True)
    log_score = models.FloatField(null=True)
    boosted_fading = models.BooleanField(
        null=True, help_text="Whether the patient's boosters so far followed fading."
    )

    class Meta:
        ordering = ["patient_id", "as_of"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "item", "as_of"], name="forecast_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_of}: {self.state}"


class ClinicResult(models.Model):
    """What a page shows of a whole clinic, computed when its patients' spells change.

    Derived, and thrown away with each change: nothing is decided from an old one.
    """

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="results")
    item = models.CharField(max_length=16, choices=Outcome)
    kind = models.CharField(max_length=32)
    criteria_version = models.CharField(max_length=40)
    body = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "item", "kind"], name="clinic_result_once_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.item}"

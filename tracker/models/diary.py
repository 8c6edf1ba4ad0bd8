"""The diary: one entry a patient and day, and everything that ever came in."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.ids import uuid7
from tracker.models.people import Patient, User
from tracker.vocabulary import SCORES, Source


def score_field() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(null=True, blank=True)


class LiveDays(models.Manager["DiaryEntry"]):
    """Days that were not deleted: what every reader means by the diary."""

    def get_queryset(self) -> "models.QuerySet[DiaryEntry]":
        return super().get_queryset().filter(deleted_at=None)


class DiaryEntry(models.Model):
    """One diary day of one patient, as it stands now. Blank is null, never zero.

    A deleted day stays as a tombstone, so that no device brings it back unasked;
    `objects` leaves it out, `with_deleted` does not. Its scores stay in the row, so
    that it can be restored, and its hash is empty, so that nothing equals it.

    `side_effects` is null when nobody asked, [] when asked and there were none,
    else a list of {"code", "severity"}. It lives on the day rather than in rows
    of its own so that a day is saved whole by one statement.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique rule below is the index by patient; one more costs every save.
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="diary", db_index=False
    )
    date = models.DateField()
    mood = score_field()
    anxiety = score_field()
    pain = score_field()
    sleep_quality = score_field()
    energy = score_field()
    sleep_hours = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    side_effects = models.JSONField(null=True, blank=True)
    source = models.CharField(max_length=16, choices=Source)
    written_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False
    )
    days_late = models.PositiveSmallIntegerField(
        default=0, help_text="Diary days between the day and its first writing."
    )
    version = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=32)
    revision_id = models.UUIDField(
        help_text="The revision that made this entry what it is."
    )
    sequence = models.PositiveBigIntegerField(
        default=0,
        db_default=0,
        help_text="The patient's diary clock at the last change.",
    )
    deleted_at = models.DateTimeField(null=True)
    clock_doubtful = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The phone's clock was wrong when it was written.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = LiveDays()
    with_deleted: "models.Manager[DiaryEntry]" = models.Manager()

    class Meta:
        ordering = ["-date"]
        # What follows a key to its row must find a deleted day too.
        base_manager_name = "with_deleted"
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "date"], name="diary_one_entry_a_day"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{item: None}) | Q(**{f"{item}__lte": 10}),
                    name=f"diary_{item}_0_to_10",
                )
                for item in SCORES
            ),
            models.CheckConstraint(
                condition=Q(sleep_hours=None)
                | Q(sleep_hours__gte=0, sleep_hours__lte=24),
                name="diary_sleep_hours_0_to_24",
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="diary_source_known"
            ),
        ]

    def __str__(self) -> str:
        return self.date.isoformat()


class DiaryClock(models.Model):
    """Counts the changes of one patient's diary; a device remembers how far it read.

    A count, not a time: two changes never share one, and none becomes visible
    after a later one, because whoever writes holds this row until it commits.
    """

    patient = models.OneToOneField(
        Patient, models.CASCADE, primary_key=True, related_name="+"
    )
    sequence = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return str(self.sequence)


class Revision(models.Model):
    """Append-only: what came in for a diary day, from where, and what became of it.

    `content` is the day as it was sent, `result` what a merge made of it. `written_at` and `device_zone` are the
    device's own claims: kept for the reader, trusted by nothing. A trigger adds the
    audit row and the mark for new spells to each revision, whichever way it came.
    """

    class Outcome(models.TextChoices):
        NEW = "new", "Made the entry"
        CHANGED = "changed", "Changed the entry"
        IDENTICAL = "identical", "Said what was already there"
        MERGED = "merged", "Changed other items than another device did"
        CONFLICT = "conflict", "Was based on an older version; not applied"
        DELETED = "deleted", "Deleted the day"
        RESTORED = "restored", "Brought the deleted day back"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Found by patient and date; an index of its own would cost every save.
    entry = models.ForeignKey(
        DiaryEntry, models.PROTECT, related_name="revisions", db_index=False
    )
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="+", db_index=False
    )
    date = models.DateField()
    content = models.JSONField()
    result = models.JSONField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome)
    version = models.PositiveIntegerField(help_text="The entry's version afterwards.")
    based_on_version = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=16, choices=Source)
    written_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False
    )
    device_id = models.UUIDField(null=True)
    written_at = models.DateTimeField(null=True)
    device_zone = models.CharField(max_length=64, blank=True)
    clock_skew_s = models.IntegerField(
        null=True, help_text="The device's clock less ours, when it was sent."
    )
    clock_doubtful = models.BooleanField(default=False, db_default=False)
    arrived_at = models.DateTimeField()
    diary_zone = models.CharField(max_length=64)
    day_start = models.TimeField()

    class Meta:
        ordering = ["arrived_at", "id"]
        indexes = [
            models.Index(fields=["patient", "date"], name="revision_by_patient_day")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.outcome}"


class SideEffectTerm(models.Model):
    """The vocabulary of side effects, as data with its source."""

    code = models.SlugField(max_length=40, primary_key=True)
    lay = models.CharField(max_length=80)
    clinical = models.CharField(max_length=120)
    red_flag = models.BooleanField(default=False)
    snomed_code = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.lay

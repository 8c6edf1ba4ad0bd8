"""What the made-up clinic's staff have done so far: seen, read and decided."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from tracker import decisions, triage
from tracker.actions.triage import note_hash
from tracker.demo import people
from tracker.frames import diary_frame, infusion_frame
from tracker.models import (
    Decision,
    DiaryEntry,
    NoteReading,
    Patient,
    ReliefForecast,
    TriageItem,
    User,
)
from tracker.relief_refresh import spells_as_of

# Older reasons have been seen, older notes read.
SEEN_AFTER = timedelta(days=30)
READ_AFTER = timedelta(days=4)
# Days before each booster on which it was decided.
DECIDED_BEFORE = 4
DECIDED_FOR = 4
REASONS = (
    "Mood below the mark for two days, and she wants to keep her new job.",
    "The same pattern as the last three times; booked before the range begins.",
    "Sleep went first again. Agreed by telephone.",
)


class StaffAtWork:
    """Part of the demo clinic; `as_of` and `now` are its present."""

    as_of: date
    now: datetime

    def staff_at_work(self, patients: Sequence[Patient]) -> None:
        clinician = User.objects.get(email=people.CLINICIAN_EMAIL)
        self._see_old_reasons(patients, clinician)
        self._read_old_notes(patients, clinician)
        for patient in patients[:DECIDED_FOR]:
            self._decide_before_boosters(patient, clinician)

    def _see_old_reasons(self, patients: Sequence[Patient], clinician: User) -> None:
        TriageItem.objects.filter(
            patient__in=patients, since__lt=self.as_of - SEEN_AFTER
        ).update(seen_at=self.now, seen_by=clinician)
        for item in TriageItem.objects.filter(patient__in=patients):
            # Found when it began, as a worker would have.
            begun = min(
                datetime.combine(item.since, time(7), self.now.tzinfo), self.now
            )
            TriageItem.objects.filter(pk=item.pk).update(found_at=begun)
        for patient in patients:
            triage.stand_again(patient, now=self.now)

    def _read_old_notes(self, patients: Sequence[Patient], clinician: User) -> None:
        old = DiaryEntry.objects.filter(
            patient__in=patients, date__lt=self.as_of - READ_AFTER
        ).exclude(note="")
        NoteReading.objects.bulk_create(
            NoteReading(
                entry=entry,
                note_hash=note_hash(entry.note),
                entry_version=entry.version,
                read_by=clinician,
                read_at=self.now,
            )
            for entry in old
        )

    def _decide_before_boosters(self, patient: Patient, clinician: User) -> None:
        diary, infusions = diary_frame([patient.pk]), infusion_frame([patient.pk])
        boosters = infusions[infusions["phase"] == "booster"]["date"].tail(3)
        for number, given in enumerate(boosters):
            on = given.date() - timedelta(days=DECIDED_BEFORE)
            Decision.objects.create(
                id=_key(patient.pk, number),
                patient=patient,
                kind=Decision.Kind.BOOK,
                reason=REASONS[number % len(REASONS)],
                decided_on=on,
                decided_at=datetime.combine(on, time(15), self.now.tzinfo),
                decided_by=clinician,
                evidence=self._evidence_on(patient, on, diary, infusions),
            )

    def _evidence_on(
        self, patient: Patient, on: date, diary: Any, infusions: Any
    ) -> dict[str, Any]:
        forecast = (
            ReliefForecast.objects.filter(
                patient=patient, item=patient.primary_outcome, as_of__lte=on
            )
            .order_by("-as_of")
            .first()
        )
        spells = spells_as_of(patient, diary, infusions, today=on, now=self.now)
        return decisions.freeze(patient, spells, forecast, today=on)


def _key(patient: UUID, number: int) -> UUID:
    return uuid5(patient, f"decision {number}")

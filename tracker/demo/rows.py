"""What the made-up patients were given and wrote: gathered, and inserted at once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from tracker.demo import people
from tracker.demo.simulate import (
    Course,
    Given,
    LoggedDay,
)
from tracker.diary_day import DayContent, make_day
from tracker.models import (
    Appointment,
    DiaryClock,
    DiaryEntry,
    Infusion,
    InfusionRevision,
    Patient,
    Revision,
    SyntheticTruth,
    User,
)
from tracker.models import Course as TreatmentCourse
from tracker.vocabulary import Source


@dataclass
class Rows:
    """One list for each table; `key` makes the keys, in the order things are added."""

    key: Callable[[], UUID]
    as_of: date
    nurse: User
    author: User
    entries: list[DiaryEntry] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    infusions: list[Infusion] = field(default_factory=list)
    infusion_revisions: list[InfusionRevision] = field(default_factory=list)
    truths: list[SyntheticTruth] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    written_days: Counter[UUID] = field(default_factory=Counter)

    def add_infusions(self, patient: Patient, course: Course, first: date) -> None:
        treatment = TreatmentCourse.objects.create(
            id=self.key(),
            patient=patient,
            name="Induction",
            planned_infusions=6,
            finished_on=None,
        )
        for given in course.infusions:
            self._add_infusion(patient, course, given, first, treatment)
        for truth in course.truths:
            self.truths.append(
                SyntheticTruth(
                    patient=patient,
                    last_infusion=first + timedelta(days=truth.last_day),
                    responded=truth.responded,
                    days=truth.days,
                )
            )

    def _add_infusion(
        self,
        patient: Patient,
        course: Course,
        given: Given,
        first: date,
        treatment: TreatmentCourse,
    ) -> None:
        started = datetime.combine(first + timedelta(days=given.day), time(9, 30), UTC)
        lasts = timedelta(days=given.last_day - given.day) or timedelta(minutes=40)
        dose = round(given.mg_per_kg * course.weight_kg, 1)
        infusion = Infusion(
            id=self.key(),
            patient=patient,
            course=treatment if given.phase == "induction" else None,
            started_at=started,
            ended_at=started + lasts,
            started_on=first + timedelta(days=given.day),
            ended_on=first + timedelta(days=given.last_day),
            agent="ketamine",
            route=course.profile.route,
            dose_mg=Decimal(str(dose)),
            weight_kg=Decimal(str(course.weight_kg)),
            dose_mg_per_kg=Decimal(str(given.mg_per_kg)),
            phase=given.phase,
            recorded_by=self.nurse,
            recorded_at=started + lasts,
        )
        self.infusions.append(infusion)
        self.infusion_revisions.append(
            InfusionRevision(
                infusion=infusion,
                version=1,
                content={"dose_mg": dose, "mg_per_kg": given.mg_per_kg},
                written_by=self.nurse,
                written_at=started + lasts,
            )
        )

    def add_days(self, patient: Patient, course: Course, first: date) -> None:
        by_phone_call = len(course.days) // 2
        logged_days = list(course.days)
        if patient.reference == people.FLAGGED:
            logged_days[-1] = replace(
                logged_days[-1],
                asked_side_effects=True,
                side_effects=(("fainting", 1),),
            )
        for number, logged in enumerate(logged_days):
            told = number == by_phone_call and patient.reference.endswith("3")
            source = Source.PHONE_CALL if told else Source.SYNTHETIC
            self._add_day(patient, first + timedelta(days=logged.day), logged, source)

    def _add_day(
        self, patient: Patient, on: date, logged: LoggedDay, source: Source
    ) -> None:
        effects = (
            tuple(sorted(logged.side_effects)) if logged.asked_side_effects else None
        )
        day = make_day(
            DayContent(
                **logged.scores,
                sleep_hours=logged.sleep_hours,
                note="" if logged.note is None else people.NOTES[logged.note],
                side_effects=effects,
            )
        )
        content = day.content.as_json()
        written = datetime.combine(on + timedelta(days=logged.days_late), time(20), UTC)
        entry_id, revision_id = self.key(), self.key()
        author = self.nurse if source == Source.PHONE_CALL else self.author
        self.entries.append(
            DiaryEntry(
                id=entry_id,
                patient=patient,
                date=on,
                **content,
                source=source,
                written_by=author,
                days_late=logged.days_late,
                content_hash=day.content_hash,
                revision_id=revision_id,
                sequence=self._next_sequence(patient),
                created_at=written,
                updated_at=written,
            )
        )
        self.revisions.append(
            Revision(
                id=revision_id,
                entry_id=entry_id,
                patient=patient,
                date=on,
                content=content,
                outcome=Revision.Outcome.NEW,
                version=1,
                source=source,
                written_by=author,
                arrived_at=written,
                diary_zone=patient.time_zone,
                day_start=patient.day_start,
            )
        )

    def _next_sequence(self, patient: Patient) -> int:
        self.written_days[patient.pk] += 1
        return self.written_days[patient.pk]

    def add_appointment(self, patient: Patient, index: int) -> None:
        if index % 3 or patient.state != "active":
            return
        planned = self.as_of + timedelta(days=3 + index % 11)
        self.appointments.append(
            Appointment(
                id=self.key(),
                patient=patient,
                planned_at=datetime.combine(planned, time(9, 30), UTC),
                duration_min=60,
                phase="booster",
            )
        )

    def insert(self) -> None:
        DiaryEntry.objects.bulk_create(self.entries, batch_size=500)
        DiaryClock.objects.bulk_create(
            DiaryClock(patient_id=patient, sequence=count)
            for patient, count in self.written_days.items()
        )
        Revision.objects.bulk_create(self.revisions, batch_size=500)
        Infusion.objects.bulk_create(self.infusions, batch_size=500)
        InfusionRevision.objects.bulk_create(self.infusion_revisions, batch_size=500)
        SyntheticTruth.objects.bulk_create(self.truths, batch_size=500)
        Appointment.objects.bulk_create(self.appointments, batch_size=500)

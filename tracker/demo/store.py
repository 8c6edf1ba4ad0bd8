"""Storing the made-up clinic: all of it, or nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
from django.db import transaction

from tracker import clinic_results, crisis
from tracker.demo import people
from tracker.demo.simulate import (
    PROFILES,
    Course,
    Given,
    LoggedDay,
    Wishes,
    simulate,
)
from tracker.demo.staff import StaffAtWork
from tracker.diary_day import DayContent, make_day
from tracker.forecasts import look_back
from tracker.models import (
    Appointment,
    Clinic,
    CrisisLines,
    DiaryClock,
    DiaryEntry,
    Infusion,
    InfusionRevision,
    Membership,
    OpeningHours,
    Patient,
    PatientStateChange,
    ReliefMark,
    Revision,
    SafetyPlan,
    SafetyPlanRevision,
    SyntheticTruth,
    User,
)
from tracker.models import Course as TreatmentCourse
from tracker.relief_models import fit_models
from tracker.relief_refresh import estimate_baselines, refresh_patient
from tracker.vocabulary import Role, Source

ZONES = (
    people.CLINIC_ZONE,
    people.CLINIC_ZONE,
    people.CLINIC_ZONE,
    "Atlantic/Canary",
    "Europe/Lisbon",
)


@dataclass
class _Rows:
    """What is gathered for one bulk insert a table."""

    entries: list[DiaryEntry]
    revisions: list[Revision]
    infusions: list[Infusion]
    infusion_revisions: list[InfusionRevision]
    truths: list[SyntheticTruth]
    appointments: list[Appointment]


class DemoClinic(StaffAtWork):
    """Builds the clinic of one seed as of one day; the same ones, the same rows."""

    def __init__(self, *, seed: int, patients: int, as_of: date) -> None:
        self.seed = seed
        self.count = patients
        self.as_of = as_of
        self.now = datetime.combine(as_of, time(12), UTC)
        self.rows = _Rows([], [], [], [], [], [])
        self.written_days: Counter[UUID] = Counter()
        self._keys = np.random.default_rng([seed, 999_999])

    def key(self) -> UUID:
        return UUID(bytes=self._keys.bytes(16), version=4)

    def store(self, say: Callable[[str], object]) -> Clinic:
        """Write everything in one transaction; `say` is told of the progress."""
        with transaction.atomic():
            clinic = self._clinic()
            self._staff(clinic)
            patients = [self._patient(clinic, index) for index in range(self.count)]
            self._insert()
            say(
                f"{len(patients)} patients, {len(self.rows.infusions)} infusions, "
                f"{len(self.rows.entries)} diary days."
            )
            estimate_baselines(clinic, now=self.now)
            fit_models(clinic, today=self.as_of, now=self.now)
            made = look_back(clinic, self._days_to_look_back(), now=self.now)
            for patient in patients:
                refresh_patient(patient, now=self.now)
            clinic_results.refresh_stale(now=self.now)
            self.staff_at_work(patients)
            ReliefMark.objects.filter(patient__clinic=clinic).delete()
        say(f"Relief spells computed; {made} earlier forecasts made and scored.")
        return clinic

    def _days_to_look_back(self) -> list[date]:
        """Every third week of the last year, so that forecasts have been scored."""
        return [self.as_of - timedelta(days=21 * weeks) for weeks in range(17, 0, -1)]

    def _clinic(self) -> Clinic:
        clinic = Clinic.objects.create(
            id=self.key(),
            name=people.CLINIC_NAME,
            time_zone=people.CLINIC_ZONE,
            phone="+34 900 000 000",
            is_synthetic=True,
        )
        OpeningHours.objects.bulk_create(
            OpeningHours(clinic=clinic, weekday=day, opens=time(8), closes=time(17))
            for day in range(5)
        )
        known = crisis.suggestions()["ES"]
        CrisisLines.objects.create(
            clinic=clinic,
            country="ES",
            emergency=known["emergency"],
            lines=[
                {name: line[name] for name in ("name", "phone", "sms", "hours")}
                for line in known["lines"]
            ],
            confirmed_at=self.now,
        )
        return clinic

    def _staff(self, clinic: Clinic) -> None:
        password = people.demo_password()
        self.author = User(
            id=self.key(),
            email=people.DIARY_EMAIL,
            name="Made-up diaries",
            is_active=False,
        )
        self.author.set_unusable_password()
        self.author.save()
        staff = (
            ("Dr Cole", people.CLINICIAN_EMAIL, Role.CLINICIAN),
            ("Nora Reyes", people.NURSE_EMAIL, Role.NURSE),
            ("Abe Quist", people.ADMINISTRATOR_EMAIL, Role.ADMINISTRATOR),
        )
        for name, email, role in staff:
            user = User.objects.create_user(email, password, name=name, id=self.key())
            Membership.objects.create(
                user=user, clinic=clinic, role=role, started_at=self.now
            )
            if role == Role.NURSE:
                self.nurse = user

    def _patient(self, clinic: Clinic, index: int) -> Patient:
        rng = np.random.default_rng([self.seed, index])
        last_day, wishes = self._wishes(rng, index)
        first_infusion = self.as_of - timedelta(days=last_day)
        course = simulate(rng, last_day, wishes)
        patient = self._record(clinic, index, rng, course, first_infusion)
        self._add_infusions(patient, course, first_infusion)
        self._add_days(patient, course, first_infusion)
        self._add_appointment(patient, index)
        return patient

    def _wishes(self, rng: np.random.Generator, index: int) -> tuple[int, Wishes]:
        """How long ago treatment began, and what this one must show."""
        depression, ptsd, _, pain, crps = PROFILES
        fixed = {
            # Signs in on the phone; relief is holding after the fifth booster.
            0: (
                230,
                Wishes(
                    profile=depression,
                    responder=True,
                    baseline_days=14,
                    stops_logging=False,
                    duration_days=34,
                    trend=0.0,
                    booster_days=(48, 88, 127, 166, 206),
                    silent_days_at_end=2,
                    logging=0.95,
                ),
            ),
            1: (
                410,
                Wishes(
                    profile=depression, responder=True, policy="fading", trend=-0.12
                ),
            ),
            2: (380, Wishes(profile=ptsd, responder=True, policy="fading", trend=0.09)),
            3: (300, Wishes(profile=pain, responder=False, baseline_days=14)),
            4: (260, Wishes(profile=depression, responder=True, baseline_days=0)),
            5: (200, Wishes(profile=depression, responder=True, stops_logging=True)),
            6: (
                330,
                Wishes(profile=crps, responder=True, multi_day=True, policy="fading"),
            ),
            7: (6, Wishes(profile=depression, baseline_days=14)),
        }
        chance = int(rng.integers(60, 530)), Wishes()
        return fixed.get(index, chance)

    def _record(
        self,
        clinic: Clinic,
        index: int,
        rng: np.random.Generator,
        course: Course,
        first_infusion: date,
    ) -> Patient:
        outcome = course.profile.outcome
        items = ["mood", "anxiety", "pain", "sleep_quality", "energy"]
        first_diary = course.days[0].day if course.days else 0
        enrolled = first_infusion + timedelta(days=min(first_diary, -1))
        state, reason = self._state(index)
        user = None
        if index == 0:
            user = User.objects.create_user(
                people.PATIENT_EMAIL,
                people.demo_password(),
                name="Ana Demo",
                id=self.key(),
            )
        patient = Patient.objects.create(
            id=self.key(),
            clinic=clinic,
            user=user,
            name=people.NAMES[index % len(people.NAMES)],
            reference=f"D-{index + 1:03}",
            born_on=date(1958, 1, 1) + timedelta(days=int(rng.integers(0, 16_000))),
            time_zone=ZONES[index % len(ZONES)],
            conditions=[course.profile.condition],
            primary_outcome=outcome,
            other_outcomes=[item for item in items if item != outcome],
            enrolled_on=enrolled,
            introduced_at=self.now,
            state=state,
            state_since=enrolled
            if state == "active"
            else self.as_of - timedelta(days=20),
            state_reason=reason,
        )
        if user is not None:
            self._add_plan(patient)
        PatientStateChange.objects.create(
            patient=patient,
            state=state,
            since=patient.state_since,
            reason=reason,
            changed_at=self.now,
            changed_by=self.nurse,
        )
        return patient

    def _add_plan(self, patient: Patient) -> None:
        SafetyPlan.objects.create(
            patient=patient, version=1, updated_at=self.now, **people.SAFETY_PLAN
        )
        SafetyPlanRevision.objects.create(
            id=self.key(),
            patient=patient,
            version=1,
            text=people.SAFETY_PLAN,
            written_at=self.now,
        )

    def _state(self, index: int) -> tuple[str, str]:
        if index % 20 == 13:
            return "paused", "Asked for a break from treatment"
        if index % 20 == 17:
            return "discharged", "Moved on to other treatment"
        return "active", ""

    def _add_infusions(self, patient: Patient, course: Course, first: date) -> None:
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
            self.rows.truths.append(
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
        self.rows.infusions.append(infusion)
        self.rows.infusion_revisions.append(
            InfusionRevision(
                infusion=infusion,
                version=1,
                content={"dose_mg": dose, "mg_per_kg": given.mg_per_kg},
                written_by=self.nurse,
                written_at=started + lasts,
            )
        )

    def _add_days(self, patient: Patient, course: Course, first: date) -> None:
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
        self.rows.entries.append(
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
        self.rows.revisions.append(
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

    def _add_appointment(self, patient: Patient, index: int) -> None:
        if index % 3 or patient.state != "active":
            return
        planned = self.as_of + timedelta(days=3 + index % 11)
        self.rows.appointments.append(
            Appointment(
                id=self.key(),
                patient=patient,
                planned_at=datetime.combine(planned, time(9, 30), UTC),
                duration_min=60,
                phase="booster",
            )
        )

    def _insert(self) -> None:
        DiaryEntry.objects.bulk_create(self.rows.entries, batch_size=500)
        DiaryClock.objects.bulk_create(
            DiaryClock(patient_id=patient, sequence=count)
            for patient, count in self.written_days.items()
        )
        Revision.objects.bulk_create(self.rows.revisions, batch_size=500)
        Infusion.objects.bulk_create(self.rows.infusions, batch_size=500)
        InfusionRevision.objects.bulk_create(
            self.rows.infusion_revisions, batch_size=500
        )
        SyntheticTruth.objects.bulk_create(self.rows.truths, batch_size=500)
        Appointment.objects.bulk_create(self.rows.appointments, batch_size=500)

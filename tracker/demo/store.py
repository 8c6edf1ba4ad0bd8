"""Storing the made-up clinic: all of it, or nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import numpy as np
from django.db import transaction

from tracker import clinic_results, crisis
from tracker.demo import people
from tracker.demo.rows import Rows
from tracker.demo.simulate import (
    PROFILES,
    Course,
    Wishes,
    simulate,
)
from tracker.demo.staff import StaffAtWork
from tracker.forecasts import look_back
from tracker.models import (
    Clinic,
    CrisisLines,
    Membership,
    OpeningHours,
    Patient,
    PatientStateChange,
    ReliefMark,
    SafetyPlan,
    SafetyPlanRevision,
    User,
)
from tracker.relief_models import fit_models
from tracker.relief_refresh import estimate_baselines, refresh_patient
from tracker.vocabulary import Role

ZONES = (
    people.CLINIC_ZONE,
    people.CLINIC_ZONE,
    people.CLINIC_ZONE,
    "Atlantic/Canary",
    "Europe/Lisbon",
)


class DemoClinic(StaffAtWork):
    """Builds the clinic of one seed as of one day; the same ones, the same rows."""

    def __init__(self, *, seed: int, patients: int, as_of: date) -> None:
        self.seed = seed
        self.count = patients
        self.as_of = as_of
        self.now = datetime.combine(as_of, time(12), UTC)
        self._keys = np.random.default_rng([seed, 999_999])

    def key(self) -> UUID:
        return UUID(bytes=self._keys.bytes(16), version=4)

    def store(self, say: Callable[[str], object]) -> Clinic:
        """Write everything in one transaction; `say` is told of the progress."""
        with transaction.atomic():
            clinic = self._clinic()
            self._staff(clinic)
            rows = Rows(self.key, self.as_of, self.nurse, self.author)
            patients = [
                self._patient(clinic, index, rows) for index in range(self.count)
            ]
            rows.insert()
            say(
                f"{len(patients)} patients, {len(rows.infusions)} infusions, "
                f"{len(rows.entries)} diary days."
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

    def _patient(self, clinic: Clinic, index: int, rows: Rows) -> Patient:
        rng = np.random.default_rng([self.seed, index])
        last_day, wishes = self._wishes(rng, index)
        first_infusion = self.as_of - timedelta(days=last_day)
        course = simulate(rng, last_day, wishes)
        patient = self._record(clinic, index, rng, course, first_infusion)
        rows.add_infusions(patient, course, first_infusion)
        rows.add_days(patient, course, first_infusion)
        rows.add_appointment(patient, index)
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

"""The people the tests are about, and the things that happen to them."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tracker import actions
from tracker.access import diary_patient
from tracker.diary_day import DayContent, make_day
from tracker.models import Clinic, Infusion, Membership, Patient, User
from tracker.vocabulary import Source

PASSWORD = "a-calm-password"
# A fixed present for tests that pass time in: 13:00 in Madrid.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

_numbers = itertools.count(1)


def make_clinic(name: str = "Harbour Clinic", **fields: Any) -> Clinic:
    return Clinic.objects.create(
        **{"name": name, "time_zone": "Europe/Madrid", "phone": "+34 900 000 000"}
        | fields
    )


def make_user(name: str, email: str = "") -> User:
    """A user whose password is `PASSWORD`, hashed cheaply by the test settings."""
    address = email or f"{name.lower().replace(' ', '.')}{next(_numbers)}@test.example"
    return User.objects.create_user(address, PASSWORD, name=name)


def make_staff(name: str, clinic: Clinic, role: str) -> User:
    user = make_user(name)
    Membership.objects.create(user=user, clinic=clinic, role=role)
    return user


def make_patient(name: str, clinic: Clinic, **fields: Any) -> Patient:
    values: dict[str, Any] = {
        "clinic": clinic,
        "user": make_user(name),
        "name": name,
        "born_on": date(1980, 5, 17),
        "time_zone": "Europe/Madrid",
        "day_start": time(3),
        "conditions": ["depression"],
        "primary_outcome": "mood",
        "other_outcomes": ["pain", "sleep_quality", "energy", "anxiety"],
        "enrolled_on": date(2026, 6, 1),
        "state": "active",
        "state_since": date(2026, 6, 1),
        "introduced_at": NOW,
    }
    return Patient.objects.create(**values | fields)


def save_entry(
    patient: Patient, on: date, *, now: datetime | None = None, **items: Any
) -> actions.Saved:
    """Store a day as an import would: any day since birth, by the patient's user."""
    assert patient.user is not None
    moment = now or datetime.combine(on, time(19), UTC)
    return actions.save_day(
        patient.user,
        diary_patient(patient.user, patient.pk),
        on,
        make_day(DayContent(**items)),
        source=Source.IMPORT,
        now=moment,
    )


def give_infusion(patient: Patient, nurse: User, on: date, **fields: Any) -> Infusion:
    """40 minutes of ketamine at 10:00 UTC on `on`."""
    start = datetime.combine(on, time(10), UTC)
    values: dict[str, Any] = {
        "started_at": start,
        "ended_at": start + timedelta(minutes=40),
        "agent": "ketamine",
        "route": "iv",
        "dose_mg": Decimal("35.0"),
        "weight_kg": Decimal("70.0"),
        "dose_mg_per_kg": Decimal("0.5"),
        "phase": "induction",
        "course": None,
        "appointment": None,
    }
    return actions.save_infusion(
        nurse, patient, values | fields, now=start + timedelta(hours=2)
    )

"""Who may read whose record, and who may act on it: the only place that says.

In words:

* Patients read their own record, whatever its state.
* Clinicians and nurses read the records of their clinic's patients while their
  membership lasts.
* Administrators run the clinic and see no health record, unless they are also
  clinicians or nurses there.
* Nobody else reads anything. A record out of sight does not exist (404).
* A deactivated account reads nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.days import diary_date
from tracker.language import t
from tracker.models import Clinic, Membership, Patient, User
from tracker.problems import NotAllowed, NotFound
from tracker.statements import Prepared, slot
from tracker.vocabulary import Role

CLINICAL_ROLES = (Role.CLINICIAN, Role.NURSE)

Viewer = User | AnonymousUser


def patients_visible_to(user: Viewer) -> QuerySet[Patient]:
    """Patients whose record `user` may read."""
    if not isinstance(user, User) or not user.is_active:
        return Patient.objects.none()
    return patients_visible_by_key(user.pk)


def patients_visible_by_key(user_id: UUID) -> QuerySet[Patient]:
    """The rule itself, for an account known to be active."""
    clinical_here = Membership.objects.filter(
        user=user_id,
        clinic=OuterRef("clinic"),
        role__in=CLINICAL_ROLES,
        ended_at=None,
    )
    return Patient.objects.filter(Q(user=user_id) | Exists(clinical_here))


def patient_for(user: Viewer, patient_id: UUID) -> Patient:
    """The patient called `patient_id`, if `user` may read their record.

    Raises
    ------
    NotFound
        There is none, or none in sight.
    """
    patient = (
        patients_visible_to(user).select_related("clinic").filter(pk=patient_id).first()
    )
    if patient is None:
        raise NotFound(t("There is no such patient."))
    return patient


def own_patient(user: Viewer) -> Patient:
    """The record of `user` as a patient.

    Raises
    ------
    NotFound
        This account is nobody's patient.
    """
    patient = None
    if isinstance(user, User):
        mine = patients_visible_to(user).filter(user=user)
        patient = mine.select_related("clinic").first()
    if patient is None:
        raise NotFound("This account has no patient record; name a patient.")
    return patient


def clinics_treated_by(user: Viewer) -> QuerySet[Clinic]:
    """Clinics where `user` is a clinician or nurse now."""
    return _clinics_with_role(user, CLINICAL_ROLES)


def patients_treated_by(user: Viewer) -> QuerySet[Patient]:
    """Patients of the clinics where `user` is a clinician or nurse now.

    All of them are visible to `user`, by the rule above; asked by clinic, so that a
    list of thousands asks for memberships once and not for each patient.
    """
    clinics = list(clinics_treated_by(user).values_list("pk", flat=True))
    return Patient.objects.filter(clinic__in=clinics)


def clinics_run_by(user: Viewer) -> QuerySet[Clinic]:
    """Clinics where `user` is an administrator now."""
    return _clinics_with_role(user, (Role.ADMINISTRATOR,))


def clinics_ruled_by(user: Viewer) -> QuerySet[Clinic]:
    """Clinics whose own rules and numbers `user` may set."""
    return _clinics_with_role(user, (Role.CLINICIAN, Role.ADMINISTRATOR))


def clinic_ruled_by(user: Viewer, clinic_id: UUID) -> Clinic:
    """The clinic whose booster rule `user` may set: its clinicians and administrators.

    Raises
    ------
    NotFound
        There is none, or `user` is neither there.
    """
    clinic = clinics_ruled_by(user).filter(pk=clinic_id).first()
    if clinic is None:
        raise NotFound(t("There is no such clinic."))
    return clinic


def _clinics_with_role(user: Viewer, roles: tuple[Any, ...]) -> QuerySet[Clinic]:
    if not isinstance(user, User) or not user.is_active:
        return Clinic.objects.none()
    return Clinic.objects.filter(
        memberships__user=user,
        memberships__role__in=roles,
        memberships__ended_at=None,
    ).distinct()


def is_clinical(user: Viewer) -> bool:
    """Whether `user` treats anyone anywhere: who the dashboard is for."""
    return clinics_treated_by(user).exists()


def require_clinical(user: Viewer) -> None:
    """Let only clinicians and nurses see what is about whole clinics.

    Raises
    ------
    NotFound
        `user` is neither anywhere.
    """
    if not is_clinical(user):
        raise NotFound("There is nothing here for this account.")


def require_treats(user: Viewer, patient: Patient) -> None:
    """Let only the clinic's clinicians and nurses act for `patient`.

    Raises
    ------
    NotAllowed
        `user` may see the record (it is their own) but not do this to it.
    """
    if not clinics_treated_by(user).filter(pk=patient.clinic_id).exists():
        raise NotAllowed(t("Only the clinic's staff can do this."))


@dataclass(frozen=True)
class DiaryPatient:
    """What saving a diary day needs to know of a patient in sight."""

    id: UUID
    is_own: bool
    state: str
    time_zone: str
    day_start: time
    enrolled_on: date
    born_on: date
    back_fill_days: int

    def today(self, now: datetime) -> date:
        """The patient's diary day at `now`."""
        return diary_date(now, self.time_zone, self.day_start)

    def earliest_by_phone(self, today: date) -> date:
        """How far back the patient's own phone may fill in."""
        return earliest_by_phone(today, self.enrolled_on, self.back_fill_days)


def earliest_by_phone(today: date, enrolled_on: date, back_fill_days: int) -> date:
    """The first day a patient's own phone may write on `today`."""
    return max(enrolled_on, today - timedelta(days=back_fill_days))


_DIARY_FIELDS = (
    "pk",
    "user_id",
    "state",
    "time_zone",
    "day_start",
    "enrolled_on",
    "born_on",
    "clinic__back_fill_days",
)
# The rule above, compiled once: this runs before every diary day is stored.
_OWN_DIARY = Prepared(
    lambda: (
        patients_visible_by_key(slot("user"))
        .filter(user=slot("user"))
        .values_list(*_DIARY_FIELDS)
    ),
    "user",
)
_NAMED_DIARY = Prepared(
    lambda: (
        patients_visible_by_key(slot("user"))
        .filter(pk=slot("patient"))
        .values_list(*_DIARY_FIELDS)
    ),
    "user",
    "patient",
)


def diary_patient(user: Viewer, patient_id: UUID | None = None) -> DiaryPatient:
    """The patient whose diary `user` asks for: the one named, else their own.

    Raises
    ------
    NotFound
        There is none, or none in sight.
    """
    rows: list[tuple[Any, ...]] = []
    if isinstance(user, User) and user.is_active:
        if patient_id is None:
            rows = _OWN_DIARY.rows(user=user.pk)
        else:
            rows = _NAMED_DIARY.rows(user=user.pk, patient=patient_id)
    if not rows:
        raise NotFound("There is no such patient in sight of this account.")
    key, owner, *rest = rows[0]
    return DiaryPatient(key, owner == user.pk, *rest)

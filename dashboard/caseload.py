"""What the caseload shows of each patient: a few grouped queries, whatever its size."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery

from tracker.access import clinics_treated_by, patients_visible_to
from tracker.models import (
    Appointment,
    DiaryEntry,
    Infusion,
    Patient,
    ReliefForecast,
    ReliefMark,
    ReliefSpell,
    User,
)
from tracker.vocabulary import PatientState

RATE_DAYS = 14
SILENT_DAYS = 14


@dataclass(frozen=True)
class Line:
    """One patient in the caseload."""

    patient: Patient
    age: int
    spell: ReliefSpell | None
    last_infusion: date | None
    days_since_infusion: int | None
    last_logged: date | None
    days_silent: int | None
    logged_lately: int
    next_appointment: datetime | None
    being_updated: bool
    forecast: ReliefForecast | None
    need: int


def lines(user: User, *, now: datetime, everyone: bool = False) -> list[Line]:
    """Patients `user` treats, those with most need first."""
    patients = patients_visible_to(user).filter(clinic__in=clinics_treated_by(user))
    if not everyone:
        patients = patients.filter(state=PatientState.ACTIVE)
    found = list(patients.select_related("clinic").order_by("name", "pk"))
    keys = patients.values("pk")
    spells = _latest_spells(keys)
    logs = _logs(keys, now)
    outlooks = _latest_forecasts(keys)
    infusions = dict(
        Infusion.objects.filter(patient__in=keys, status=Infusion.Status.GIVEN)
        .values_list("patient")
        .annotate(last=Max("ended_on"))
    )
    booked = dict(
        Appointment.objects.filter(
            patient__in=keys, status=Appointment.Status.BOOKED, planned_at__gte=now
        )
        .values_list("patient")
        .annotate(next=Min("planned_at"))
    )
    marks = set(
        ReliefMark.objects.filter(patient__in=keys).values_list("patient", flat=True)
    )
    made = [
        _line(patient, spells, logs, outlooks, infusions, booked, marks, now)
        for patient in found
    ]
    return sorted(made, key=_order)


def _order(line: Line) -> tuple[int, int, str]:
    """By need, then the most recently treated first."""
    since = line.days_since_infusion
    return line.need, 100_000 if since is None else since, line.patient.name


def _latest_spells(keys: Any) -> dict[UUID, ReliefSpell]:
    newest = (
        ReliefSpell.objects.filter(patient=OuterRef("patient"))
        .order_by("-series")
        .values("pk")[:1]
    )
    rows = ReliefSpell.objects.filter(patient__in=keys, pk=Subquery(newest))
    return {spell.patient_id: spell for spell in rows}


def _latest_forecasts(keys: Any) -> dict[UUID, ReliefForecast]:
    """The newest outlook that holds; its chances by day are left in the database."""
    newest = (
        ReliefForecast.objects.filter(
            patient=OuterRef("patient"),
            item=OuterRef("patient__primary_outcome"),
            void_since=None,
            looked_back=False,
        )
        .order_by("-as_of")
        .values("pk")[:1]
    )
    rows = ReliefForecast.objects.filter(patient__in=keys, pk=Subquery(newest))
    return {
        row.patient_id: row for row in rows.select_related("patient").defer("survival")
    }


def _logs(keys: Any, now: datetime) -> dict[UUID, tuple[date, int]]:
    since = now.date() - timedelta(days=RATE_DAYS - 1)
    rows = (
        DiaryEntry.objects.filter(patient__in=keys)
        .values_list("patient")
        .annotate(last=Max("date"), lately=Count("pk", filter=Q(date__gte=since)))
    )
    return {patient: (last, lately) for patient, last, lately in rows}


def _line(
    patient: Patient,
    spells: dict[UUID, ReliefSpell],
    logs: dict[UUID, tuple[date, int]],
    outlooks: dict[UUID, ReliefForecast],
    infusions: dict[UUID, date],
    booked: dict[UUID, datetime],
    marks: set[UUID],
    now: datetime,
) -> Line:
    today = patient.diary_date(now)
    spell = spells.get(patient.pk)
    last_logged, lately = logs.get(patient.pk, (None, 0))
    last_infusion = infusions.get(patient.pk)
    silent = None if last_logged is None else (today - last_logged).days
    return Line(
        patient=patient,
        age=_age(patient.born_on, today),
        spell=spell,
        last_infusion=last_infusion,
        days_since_infusion=None
        if last_infusion is None
        else (today - last_infusion).days,
        last_logged=last_logged,
        days_silent=silent,
        logged_lately=min(lately, RATE_DAYS),
        next_appointment=booked.get(patient.pk),
        being_updated=patient.pk in marks,
        forecast=outlooks.get(patient.pk),
        need=_need(patient, spell, silent),
    )


def _age(born: date, today: date) -> int:
    before_birthday = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - before_birthday


def _need(patient: Patient, spell: ReliefSpell | None, silent: int | None) -> int:
    """Smaller is more urgent, as far as diaries alone can say."""
    if patient.state != PatientState.ACTIVE:
        return 9
    if spell is None:
        return 6
    if spell.status == "lost":
        return 0
    if spell.status == "holding" and spell.pending:
        return 1
    if silent is None or silent > SILENT_DAYS:
        return 2
    return {"no_response": 3, "not_assessable": 5}.get(spell.status, 4)

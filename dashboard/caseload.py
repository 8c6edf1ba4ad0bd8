"""What the caseload shows: who waits first, in a few queries whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
)
from django.db.models.functions import Cast

from tracker import triage
from tracker.access import clinics_treated_by, patients_treated_by
from tracker.models import (
    Appointment,
    DiaryEntry,
    Infusion,
    Patient,
    ReliefForecast,
    ReliefMark,
    ReliefSpell,
    TriageItem,
    TriageStanding,
    User,
)
from tracker.vocabulary import PatientState

RATE_DAYS = 14
SILENT_DAYS = 14
ROWS_A_PAGE = 25
# A patient's own day may be one ahead of or behind the server's.
ANY_ZONE = timedelta(days=1)


@dataclass(frozen=True)
class Filters:
    """What a page of the caseload is narrowed to; blank narrows nothing."""

    search: str = ""
    status: str = ""
    condition: str = ""
    assigned: str = ""
    everyone: bool = False


@dataclass(frozen=True)
class Reason:
    """One open reason, in words."""

    id: UUID
    kind: str
    text: str
    since: date
    assigned_to: str


@dataclass(frozen=True)
class Line:
    """One patient in the caseload."""

    patient: Patient
    age: int
    reasons: Sequence[Reason]
    spell: ReliefSpell | None
    last_infusion: date | None
    days_since_infusion: int | None
    last_logged: date | None
    days_silent: int | None
    logged_lately: int
    next_appointment: datetime | None
    being_updated: bool
    forecast: ReliefForecast | None


@dataclass(frozen=True)
class Page:
    """Lines `first` + 1 and on of `fitting` patients; `total` without filters."""

    lines: Sequence[Line]
    first: int
    fitting: int
    total: int


@dataclass(frozen=True)
class Waiting:
    """How many patients wait for somebody, and since when the longest."""

    patients: int
    oldest_at: datetime | None
    oldest_name: str


def page_of(
    user: User, filters: Filters = Filters(), *, now: datetime, page: int = 0
) -> Page:
    """A page of the patients `user` treats, those who wait most urgently first."""
    mine = patients_treated_by(user)
    if not filters.everyone:
        mine = mine.filter(state=PatientState.ACTIVE)
    fitting = _narrowed(mine, user, filters, now)
    count = fitting.count()
    page = min(max(page, 0), max(0, (count - 1) // ROWS_A_PAGE))
    first = page * ROWS_A_PAGE
    ordered = fitting.select_related("clinic", "standing").order_by(
        F("standing__urgency").asc(nulls_last=True), "standing__since", "name", "pk"
    )
    found = list(ordered[first : first + ROWS_A_PAGE])
    total = count if filters == Filters(everyone=filters.everyone) else mine.count()
    return Page(_lines(found, now), first, count, total)


def waiting(user: User, *, now: datetime) -> Waiting:
    """What the header says: who waits, and how long the oldest reason has."""
    mine = patients_treated_by(user).filter(state=PatientState.ACTIVE)
    today = now.date()
    oldest = (
        TriageItem.objects.filter(triage.open_items(today), patient__in=mine)
        .select_related("patient")
        .order_by("found_at")
        .first()
    )
    return Waiting(
        patients=mine.filter(standing__open_items__gt=0).count(),
        oldest_at=None if oldest is None else oldest.found_at,
        oldest_name="" if oldest is None else oldest.patient.name,
    )


def stamp(user: User, *, now: datetime) -> str:
    """Changes when something on the page may have changed; two small queries."""
    mine = patients_treated_by(user)
    last = TriageStanding.objects.filter(patient__in=mine).aggregate(
        at=Max("updated_at"), count=Count("pk")
    )
    marks = ReliefMark.objects.filter(patient__in=mine).count()
    return f"{last['at']} {last['count']} {marks} {now.date()}"


def reasons_of(
    patients: Sequence[Patient], *, now: datetime
) -> dict[UUID, list[Reason]]:
    """Open reasons of each patient, the most urgent first."""
    days = {patient.pk: patient.diary_date(now) for patient in patients}
    found: dict[UUID, list[Reason]] = {key: [] for key in days}
    items = TriageItem.objects.filter(
        triage.open_items(now.date() + ANY_ZONE), patient__in=list(days)
    )
    for item in items.select_related("assigned_to").order_by("urgency", "since"):
        today = days[item.patient_id]
        if item.snoozed_until is None or item.snoozed_until <= today:
            found[item.patient_id].append(as_reason(item, today))
    return found


def as_reason(item: TriageItem, today: date) -> Reason:
    return Reason(
        item.pk,
        item.kind,
        triage.reason(item.kind, item.since, item.detail, today),
        item.since,
        "" if item.assigned_to is None else item.assigned_to.name,
    )


def colleagues(user: User) -> list[User]:
    """Whom a reason may be handed to: everybody who treats in the same clinics."""
    clinics = clinics_treated_by(user)
    found = User.objects.filter(
        is_active=True,
        memberships__clinic__in=clinics,
        memberships__role__in=("clinician", "nurse"),
        memberships__ended_at=None,
    )
    return list(found.distinct().order_by("name"))


def _narrowed(
    patients: QuerySet[Patient], user: User, filters: Filters, now: datetime
) -> QuerySet[Patient]:
    wanted = filters.search.strip()
    if wanted:
        patients = patients.filter(
            Q(name__icontains=wanted) | Q(reference__icontains=wanted)
        )
    if filters.condition:
        # The list is kept as JSON, where a code stands in quotation marks.
        patients = patients.alias(treated_for=Cast("conditions", TextField())).filter(
            treated_for__contains=f'"{filters.condition}"'
        )
    if filters.assigned:
        who = user.pk if filters.assigned == "me" else filters.assigned
        patients = patients.filter(pk__in=_handed_to(who, now))
    return _by_status(patients, filters.status, now)


def _handed_to(who: Any, now: datetime) -> QuerySet[Any, Any]:
    """Keys of patients of whom a reason is handed to `who`."""
    items = TriageItem.objects.filter(triage.open_items(now.date()), assigned_to=who)
    return items.values("patient")


def _by_status(
    patients: QuerySet[Patient], status: str, now: datetime
) -> QuerySet[Patient]:
    if not status:
        return patients
    if status == "waiting":
        return patients.filter(standing__open_items__gt=0)
    if status == "silent":
        last = now.date() - timedelta(days=SILENT_DAYS)
        return patients.filter(
            Q(standing__last_logged__lt=last) | Q(standing__last_logged=None)
        )
    return patients.filter(standing__status=status)


def _lines(patients: Sequence[Patient], now: datetime) -> list[Line]:
    keys = [patient.pk for patient in patients]
    known = _Known(
        spells=_latest_spells(keys),
        logs=_logs(keys, now),
        outlooks=_latest_forecasts(keys),
        infusions=dict(
            Infusion.objects.filter(patient__in=keys, status=Infusion.Status.GIVEN)
            .values_list("patient")
            .annotate(last=Max("ended_on"))
        ),
        booked=dict(
            Appointment.objects.filter(
                patient__in=keys, status=Appointment.Status.BOOKED, planned_at__gte=now
            )
            .values_list("patient")
            .annotate(next=Min("planned_at"))
        ),
        marks=set(
            ReliefMark.objects.filter(patient__in=keys).values_list(
                "patient", flat=True
            )
        ),
        reasons=reasons_of(patients, now=now),
    )
    return [_line(patient, known, now) for patient in patients]


@dataclass(frozen=True)
class _Known:
    spells: dict[UUID, ReliefSpell]
    logs: dict[UUID, tuple[date, int]]
    outlooks: dict[UUID, ReliefForecast]
    infusions: dict[UUID, date]
    booked: dict[UUID, datetime]
    marks: set[UUID]
    reasons: dict[UUID, list[Reason]]


def _latest_spells(keys: Sequence[UUID]) -> dict[UUID, ReliefSpell]:
    newest = (
        ReliefSpell.objects.filter(patient=OuterRef("patient"))
        .order_by("-series")
        .values("pk")[:1]
    )
    rows = ReliefSpell.objects.filter(patient__in=keys, pk=Subquery(newest))
    return {spell.patient_id: spell for spell in rows}


def _latest_forecasts(keys: Sequence[UUID]) -> dict[UUID, ReliefForecast]:
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


def _logs(keys: Sequence[UUID], now: datetime) -> dict[UUID, tuple[date, int]]:
    since = now.date() - timedelta(days=RATE_DAYS - 1)
    rows = (
        DiaryEntry.objects.filter(patient__in=keys)
        .values_list("patient")
        .annotate(last=Max("date"), lately=Count("pk", filter=Q(date__gte=since)))
    )
    return {patient: (last, lately) for patient, last, lately in rows}


def _line(patient: Patient, known: _Known, now: datetime) -> Line:
    today = patient.diary_date(now)
    last_logged, lately = known.logs.get(patient.pk, (None, 0))
    last_infusion = known.infusions.get(patient.pk)
    return Line(
        patient=patient,
        age=_age(patient.born_on, today),
        reasons=known.reasons[patient.pk],
        spell=known.spells.get(patient.pk),
        last_infusion=last_infusion,
        days_since_infusion=None
        if last_infusion is None
        else (today - last_infusion).days,
        last_logged=last_logged,
        days_silent=None if last_logged is None else (today - last_logged).days,
        logged_lately=min(lately, RATE_DAYS),
        next_appointment=known.booked.get(patient.pk),
        being_updated=patient.pk in known.marks,
        forecast=known.outlooks.get(patient.pk),
    )


def _age(born: date, today: date) -> int:
    before_birthday = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - before_birthday

"""Reasons as they are stored: found anew when a record changes, kept when seen."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tracker.models import (
    Appointment,
    DiaryEntry,
    Patient,
    ReliefForecast,
    ReliefSpell,
    SideEffectTerm,
    TriageItem,
    TriageStanding,
)
from tracker.triage import rules
from tracker.vocabulary import PatientState

NOTHING_OPEN = 99


def refresh(
    patient: Patient,
    newest: ReliefSpell | None,
    forecast: ReliefForecast | None,
    *,
    now: datetime,
) -> None:
    """Find the reasons again, keep what was done about the old ones, and stand anew.

    A red flag is never closed by a rule: it stays until somebody has seen it, also
    when the patient takes it back.
    """
    facts = facts_of(patient, newest, forecast, now=now)
    found = rules.find(facts) if patient.state == PatientState.ACTIVE else []
    with transaction.atomic():
        _store(patient, found, now)
        stand(
            patient,
            facts.today,
            status="" if newest is None else newest.status,
            last_logged=facts.logged[-1] if facts.logged else None,
            now=now,
        )


def facts_of(
    patient: Patient,
    newest: ReliefSpell | None,
    forecast: ReliefForecast | None,
    *,
    now: datetime,
) -> rules.Facts:
    """What the rules look at, from the stored record."""
    today = patient.diary_date(now)
    logged = DiaryEntry.objects.filter(
        patient=patient,
        date__gt=today - timedelta(days=rules.HABIT_DAYS),
        date__lte=today,
    ).order_by("date")
    trusted = forecast is not None and _has_window(forecast)
    return rules.Facts(
        today=today,
        flags=_flags(patient, today),
        relief=None if newest is None else _relief(newest),
        survival=(forecast.survival or ()) if forecast and trusted else (),
        booked_on=_booked_on(patient, now),
        logged=list(logged.values_list("date", flat=True)) or _last_ever(patient),
        waiting_since=patient.state_since,
    )


def _has_window(forecast: ReliefForecast) -> bool:
    """Whether the outlook says anything: a refused one has no window."""
    return forecast.outlook.get("window_from") is not None


def _relief(spell: ReliefSpell) -> rules.Relief:
    return rules.Relief(
        spell.status, spell.last_infusion, spell.lower, spell.upper, spell.pending
    )


def _last_ever(patient: Patient) -> list[date]:
    """The last day logged, longer ago than habits are looked for."""
    last = DiaryEntry.objects.filter(patient=patient).order_by("-date").first()
    return [] if last is None else [last.date]


def _booked_on(patient: Patient, now: datetime) -> date | None:
    booked = (
        Appointment.objects.filter(
            patient=patient, status=Appointment.Status.BOOKED, planned_at__gte=now
        )
        .order_by("planned_at")
        .first()
    )
    return None if booked is None else patient.diary_date(booked.planned_at)


def _flags(patient: Patient, today: date) -> list[rules.Flag]:
    """Days of the last weeks on which a red flag was reported."""
    terms = dict(
        SideEffectTerm.objects.filter(red_flag=True).values_list("code", "lay")
    )
    days = (
        DiaryEntry.objects.filter(
            patient=patient,
            date__gt=today - timedelta(days=rules.RED_FLAG_DAYS),
        )
        .exclude(side_effects=None)
        .order_by("date")
        .values_list("date", "side_effects")
    )
    found = []
    for on, effects in days:
        what = tuple(
            terms[one["code"]] for one in effects or () if one["code"] in terms
        )
        if what:
            found.append(rules.Flag(on, what))
    return found


def _store(patient: Patient, found: Sequence[rules.Found], now: datetime) -> None:
    stored = {
        (item.kind, item.key): item
        for item in TriageItem.objects.select_for_update().filter(patient=patient)
    }
    wanted = {(one.kind, one.key): one for one in found}
    fresh = [
        TriageItem(
            patient=patient,
            kind=one.kind,
            key=one.key,
            urgency=one.urgency,
            since=one.since,
            detail=dict(one.detail),
            rules_version=rules.VERSION,
            found_at=now,
        )
        for at, one in wanted.items()
        if at not in stored
    ]
    TriageItem.objects.bulk_create(fresh)
    for at, item in stored.items():
        _follow(item, wanted.get(at), now)


def _follow(item: TriageItem, found: rules.Found | None, now: datetime) -> None:
    if found is None:
        if item.closed_at is None and item.kind != TriageItem.Kind.RED_FLAG:
            item.closed_at = now
            item.save(update_fields=["closed_at"])
        return
    detail = dict(found.detail)
    more = item.kind == TriageItem.Kind.RED_FLAG and _says_more(item.detail, detail)
    if item.closed_at is None and item.detail == detail and not more:
        return
    item.closed_at, item.detail = None, detail
    if more:
        # What came in after somebody looked has been seen by nobody.
        item.seen_at, item.seen_by, item.snoozed_until = None, None, None
    # An expected end is as old as it was when first expected.
    item.rules_version = rules.VERSION
    item.save()


def _says_more(before: dict[str, list[str]], after: dict[str, list[str]]) -> bool:
    return not set(after["what"]) <= set(before["what"])


def open_items(today: date) -> Q:
    """Reasons that wait for somebody on `today`."""
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=today)
    return Q(closed_at=None, seen_at=None) & awake


def stand_again(patient: Patient, *, now: datetime) -> None:
    """Stand anew after something was done about a reason."""
    standing = TriageStanding.objects.filter(patient=patient).first()
    stand(
        patient,
        patient.diary_date(now),
        status=standing.status if standing else "",
        last_logged=standing.last_logged if standing else None,
        now=now,
    )


def stand(
    patient: Patient,
    today: date,
    *,
    status: str,
    last_logged: date | None,
    now: datetime,
) -> None:
    waiting = list(
        TriageItem.objects.filter(open_items(today), patient=patient).order_by(
            "urgency", "since"
        )
    )
    TriageStanding.objects.update_or_create(
        patient=patient,
        defaults={
            "urgency": waiting[0].urgency if waiting else NOTHING_OPEN,
            "since": waiting[0].since if waiting else None,
            "open_items": len(waiting),
            "status": status,
            "last_logged": last_logged,
            "updated_at": now,
        },
    )

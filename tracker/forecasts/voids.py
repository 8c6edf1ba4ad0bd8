"""Forecasts whose record was changed afterwards: kept, and counted for nothing."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd
from django.db.models import Exists, OuterRef

from tracker import language
from tracker.access import patient_for
from tracker.forecasts.stored import open_forecasts
from tracker.models import AuditEvent, Patient, ReliefForecast, User

# Subjects under which the audit knows that somebody saw an outlook.
OUTLOOK_READS = ("patient page", "relief")
CHANGED = "The record it stood on was changed"


def fingerprints(
    diary: pd.DataFrame, infusions: pd.DataFrame, item: str, days: Sequence[date]
) -> dict[date, str]:
    """What a patient's forecast of each day stood on: their record up to that day."""
    events: list[tuple[date, bytes]] = [
        (day.date(), f"{day.date()} {score}".encode())
        for day, score in zip(diary["date"], diary[item], strict=True)
    ]
    columns = ("date", "end_date", "agent", "route", "dose_mg", "mg_per_kg", "course")
    events += [
        (values[0].date(), repr(tuple(map(str, values))).encode())
        for values in infusions[list(columns)].itertuples(index=False)
    ]
    events.sort()
    found, running, place = {}, hashlib.sha256(item.encode()), 0
    for day in sorted(days):
        while place < len(events) and events[place][0] <= day:
            running.update(events[place][1])
            place += 1
        found[day] = running.copy().hexdigest()
    return found


def void_changed(
    patient: Patient, diary: pd.DataFrame, infusions: pd.DataFrame, *, now: datetime
) -> int:
    """Make void the open forecasts whose record has changed since; gives how many."""
    waiting = list(open_forecasts(patient).only("as_of", "fingerprint"))
    item = patient.primary_outcome
    prints = fingerprints(diary, infusions, item, [one.as_of for one in waiting])
    changed = [one.pk for one in waiting if one.fingerprint != prints[one.as_of]]
    return ReliefForecast.objects.filter(pk__in=changed).update(
        void_since=now, void_reason=CHANGED
    )


def withdrawn_from(
    user: User, patient: Patient, *, since: datetime
) -> list[ReliefForecast]:
    """Outlooks that `user` had seen and that were made void afterwards, newest first.

    Whoever relied on an outlook must hear that it does not stand any more.

    Parameters
    ----------
    since
        Voids before that are old news.

    Raises
    ------
    NotFound
        The patient is not in sight.
    """
    patient_for(user, patient.pk)
    seen = AuditEvent.objects.filter(
        actor_id=user.pk,
        patient_id=patient.pk,
        action=AuditEvent.Action.READ,
        subject__in=OUTLOOK_READS,
        at__gte=OuterRef("issued_at"),
        at__lt=OuterRef("void_since"),
    )
    return list(
        ReliefForecast.objects.filter(
            Exists(seen), patient=patient, void_since__gte=since, looked_back=False
        ).order_by("-as_of")
    )


def withdrawn_words(forecasts: Sequence[ReliefForecast]) -> str:
    """One sentence for whoever had seen them; empty for none."""
    if not forecasts:
        return ""
    newest = forecasts[0]
    assert newest.void_since is not None  # that is what withdrawn means
    return language.tn(
        "The outlook of {day} that you have seen was withdrawn: the record behind was "
        "changed on {when}.",
        "{n} outlooks that you have seen, the last of {day}, were withdrawn: the record "
        "behind was changed on {when}.",
        len(forecasts),
        day=language.day_month(newest.as_of),
        when=language.day_month(newest.void_since.date()),
    )

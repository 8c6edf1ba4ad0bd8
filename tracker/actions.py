"""Writes: each is atomic, audited, and harmless when it is repeated."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tracker import audit, diary_store, infusion_rules
from tracker.access import DiaryPatient
from tracker.days import diary_date
from tracker.diary_day import Day
from tracker.diary_store import Stored, Writing
from tracker.ids import uuid7
from tracker.models import (
    ApiToken,
    Clinic,
    DiaryEntry,
    Infusion,
    InfusionRevision,
    Invitation,
    Membership,
    Patient,
    PatientStateChange,
    Revision,
    User,
)
from tracker.problems import (
    NotAllowed,
    NotFound,
    from_validation,
    one,
)
from tracker.vocabulary import PatientState, Source

INVITATION_LASTS = timedelta(days=14)
# A patient in one of these no longer writes; staff may still complete the record.
CLOSED_STATES = frozenset(
    {PatientState.DISCHARGED, PatientState.TRANSFERRED, PatientState.DECEASED}
)


@dataclass(frozen=True)
class Saved:
    """What became of a diary day."""

    outcome: Revision.Outcome
    entry: Stored


class Stale(Exception):
    """The day was changed elsewhere since the version this one was based on."""

    def __init__(self, entry: DiaryEntry) -> None:
        self.entry = entry
        super().__init__("the day was changed elsewhere")


def save_day(
    author: User,
    patient: DiaryPatient,
    on: date,
    day: Day,
    *,
    source: Source,
    based_on: int | None = None,
    now: datetime,
) -> Saved:
    """Store one diary day, whole: an item left out is blank.

    The entry, its revision, the audit row and the mark that spells are to be
    computed again are one transaction; a trigger adds the last two to every
    revision. The same content again changes nothing.

    Parameters
    ----------
    based_on
        The version the writer had seen, 0 for none; None lets the last one win.

    Raises
    ------
    Invalid
        `on` lies outside the window of `source`.
    Stale
        `based_on` is not the present version; the arrival is kept as a revision.
    """
    today = patient.today(now)
    check_window(patient, on, source, today)
    writing = Writing(
        revision_id=uuid7(),
        entry_id=uuid7(),
        patient_id=patient.id,
        author_id=author.pk,
        date=on,
        source=source,
        days_late=(today - on).days,
        arrived_at=now,
        diary_zone=patient.time_zone,
        day_start=patient.day_start,
        based_on=based_on,
    )
    if diary_store.is_one_statement():
        stored = diary_store.store(writing, day)
    else:
        with transaction.atomic():
            stored = diary_store.store(writing, day)
    if stored is None:
        raise _stale(writing, day)
    return Saved(diary_store.outcome_of(stored, writing), stored)


def _stale(writing: Writing, day: Day) -> Stale:
    """Keep what came in as a revision, and say what is stored instead."""
    with transaction.atomic():
        entry = DiaryEntry.objects.get(patient=writing.patient_id, date=writing.date)
        diary_store.add_revision(
            writing, day, entry.id, entry.version, Revision.Outcome.CONFLICT
        )
    return Stale(entry)


def check_window(patient: DiaryPatient, on: date, source: Source, today: date) -> None:
    """Refuse a day that `source` may not write.

    The phone is bound by enrolment and the clinic's back-fill limit; staff and
    imports by the patient's birth, so that the days before the first infusion
    can always be completed.
    """
    by_phone = source == Source.PHONE
    earliest = patient.earliest_by_phone(today) if by_phone else patient.born_on
    if earliest <= on <= today:
        if by_phone and patient.state in CLOSED_STATES:
            raise NotAllowed("This diary is closed; ask your clinic to open it.")
        return
    rule = f"a day from {earliest} to {today}"
    what = "is still to come" if on > today else "is too far back"
    raise one("date", rule, on.isoformat(), f"{on} {what}; {rule} is possible.")


def save_infusion(
    author: User,
    patient: Patient,
    values: Mapping[str, Any],
    *,
    infusion_id: UUID | None = None,
    reason: str = "",
    now: datetime,
) -> Infusion:
    """Record an infusion, or correct the one called `infusion_id`.

    A repeated request with a device-made id says again what is already stored.
    """
    _check_infusion(patient, values, reason=reason, now=now)
    fields = {
        **values,
        "started_on": _diary_date(patient, values["started_at"]),
        "ended_on": _diary_date(
            patient, values.get("ended_at") or values["started_at"]
        ),
        "reason": reason,
    }
    with transaction.atomic():
        infusion = _locked_infusion(infusion_id)
        if infusion is None:
            infusion = Infusion(
                id=infusion_id or uuid7(),
                patient=patient,
                recorded_by=author,
                recorded_at=now,
                version=0,
            )
        elif infusion.patient_id != patient.pk:
            raise NotFound("There is no such infusion.")
        elif all(getattr(infusion, name) == value for name, value in fields.items()):
            return infusion
        for name, value in fields.items():
            setattr(infusion, name, value)
        return _store_infusion(author, infusion, reason, now)


def cancel_infusion(
    author: User, infusion: Infusion, *, reason: str, now: datetime
) -> Infusion:
    """Mark an infusion as not given after all; the record stays."""
    if not reason.strip():
        raise one("reason", "a reason", reason, "Say why the infusion is cancelled.")
    with transaction.atomic():
        infusion = Infusion.objects.select_for_update().get(pk=infusion.pk)
        if infusion.status == Infusion.Status.CANCELLED:
            return infusion
        infusion.status = Infusion.Status.CANCELLED
        infusion.reason = reason
        return _store_infusion(author, infusion, reason, now)


def _locked_infusion(infusion_id: UUID | None) -> Infusion | None:
    if infusion_id is None:
        return None
    return Infusion.objects.select_for_update().filter(pk=infusion_id).first()


def _check_infusion(
    patient: Patient, values: Mapping[str, Any], *, reason: str, now: datetime
) -> None:
    started = values["started_at"]
    if started > now or started.date() < patient.born_on:
        rule = f"from {patient.born_on} to now"
        raise one("started_at", rule, started.isoformat(), f"The start must be {rule}.")
    for name in ("course", "appointment"):
        thing = values.get(name)
        if thing is not None and thing.patient_id != patient.pk:
            raise NotFound(f"There is no such {name}.")
    infusion_rules.check(values, reason=reason)


def _store_infusion(
    author: User, infusion: Infusion, reason: str, now: datetime
) -> Infusion:
    infusion.version += 1
    infusion.save()
    InfusionRevision.objects.create(
        infusion=infusion,
        version=infusion.version,
        content=_content_of(infusion),
        reason=reason,
        written_by=author,
        written_at=now,
    )
    audit.record(
        audit.Action.WRITE,
        "infusion",
        actor_id=author.pk,
        patient_id=infusion.patient_id,
        subject_id=infusion.pk,
        detail=f"version {infusion.version}",
    )
    diary_store.mark_for_relief(infusion.patient_id, now)
    return infusion


def _content_of(infusion: Infusion) -> dict[str, Any]:
    return {
        field.attname: getattr(infusion, field.attname)
        for field in Infusion._meta.concrete_fields
    }


def _diary_date(patient: Patient, moment: datetime) -> date:
    return diary_date(moment, patient.time_zone, patient.day_start)


def add_patient(
    author: User,
    clinic: Clinic,
    values: Mapping[str, Any],
    *,
    email: str,
    now: datetime,
) -> tuple[Patient, str]:
    """Enrol a patient and invite them; gives the record and the link's token."""
    if User.objects.filter(email=email.strip().lower()).exists():
        raise one(
            "email", "an address not yet in use", email, "This address has an account."
        )
    with transaction.atomic():
        user = User.objects.create_user(email, name=values["name"])
        patient = Patient.objects.create(
            clinic=clinic,
            user=user,
            state=PatientState.INVITED,
            state_since=timezone.localdate(now),
            **values,
        )
        _note_state(author, patient, now)
        token = invite(author, user, now=now)
    return patient, token


def change_state(
    author: User,
    patient: Patient,
    *,
    state: str,
    reason: str,
    since: date,
    now: datetime,
) -> Patient:
    """Move a patient through the life cycle, with date and reason."""
    if patient.state == state and patient.state_since == since:
        return patient
    if not reason.strip():
        raise one("reason", "a reason", reason, "Say why the state changes.")
    with transaction.atomic():
        patient.state = state
        patient.state_since = since
        patient.state_reason = reason
        patient.save(update_fields=["state", "state_since", "state_reason"])
        _note_state(author, patient, now)
    return patient


def _note_state(author: User | None, patient: Patient, now: datetime) -> None:
    PatientStateChange.objects.create(
        patient=patient,
        state=patient.state,
        since=patient.state_since,
        reason=patient.state_reason,
        changed_at=now,
        changed_by=author,
    )
    audit.record(
        audit.Action.WRITE,
        "patient",
        actor_id=None if author is None else author.pk,
        patient_id=patient.pk,
        subject_id=patient.pk,
        detail=f"state {patient.state}",
    )


def add_staff(
    author: User | None,
    clinic: Clinic,
    *,
    email: str,
    name: str,
    role: str,
    now: datetime,
) -> tuple[User, str]:
    """Give somebody a role in a clinic and invite them if they are new."""
    with transaction.atomic():
        user = User.objects.filter(email=email.strip().lower()).first()
        user = user or User.objects.create_user(email, name=name)
        Membership.objects.get_or_create(
            user=user, clinic=clinic, role=role, ended_at=None
        )
        audit.record(
            audit.Action.WRITE,
            "membership",
            actor_id=None if author is None else author.pk,
            subject_id=user.pk,
            detail=f"{role} of {clinic.pk}",
        )
        token = "" if user.has_usable_password() else invite(author, user, now=now)
    return user, token


def invite(author: User | None, user: User, *, now: datetime) -> str:
    """A fresh single-use token for `user`; earlier ones stop working."""
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        Invitation.objects.filter(user=user, used_at=None).update(expires_at=now)
        Invitation.objects.create(
            token_hash=token_hash(token),
            user=user,
            invited_by=author,
            created_at=now,
            expires_at=now + INVITATION_LASTS,
        )
    return token


def open_invitation(token: str, *, now: datetime) -> Invitation:
    """The invitation behind a link, if it can still be used."""
    invitation = (
        Invitation.objects.select_related("user")
        .filter(
            token_hash=token_hash(token),
            used_at=None,
            expires_at__gt=now,
            user__is_active=True,
        )
        .first()
    )
    if invitation is None:
        raise NotFound("This invitation is unknown, used or out of date.")
    return invitation


def accept_invitation(token: str, password: str, *, now: datetime) -> User:
    """Use an invitation: set the password and make the patient active."""
    with transaction.atomic():
        invitation = open_invitation(token, now=now)
        user = invitation.user
        try:
            validate_password(password, user)
        except ValidationError as error:
            # The password itself is never repeated.
            raise from_validation("password", None, error) from None
        used = Invitation.objects.filter(pk=invitation.pk, used_at=None)
        if not used.update(used_at=now):
            raise NotFound("This invitation is unknown, used or out of date.")
        user.set_password(password)
        user.save(update_fields=["password"])
        patient = Patient.objects.filter(user=user, state=PatientState.INVITED).first()
        if patient is not None:
            patient.state = PatientState.ACTIVE
            patient.state_since = _diary_date(patient, now)
            patient.state_reason = "Accepted the invitation"
            patient.save(update_fields=["state", "state_since", "state_reason"])
            _note_state(user, patient, now)
    return user


def change_own_settings(
    patient: Patient, values: Mapping[str, Any], *, now: datetime
) -> Patient:
    """The patient's own zone, day start and reminder; acts from now on only."""
    fields = dict(values)
    if fields.pop("introduced", False) and patient.introduced_at is None:
        fields["introduced_at"] = now
    with transaction.atomic():
        for name, value in fields.items():
            setattr(patient, name, value)
        patient.save(update_fields=list(fields))
        audit.record(
            audit.Action.WRITE,
            "settings",
            actor_id=patient.user_id,
            patient_id=patient.pk,
            subject_id=patient.pk,
            detail=", ".join(sorted(fields)),
        )
    return patient


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def add_api_token(user: User, name: str) -> str:
    """A key for a program that acts as `user`; shown once, kept as a hash."""
    token = "respite_" + secrets.token_urlsafe(30)
    ApiToken.objects.create(token_hash=token_hash(token), user=user, name=name)
    return token

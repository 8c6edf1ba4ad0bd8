"""Invitations: single use, out of date after two weeks, kept as hashes."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.actions.keys import token_hash
from tracker.actions.lifecycle import note_state
from tracker.actions.sessions import begin_anew
from tracker.models import Invitation, Patient, User
from tracker.problems import NotFound, from_validation, one
from tracker.vocabulary import PatientState

INVITATION_LASTS = timedelta(days=14)


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


def accept_invitation(token: str, password: str | None, *, now: datetime) -> User:
    """Use an invitation: a patient's needs no password, one of staff does.

    Whoever held the account before is signed out of it: invited again is how
    somebody comes back who lost their phone, their e-mail or both.
    """
    with transaction.atomic():
        invitation = open_invitation(token, now=now)
        user = invitation.user
        patient = Patient.objects.filter(user=user).first()
        _set_password(user, password, needed=patient is None)
        used = Invitation.objects.filter(pk=invitation.pk, used_at=None)
        if not used.update(used_at=now):
            raise NotFound("This invitation is unknown, used or out of date.")
        user.save(update_fields=["password"])
        begin_anew(user)
        if patient is not None and patient.state == PatientState.INVITED:
            patient.state = PatientState.ACTIVE
            patient.state_since = patient.diary_date(now)
            patient.state_reason = "Accepted the invitation"
            patient.save(update_fields=["state", "state_since", "state_reason"])
            note_state(user, patient, now)
    return user


def _set_password(user: User, password: str | None, *, needed: bool) -> None:
    if password is None:
        if needed:
            raise one("password", "at least 10 characters", None, "Choose a password.")
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        # The password itself is never repeated.
        raise from_validation("password", None, error) from None
    user.set_password(password)

"""Where an account is signed in, and signing it out there."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import DatabaseError, transaction
from django.db.models import F

from tracker import audit
from tracker.language import t
from tracker.models import Patient, PushSubscription, User
from tracker.problems import NotFound

SEEN_EVERY = timedelta(hours=1)


def sessions_of(user: User) -> list[UserSession]:
    """Where `user` is signed in, the last used first."""
    return sorted(
        UserSession.objects.purge_and_list(user),
        key=lambda session: session.last_seen_at,
        reverse=True,
    )


def note_use(user: User, session_key: str | None, *, now: datetime) -> bool:
    """Keep when a session was last used, to the hour; whether it was an hour ago.

    Nobody is kept from their diary because this cannot be written just now.
    """
    mine = UserSession.objects.filter(
        user=user, session_key=session_key or "", last_seen_at__lt=now - SEEN_EVERY
    )
    # Looked at first: even an update of nothing waits for other writers.
    if not mine.exists():
        return False
    try:
        with transaction.atomic():
            return bool(mine.update(last_seen_at=now))
    except DatabaseError:
        return False


def end_session(user: User, session_id: int) -> None:
    """Sign `user` out in one place.

    Which browser a reminder goes to is not known by session, so all stop; those
    still signed in ask for theirs again when they are opened.
    """
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        raise NotFound("There is no such session.")
    with transaction.atomic():
        session.end()
        PushSubscription.objects.filter(user=user).delete()
        audit.record(
            audit.Action.SIGN_OUT, "session", actor_id=user.pk, detail="one of theirs"
        )


def end_sessions_of(author: User, patient: Patient) -> None:
    """Sign a patient out everywhere, as for a lost phone."""
    if patient.user is None:
        raise NotFound(t("This patient has no account."))
    with transaction.atomic():
        end_all(patient.user)
        audit.record(
            audit.Action.SIGN_OUT,
            "session",
            actor_id=author.pk,
            subject_id=patient.user.pk,
            patient_id=patient.pk,
            detail="everywhere, by the clinic",
        )


def end_all(user: User) -> None:
    """End every session of `user`, those nobody listed too."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    PushSubscription.objects.filter(user=user).delete()


def begin_anew(user: User) -> None:
    """End every session, and forget the passkeys that could begin another."""
    end_all(user)
    Authenticator.objects.filter(user=user).delete()


def remove_passkey(user: User, passkey_id: int) -> None:
    mine = Authenticator.objects.filter(user=user, pk=passkey_id)
    with transaction.atomic():
        deleted, _ = mine.delete()
        if not deleted:
            raise NotFound("There is no such passkey.")
        audit.record(audit.Action.WRITE, "passkey", actor_id=user.pk, detail="removed")

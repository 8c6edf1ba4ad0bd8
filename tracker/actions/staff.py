"""Who works in a clinic."""

from datetime import datetime

from django.db import transaction

from tracker import audit
from tracker.actions.invitations import invite
from tracker.models import Clinic, Membership, User


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

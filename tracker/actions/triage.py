"""What staff do about a reason: see it, hand it to somebody, put it off."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.db import transaction

from tracker import audit, triage
from tracker.access import (
    clinics_treated_by,
    patients_treated_by,
    patients_visible_to,
    require_treats,
)
from tracker.language import t
from tracker.models import (
    DiaryEntry,
    NoteReading,
    Patient,
    SavedView,
    TriageItem,
    User,
)
from tracker.problems import NotFound, not_as_needed, one

LONGEST_SNOOZE_DAYS = 90
# What may be dangerous must not be out of sight for long.
LONGEST_SNOOZE_OF_A_FLAG_DAYS = 2
MOST_VIEWS = 20


def see_item(user: User, key: UUID, *, now: datetime) -> TriageItem:
    """Somebody has looked at it; it comes back with the next episode alone."""
    with transaction.atomic():
        item = _item(user, key)
        if item.seen_at is None:
            item.seen_at, item.seen_by = now, user
            item.save(update_fields=["seen_at", "seen_by"])
            _done(user, item, "seen", now)
    return item


def unsee_item(user: User, key: UUID, *, now: datetime) -> TriageItem:
    """Put a reason back among those that wait: seen by mistake, or too early."""
    with transaction.atomic():
        item = _item(user, key)
        item.seen_at, item.seen_by, item.snoozed_until = None, None, None
        item.save(update_fields=["seen_at", "seen_by", "snoozed_until"])
        _done(user, item, "opened again", now)
    return item


def assign_item(user: User, key: UUID, to: UUID | None, *, now: datetime) -> TriageItem:
    """Hand a reason to a colleague of the same clinic, or to nobody.

    Raises
    ------
    Invalid
        That person treats nobody in the patient's clinic.
    """
    with transaction.atomic():
        item = _item(user, key)
        item.assigned_to = None if to is None else _colleague(item.patient, to)
        item.save(update_fields=["assigned_to"])
        _done(user, item, "assigned", now)
    return item


def snooze_item(user: User, key: UUID, until: date, *, now: datetime) -> TriageItem:
    """Put a reason off to a day.

    Raises
    ------
    Invalid
        The day is not ahead, or farther than may be.
    """
    with transaction.atomic():
        item = _item(user, key)
        today = item.patient.diary_date(now)
        flag = item.kind == TriageItem.Kind.RED_FLAG
        most = LONGEST_SNOOZE_OF_A_FLAG_DAYS if flag else LONGEST_SNOOZE_DAYS
        if not today < until <= today + timedelta(days=most):
            last = today + timedelta(days=most)
            rule = t("a day after {first} and not after {last}", first=today, last=last)
            raise one("until", rule, until.isoformat(), not_as_needed(until, rule))
        item.snoozed_until = until
        item.save(update_fields=["snoozed_until"])
        _done(user, item, "snoozed", now)
    return item


def see_all_of(user: User, patient: Patient, *, now: datetime) -> None:
    """A decision answers every reason that waits; call inside its transaction."""
    waiting = TriageItem.objects.filter(
        triage.open_items(patient.diary_date(now)), patient=patient
    )
    waiting.update(seen_at=now, seen_by=user)
    triage.stand_again(patient, now=now)


def read_notes(user: User, keys: Iterable[UUID], *, now: datetime) -> int:
    """Mark notes as read by staff, as they are worded now; gives how many."""
    mine = DiaryEntry.objects.filter(
        pk__in=list(keys),
        patient__in=patients_treated_by(user),
    ).exclude(note="")
    count = 0
    with transaction.atomic():
        for entry in mine:
            NoteReading.objects.update_or_create(
                entry=entry,
                defaults={
                    "note_hash": note_hash(entry.note),
                    "entry_version": entry.version,
                    "read_by": user,
                    "read_at": now,
                },
            )
            audit.record(
                audit.Action.WRITE,
                "note",
                actor_id=user.pk,
                patient_id=entry.patient_id,
                subject_id=entry.pk,
                detail="marked as read",
            )
            count += 1
    return count


def note_hash(note: str) -> str:
    """What tells whether a note has changed since it was read."""
    return blake2b(note.encode(), digest_size=16).hexdigest()


def save_view(user: User, name: str, filters: dict[str, object]) -> SavedView:
    """Keep filters under a name; the same name is replaced.

    Raises
    ------
    Invalid
        The name is empty or too long, or there are too many views.
    """
    name = name.strip()
    if not 1 <= len(name) <= 40:
        raise one("name", "1 to 40 characters", name, t("Give it 1 to 40 characters."))
    others = SavedView.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST_VIEWS:
        rule = f"at most {MOST_VIEWS} views"
        raise one(
            "name", rule, name, t("There are {n} views; remove one.", n=MOST_VIEWS)
        )
    view, _ = SavedView.objects.update_or_create(
        user=user, name=name, defaults={"filters": filters}
    )
    return view


def _item(user: User, key: UUID) -> TriageItem:
    """An item of a patient the user treats, held until the transaction ends."""
    item = (
        TriageItem.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .filter(pk=key, patient__in=patients_visible_to(user))
        .first()
    )
    if item is None:
        raise NotFound(t("There is no such reason."))
    require_treats(user, item.patient)
    return item


def _colleague(patient: Patient, key: UUID) -> User:
    found = User.objects.filter(pk=key, is_active=True).first()
    if (
        found is None
        or not clinics_treated_by(found).filter(pk=patient.clinic_id).exists()
    ):
        rule = "a clinician or nurse of the clinic"
        raise one("to", rule, str(key), t("Choose a clinician or nurse of the clinic."))
    return found


def _done(user: User, item: TriageItem, what: str, now: datetime) -> None:
    # What the reason is about is a health value and stays out of the audit.
    audit.record(
        audit.Action.WRITE,
        "triage",
        actor_id=user.pk,
        patient_id=item.patient_id,
        subject_id=item.pk,
        detail=what,
    )
    triage.stand_again(item.patient, now=now)

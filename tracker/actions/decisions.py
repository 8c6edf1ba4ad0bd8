"""Recording what was decided, with the evidence that was on the screen."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from tracker import audit, decisions
from tracker.actions.appointments import book
from tracker.actions.triage import see_all_of
from tracker.language import t
from tracker.models import Appointment, Decision, Patient, User
from tracker.problems import Invalid, Problem, not_as_needed

LONGEST_REASON = 500
FARTHEST_REVIEW_DAYS = 180


def decide(
    author: User,
    patient: Patient,
    *,
    key: UUID,
    kind: str,
    reason: str,
    now: datetime,
    review_on: date | None = None,
    planned_at: datetime | None = None,
) -> Decision:
    """Record a decision; the same `key` again is the same decision.

    What it stands on is frozen with it: the spells, the outlook and the fingerprint
    of the record. To book makes the booking in the same step. Every reason that
    waited in triage counts as seen.

    Raises
    ------
    Invalid
        A field breaks its rule; nothing is stored, nothing booked.
    """
    known = Decision.objects.filter(pk=key, patient=patient).first()
    if known is not None:
        return known
    today = patient.diary_date(now)
    problems = _problems(kind, reason, review_on, planned_at, today)
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        evidence = decisions.evidence_of(patient, now=now)
        appointment: Appointment | None = None
        if kind == Decision.Kind.BOOK and planned_at is not None:
            appointment = book(author, patient, planned_at=planned_at, now=now)
        made = Decision.objects.create(
            id=key,
            patient=patient,
            kind=kind,
            reason=reason.strip(),
            review_on=review_on if kind == Decision.Kind.WAIT else None,
            appointment=appointment,
            decided_on=today,
            decided_at=now,
            decided_by=author,
            evidence=evidence,
        )
        see_all_of(author, patient, now=now)
        audit.record(
            audit.Action.WRITE,
            "decision",
            actor_id=author.pk,
            patient_id=patient.pk,
            subject_id=made.pk,
        )
    return made


def _problems(
    kind: str,
    reason: str,
    review_on: date | None,
    planned_at: datetime | None,
    today: date,
) -> list[Problem]:
    found = []
    if kind not in Decision.Kind.values:
        rule = f"one of {', '.join(Decision.Kind.values)}"
        found.append(Problem("kind", rule, kind, t("Choose what was decided.")))
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        rule = f"1 to {LONGEST_REASON} characters"
        said = t(
            "The reason has {n} characters; needed: 1 to {most} characters.",
            n=len(reason.strip()),
            most=LONGEST_REASON,
        )
        found.append(Problem("reason", rule, reason, said))
    last = today + timedelta(days=FARTHEST_REVIEW_DAYS)
    if kind == Decision.Kind.WAIT and not (review_on and today < review_on <= last):
        rule = t("a day after {first} and not after {last}", first=today, last=last)
        given = review_on and review_on.isoformat()
        said = not_as_needed(given or t("No day"), rule)
        found.append(Problem("review_on", rule, given, said))
    if kind == Decision.Kind.BOOK and planned_at is None:
        rule = "a date and time"
        found.append(
            Problem("planned_at", rule, None, t("Choose the day and time to book."))
        )
    return found

"""Booking an infusion, and giving a booking up."""

from datetime import datetime, timedelta

from django.db import transaction

from tracker import audit, bookings, days
from tracker.diary_store import mark_for_relief
from tracker.language import month, t
from tracker.models import Appointment, Patient, User
from tracker.problems import one
from tracker.vocabulary import Phase

USUAL_MINUTES = 60


def book(
    author: User,
    patient: Patient,
    *,
    planned_at: datetime,
    now: datetime,
    phase: str = Phase.BOOSTER,
    duration_min: int = USUAL_MINUTES,
) -> Appointment:
    """Book an infusion; the same moment again is the same booking.

    Raises
    ------
    Invalid
        The moment is past or too far ahead, or the clinic is closed on that day.
    """
    _check(patient, planned_at, now)
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        same = Appointment.objects.filter(
            patient=patient, planned_at=planned_at, status=Appointment.Status.BOOKED
        ).first()
        if same is not None:
            return same
        booked = Appointment.objects.create(
            patient=patient,
            planned_at=planned_at,
            duration_min=duration_min,
            phase=phase,
        )
        _record(author, booked, "booked")
        mark_for_relief(patient.pk, now)
    return booked


def cancel_booking(
    author: User, appointment: Appointment, *, reason: str, now: datetime
) -> Appointment:
    """Give a booking up, with the reason; harmless when repeated.

    Raises
    ------
    Invalid
        No reason is given, or the infusion was given already.
    """
    if appointment.status == Appointment.Status.CANCELLED:
        return appointment
    if not reason.strip():
        raise one("reason", "a reason", reason, t("Say why the booking is given up."))
    if appointment.status == Appointment.Status.DONE:
        raise one(
            "appointment",
            "an infusion not given yet",
            str(appointment.pk),
            t("This infusion was given; cancel the infusion itself."),
        )
    with transaction.atomic():
        appointment.status = Appointment.Status.CANCELLED
        appointment.reason = reason.strip()[:200]
        appointment.save(update_fields=["status", "reason"])
        _record(author, appointment, "cancelled")
        mark_for_relief(appointment.patient_id, now)
    return appointment


def _check(patient: Patient, planned_at: datetime, now: datetime) -> None:
    clinic = patient.clinic
    local = planned_at.astimezone(days.zone(clinic.time_zone))
    said = f"{local:%Y-%m-%d %H:%M}"
    if planned_at <= now:
        raise one(
            "planned_at", "a time to come", said, t("{moment} has passed.", moment=said)
        )
    if planned_at > now + timedelta(days=bookings.FARTHEST_DAYS):
        rule = f"at most {bookings.FARTHEST_DAYS} days ahead"
        raise one(
            "planned_at",
            rule,
            said,
            t(
                "{moment} is more than at most {n} days ahead.",
                moment=said,
                n=bookings.FARTHEST_DAYS,
            ),
        )
    closed = bookings.why_closed(clinic, local.date())
    if closed:
        raise one(
            "planned_at",
            "a day on which the clinic is open",
            said,
            t(
                "The clinic is {closed}; choose another day than {day}.",
                closed=closed,
                day=f"{local:%d} {month(local)}",
            ),
        )


def _record(author: User, booked: Appointment, detail: str) -> None:
    audit.record(
        audit.Action.WRITE,
        "appointment",
        actor_id=author.pk,
        patient_id=booked.patient_id,
        subject_id=booked.pk,
        detail=detail,
    )

"""The caller: account, roles, and their own record as a patient."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents
from api.callers import caller, sent
from tracker import actions
from tracker.access import earliest_by_phone, own_patient, patients_visible_to
from tracker.models import Appointment, Infusion, Membership, Patient, User


class MeView(APIView):
    @extend_schema(
        operation_id="me_read", responses=documents.MeSerializer, summary="Who I am"
    )
    def get(self, request: Request) -> Response:
        return Response(me_json(caller(request)))

    @extend_schema(
        operation_id="me_update",
        request=documents.OwnSettingsSerializer,
        responses=documents.MeSerializer,
        summary="Change my zone, day start or reminder; past days stay where they are",
    )
    def patch(self, request: Request) -> Response:
        user = caller(request)
        patient = own_patient(user)
        values = sent(request, documents.OwnSettingsSerializer)
        actions.change_own_settings(patient, values, now=timezone.now())
        return Response(me_json(user))


def me_json(user: User) -> dict[str, Any]:
    """`user` as `MeSerializer` documents it."""
    memberships = Membership.objects.filter(user=user, ended_at=None).select_related(
        "clinic"
    )
    patient = (
        patients_visible_to(user)
        .filter(user=user)
        .select_related("clinic")
        .prefetch_related(
            Prefetch(
                "infusions",
                Infusion.objects.filter(status=Infusion.Status.GIVEN).order_by(
                    "-started_at"
                )[:1],
                to_attr="latest_infusion",
            ),
            Prefetch(
                "appointments",
                Appointment.objects.filter(
                    status=Appointment.Status.BOOKED, planned_at__gte=timezone.now()
                ).order_by("planned_at")[:1],
                to_attr="next_appointment",
            ),
        )
        .first()
    )
    values = {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "memberships": list(memberships),
        "patient": None if patient is None else _own_record(patient),
    }
    return dict(documents.MeSerializer(values).data)


def _own_record(patient: Patient) -> dict[str, Any]:
    today = patient.diary_date(timezone.now())
    infusions: list[Infusion] = getattr(patient, "latest_infusion", [])
    appointments: list[Appointment] = getattr(patient, "next_appointment", [])
    last = infusions[0].ended_on if infusions else None
    back_fill = patient.clinic.back_fill_days
    return {
        "id": patient.pk,
        "name": patient.name,
        "clinic": patient.clinic,
        "state": patient.state,
        "time_zone": patient.time_zone,
        "day_start": patient.day_start,
        "reminder_time": patient.reminder_time,
        "reminder_channel": patient.reminder_channel,
        "introduced": patient.introduced_at is not None,
        "items": asked_items(patient),
        "primary_outcome": patient.primary_outcome,
        "enrolled_on": patient.enrolled_on,
        "today": today,
        "earliest_day": earliest_by_phone(today, patient.enrolled_on, back_fill),
        "back_fill_days": back_fill,
        "last_infusion_on": last,
        "days_since_infusion": None if last is None else (today - last).days,
        "next_appointment_at": appointments[0].planned_at if appointments else None,
    }


def asked_items(patient: Patient) -> list[str]:
    """The items the phone asks, the primary outcome first, sleep hours by sleep."""
    items = patient.outcomes
    if not patient.asks_sleep_hours:
        return items
    place = items.index("sleep_quality") + 1 if "sleep_quality" in items else len(items)
    return [*items[:place], "sleep_hours", *items[place:]]

"""The safety card: whom to call, and the caller's own plan."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents, errors
from api.callers import caller, sent
from tracker import audit, crisis
from tracker.access import clinic_ruled_by, own_patient
from tracker.actions.safety import (
    StalePlan,
    confirm_crisis_lines,
    save_safety_plan,
)
from tracker.models import ClosedDay, OpeningHours, Patient, SafetyPlan

# A phone without signal still knows the holidays of this time.
DAYS_OF_CLOSINGS = 120


class SafetyView(APIView):
    @extend_schema(
        operation_id="safety_read",
        responses=documents.SafetySerializer,
        summary="Whom to call, when the clinic is open, and my own plan",
    )
    def get(self, request: Request) -> Response:
        user = caller(request)
        patient = own_patient(user)
        plan = SafetyPlan.objects.filter(patient=patient).first()
        audit.record_read(
            "safety plan", actor_id=user.pk, patient_id=patient.pk, own=True
        )
        answer = {
            **crisis.card_of(patient.clinic),
            "clinic": _clinic(patient),
            "plan": plan,
        }
        return Response(documents.SafetySerializer(answer).data)


class SafetyPlanView(APIView):
    @extend_schema(
        operation_id="safety_plan_save",
        request=documents.SafetyPlanInputSerializer,
        responses={
            200: documents.SafetyPlanSerializer,
            409: documents.SafetyPlanConflictSerializer,
        },
        summary="Store my own plan; nobody at the clinic reads it",
    )
    def put(self, request: Request) -> Response:
        patient = own_patient(caller(request))
        values = sent(request, documents.SafetyPlanInputSerializer)
        key, based_on = values.pop("id"), values.pop("based_on")
        try:
            plan = save_safety_plan(
                patient, values, key=key, based_on=based_on, now=timezone.now()
            )
        except StalePlan as stale:
            stored = documents.SafetyPlanSerializer(stale.stored).data
            body = errors.body(stale.code, stale.message, (), stored=stored)
            return Response(body, status=409)
        return Response(documents.SafetyPlanSerializer(plan).data)


class CrisisLinesView(APIView):
    @extend_schema(
        operation_id="crisis_lines_read",
        responses=documents.CrisisLinesSerializer,
        summary="The numbers a clinic shows its patients",
    )
    def get(self, request: Request, clinic_id: UUID) -> Response:
        clinic = clinic_ruled_by(caller(request), clinic_id)
        return Response(documents.CrisisLinesSerializer(crisis.card_of(clinic)).data)

    @extend_schema(
        operation_id="crisis_lines_confirm",
        request=documents.CrisisLinesInputSerializer,
        responses=documents.CrisisLinesSerializer,
        summary="Confirm the numbers a clinic shows its patients",
    )
    def put(self, request: Request, clinic_id: UUID) -> Response:
        user = caller(request)
        clinic = clinic_ruled_by(user, clinic_id)
        values = sent(request, documents.CrisisLinesInputSerializer)
        confirm_crisis_lines(user, clinic, now=timezone.now(), **values)
        return Response(documents.CrisisLinesSerializer(crisis.card_of(clinic)).data)


def _clinic(patient: Patient) -> dict[str, Any]:
    clinic = patient.clinic
    today = timezone.now().date()
    return {
        "name": clinic.name,
        "phone": clinic.phone,
        "time_zone": clinic.time_zone,
        "hours": OpeningHours.objects.filter(clinic=clinic),
        "closed": ClosedDay.objects.filter(
            clinic=clinic,
            date__range=(
                today - timedelta(days=1),
                today + timedelta(days=DAYS_OF_CLOSINGS),
            ),
        ).values_list("date", flat=True),
    }

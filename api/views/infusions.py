"""Infusions: recorded, corrected or cancelled by the clinic, read by the patient."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents, queries
from api.callers import caller, sent
from tracker import audit
from tracker.access import patient_for, patients_visible_to, require_treats
from tracker.actions import (
    INFUSION_FIELDS,
    cancel_infusion,
    correct_infusion,
    save_infusion,
)
from tracker.models import Appointment, Course, Infusion, Patient, User
from tracker.problems import NotFound


def infusions_visible_to(user: User) -> QuerySet[Infusion]:
    return Infusion.objects.filter(patient__in=patients_visible_to(user))


class InfusionList(APIView):
    @extend_schema(
        operation_id="infusion_list",
        parameters=[documents.PATIENT, documents.FROM, documents.TO],
        responses=documents.InfusionListSerializer,
        summary="Infusions of a patient, oldest first",
    )
    def get(self, request: Request) -> Response:
        user = caller(request)
        patient = queries.patient(user, request.query_params)
        first, last = queries.span(request.query_params, longest_days=40_000)
        infusions = Infusion.objects.filter(patient=patient)
        if first:
            infusions = infusions.filter(started_on__gte=first)
        if last:
            infusions = infusions.filter(started_on__lte=last)
        audit.record_read(
            "infusions",
            actor_id=user.pk,
            patient_id=patient.pk,
            own=patient.user_id == user.pk,
        )
        rows = infusions.select_related("recorded_by").order_by("started_at")
        return Response(documents.InfusionListSerializer({"results": rows}).data)

    @extend_schema(
        operation_id="infusion_record",
        request=documents.InfusionInputSerializer,
        responses={201: documents.InfusionSerializer},
        summary="Record an infusion",
    )
    def post(self, request: Request) -> Response:
        user = caller(request)
        values = sent(request, documents.InfusionInputSerializer)
        patient = patient_for(user, values.pop("patient"))
        require_treats(user, patient)
        infusion = save_infusion(
            user,
            patient,
            _complete(patient, values),
            infusion_id=values.get("id"),
            reason=values.get("reason", ""),
            now=timezone.now(),
        )
        return Response(documents.InfusionSerializer(infusion).data, status=201)


class InfusionDetail(APIView):
    @extend_schema(
        operation_id="infusion_read",
        responses=documents.InfusionSerializer,
        summary="One infusion",
    )
    def get(self, request: Request, infusion_id: UUID) -> Response:
        user = caller(request)
        infusion = _in_sight(user, infusion_id)
        audit.record_read(
            "infusions",
            actor_id=user.pk,
            patient_id=infusion.patient_id,
            own=infusion.patient.user_id == user.pk,
        )
        return Response(documents.InfusionSerializer(infusion).data)

    @extend_schema(
        operation_id="infusion_correct",
        request=documents.InfusionChangeSerializer,
        responses=documents.InfusionSerializer,
        summary="Correct an infusion; earlier versions are kept",
    )
    def patch(self, request: Request, infusion_id: UUID) -> Response:
        user = caller(request)
        infusion = _in_sight(user, infusion_id)
        require_treats(user, infusion.patient)
        changes = sent(request, documents.InfusionChangeSerializer, partial=True)
        infusion = correct_infusion(
            user,
            infusion,
            _related(infusion.patient, changes),
            reason=changes.get("reason", ""),
            now=timezone.now(),
        )
        return Response(documents.InfusionSerializer(infusion).data)


class CancelInfusion(APIView):
    @extend_schema(
        operation_id="infusion_cancel",
        request=documents.ReasonSerializer,
        responses={200: documents.InfusionSerializer},
        summary="Say that an infusion was not given after all",
    )
    def post(self, request: Request, infusion_id: UUID) -> Response:
        user = caller(request)
        infusion = _in_sight(user, infusion_id)
        require_treats(user, infusion.patient)
        values = sent(request, documents.ReasonSerializer)
        infusion = cancel_infusion(user, infusion, now=timezone.now(), **values)
        return Response(documents.InfusionSerializer(infusion).data)


def _in_sight(user: User, infusion_id: UUID) -> Infusion:
    infusion = (
        infusions_visible_to(user)
        .select_related("patient", "recorded_by")
        .filter(pk=infusion_id)
        .first()
    )
    if infusion is None:
        raise NotFound("There is no such infusion.")
    return infusion


def _complete(patient: Patient, values: dict[str, Any]) -> dict[str, Any]:
    """Every editable field, blank where it was left out."""
    return dict.fromkeys(INFUSION_FIELDS) | _related(patient, values)


def _related(patient: Patient, values: dict[str, Any]) -> dict[str, Any]:
    """The editable values, with the patient's own course and appointment for keys."""
    found = {name: value for name, value in values.items() if name in INFUSION_FIELDS}
    if found.get("course") is not None:
        course = Course.objects.filter(patient=patient, pk=found["course"]).first()
        if course is None:
            raise NotFound("There is no such course.")
        found["course"] = course
    if found.get("appointment") is not None:
        appointment = Appointment.objects.filter(
            patient=patient, pk=found["appointment"]
        ).first()
        if appointment is None:
            raise NotFound("There is no such appointment.")
        found["appointment"] = appointment
    return found

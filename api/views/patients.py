"""Patients: seen, enrolled and moved through the life cycle by the clinic."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents
from api.callers import caller, sent
from tracker import audit
from tracker.access import (
    clinics_treated_by,
    patient_for,
    patients_visible_to,
    require_treats,
)
from tracker.actions import add_patient, change_state, end_sessions_of, invite
from tracker.models import Clinic, Patient, User
from tracker.problems import NotAllowed, NotFound, one
from tracker.vocabulary import PatientState

STATE = OpenApiParameter(
    "state", str, enum=PatientState.values, description="Only patients in this state."
)


def welcome_path(token: str) -> str:
    """The token travels behind #, which browsers keep to themselves."""
    return f"/welcome#{token}"


class PatientList(APIView):
    @extend_schema(
        operation_id="patient_list",
        parameters=[STATE],
        responses=documents.PatientListSerializer,
        summary="Patients whose record I may read",
    )
    def get(self, request: Request) -> Response:
        user = caller(request)
        patients = patients_visible_to(user).select_related("clinic")
        state = request.query_params.get("state")
        if state is not None:
            if state not in PatientState.values:
                rule = "one of " + ", ".join(PatientState.values)
                raise one("state", rule, state[:40], f"The state must be {rule}.")
            patients = patients.filter(state=state)
        audit.record_read("patients", actor_id=user.pk, patient_id=None, own=False)
        rows = patients.order_by("name", "pk")
        return Response(documents.PatientListSerializer({"results": rows}).data)

    @extend_schema(
        operation_id="patient_enrol",
        request=documents.PatientInputSerializer,
        responses={201: documents.InvitedPatientSerializer},
        summary="Enrol a patient and get the link that invites them",
    )
    def post(self, request: Request) -> Response:
        user = caller(request)
        values = sent(request, documents.PatientInputSerializer)
        clinic = _clinic(user, values.pop("clinic", None))
        patient, token = add_patient(
            user, clinic, values, email=values.pop("email"), now=timezone.now()
        )
        return Response(_with_link(patient, token), status=201)


class PatientDetail(APIView):
    @extend_schema(
        operation_id="patient_read",
        responses=documents.PatientSerializer,
        summary="One patient",
    )
    def get(self, request: Request, patient_id: UUID) -> Response:
        user = caller(request)
        patient = patient_for(user, patient_id)
        audit.record_read(
            "patient",
            actor_id=user.pk,
            patient_id=patient.pk,
            own=patient.user_id == user.pk,
        )
        return Response(documents.PatientSerializer(patient).data)


class PatientStateView(APIView):
    @extend_schema(
        operation_id="patient_state",
        request=documents.StateInputSerializer,
        responses={200: documents.PatientSerializer},
        summary="Pause, discharge or reactivate a patient, with date and reason",
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        user = caller(request)
        patient = patient_for(user, patient_id)
        require_treats(user, patient)
        values = sent(request, documents.StateInputSerializer)
        patient = change_state(user, patient, now=timezone.now(), **values)
        return Response(documents.PatientSerializer(patient).data)


class PatientInvitation(APIView):
    @extend_schema(
        operation_id="patient_invite",
        request=None,
        responses={201: documents.InvitationLinkSerializer},
        summary="A fresh link for a patient; earlier ones stop working",
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        user = caller(request)
        patient = patient_for(user, patient_id)
        require_treats(user, patient)
        if patient.user is None:
            raise NotFound("This patient has no account to invite to.")
        token = invite(user, patient.user, now=timezone.now())
        return Response({"invitation": welcome_path(token)}, status=201)


class PatientSessions(APIView):
    @extend_schema(
        operation_id="patient_sign_out",
        responses={204: OpenApiResponse(description="Signed out everywhere.")},
        summary="Sign a patient out everywhere, as for a lost phone",
    )
    def delete(self, request: Request, patient_id: UUID) -> Response:
        user = caller(request)
        patient = patient_for(user, patient_id)
        require_treats(user, patient)
        end_sessions_of(user, patient)
        return Response(status=204)


def _clinic(user: User, key: UUID | None) -> Clinic:
    clinics = clinics_treated_by(user)
    if key is not None:
        clinic = clinics.filter(pk=key).first()
        if clinic is None:
            raise NotFound("There is no such clinic.")
        return clinic
    found = list(clinics[:2])
    if not found:
        raise NotAllowed("Only a clinic's clinicians and nurses enrol patients.")
    if len(found) > 1:
        raise one("clinic", "one of your clinics", None, "Say at which clinic.")
    return found[0]


def _with_link(patient: Patient, token: str) -> dict[str, Any]:
    return {
        **documents.PatientSerializer(patient).data,
        "invitation": welcome_path(token),
    }

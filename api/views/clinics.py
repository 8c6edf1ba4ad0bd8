"""Clinics: what each decides for itself."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents
from api.callers import caller, sent
from tracker.access import clinic_ruled_by, clinics_treated_by
from tracker.actions import change_booster_rule
from tracker.models import User
from tracker.problems import NotFound


class BoosterRuleView(APIView):
    @extend_schema(
        operation_id="booster_rule_read",
        responses=documents.BoosterRuleSerializer,
        summary="What an early and a late booster cost here",
    )
    def get(self, request: Request, clinic_id: UUID) -> Response:
        clinic = _in_sight(caller(request), clinic_id)
        return Response(documents.BoosterRuleSerializer(clinic).data)

    @extend_schema(
        operation_id="booster_rule_change",
        request=documents.BoosterRuleSerializer,
        responses=documents.BoosterRuleSerializer,
        summary="Change the clinic's booster rule; outlooks follow",
    )
    def patch(self, request: Request, clinic_id: UUID) -> Response:
        user = caller(request)
        clinic = clinic_ruled_by(user, clinic_id)
        values = sent(request, documents.BoosterRuleSerializer, partial=True)
        clinic = change_booster_rule(user, clinic, values, now=timezone.now())
        return Response(documents.BoosterRuleSerializer(clinic).data)


def _in_sight(user: User, clinic_id: UUID) -> object:
    treated = clinics_treated_by(user).filter(pk=clinic_id).first()
    if treated is not None:
        return treated
    try:
        return clinic_ruled_by(user, clinic_id)
    except NotFound:
        raise NotFound("There is no such clinic.") from None

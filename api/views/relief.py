"""Relief: the stored spells of a patient, as the dashboard shows them too."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents, queries
from api.callers import caller
from tracker import audit
from tracker.models import ReliefMark, ReliefSpell


class ReliefView(APIView):
    @extend_schema(
        operation_id="relief_read",
        parameters=[documents.PATIENT],
        responses=documents.ReliefSerializer,
        summary="How long relief lasted after each series of infusions",
    )
    def get(self, request: Request) -> Response:
        user = caller(request)
        patient = queries.patient(user, request.query_params)
        spells = list(
            ReliefSpell.objects.filter(
                patient=patient, item=patient.primary_outcome
            ).order_by("series")
        )
        audit.record_read(
            "relief",
            actor_id=user.pk,
            patient_id=patient.pk,
            own=patient.user_id == user.pk,
        )
        newest = spells[-1] if spells else None
        answer = {
            "patient": patient.pk,
            "item": patient.primary_outcome,
            "criteria_version": newest.criteria_version if newest else "",
            "computed_at": newest.computed_at if newest else None,
            "stale": ReliefMark.objects.filter(patient=patient).exists(),
            "baseline": newest.baseline if newest else None,
            "baseline_days": newest.baseline_days if newest else 0,
            "spells": spells,
        }
        return Response(documents.ReliefSerializer(answer).data)

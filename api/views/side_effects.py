"""Side effects: the vocabulary, and what was reported."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents, queries
from api.callers import caller
from tracker import audit
from tracker.models import DiaryEntry, SideEffectTerm


class Vocabulary(APIView):
    @extend_schema(
        operation_id="side_effect_vocabulary",
        responses=documents.TermListSerializer,
        summary="The side effects a report may name",
    )
    def get(self, request: Request) -> Response:
        terms = SideEffectTerm.objects.filter(retired=False)
        return Response(documents.TermListSerializer({"results": terms}).data)


class SideEffectReports(APIView):
    @extend_schema(
        operation_id="side_effect_list",
        parameters=[documents.PATIENT, documents.FROM, documents.TO],
        responses=documents.SideEffectReportListSerializer,
        summary="Reported side effects, newest first",
        description=(
            "A day on which somebody asked and there were none counts in "
            "asked_days and gives no report; a day on which nobody asked does neither."
        ),
    )
    def get(self, request: Request) -> Response:
        user = caller(request)
        patient = queries.patient(user, request.query_params)
        first, last = queries.span(request.query_params, longest_days=40_000)
        asked = DiaryEntry.objects.filter(patient=patient).exclude(side_effects=None)
        if first:
            asked = asked.filter(date__gte=first)
        if last:
            asked = asked.filter(date__lte=last)
        days = list(asked.order_by("-date").values_list("pk", "date", "side_effects"))
        audit.record_read(
            "side_effects",
            actor_id=user.pk,
            patient_id=patient.pk,
            own=patient.user_id == user.pk,
        )
        answer: dict[str, Any] = {
            "asked_days": len(days),
            "results": [
                {"entry": key, "date": date, **effect}
                for key, date, effects in days
                for effect in effects or ()
            ],
        }
        return Response(documents.SideEffectReportListSerializer(answer).data)

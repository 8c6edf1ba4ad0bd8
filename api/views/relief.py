"""Relief: the stored spells and outlook of a patient, as the dashboard shows them too."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents, queries
from api.callers import caller
from tracker import audit
from tracker.access import clinics_treated_by, require_clinical
from tracker.models import Clinic, Patient, ReliefMark, ReliefSpell, User
from tracker.vocabulary import PatientSees

# A withdrawn outlook is told of for so long.
WITHDRAWN_DAYS = 30


class ReliefView(APIView):
    @extend_schema(
        operation_id="relief_read",
        parameters=[documents.PATIENT],
        responses=documents.ReliefSerializer,
        summary="How long relief lasted after each series, and the current outlook",
    )
    def get(self, request: Request) -> Response:
        user = caller(request)
        patient = queries.patient(user, request.query_params)
        is_own = patient.user_id == user.pk
        spells = list(
            ReliefSpell.objects.filter(
                patient=patient, item=patient.primary_outcome
            ).order_by("series")
        )
        audit.record_read("relief", actor_id=user.pk, patient_id=patient.pk, own=is_own)
        if is_own and patient.clinic.patients_see == PatientSees.NOTHING:
            spells = []
        newest = spells[-1] if spells else None
        outlook = {"outlook": None, "withdrawn": ""}
        shown = not is_own or patient.clinic.patients_see == PatientSees.OUTLOOK
        answer = {
            "patient": patient.pk,
            "item": patient.primary_outcome,
            "criteria_version": newest.criteria_version if newest else "",
            "computed_at": newest.computed_at if newest else None,
            "stale": ReliefMark.objects.filter(patient=patient).exists(),
            "baseline": newest.baseline if newest else None,
            "baseline_sd": newest.baseline_sd if newest else None,
            "baseline_days": newest.baseline_days if newest else 0,
            "spells": spells,
            **(_outlook(user, patient) if shown else outlook),
        }
        return Response(documents.ReliefSerializer(answer).data)


class ScorecardView(APIView):
    @extend_schema(
        operation_id="relief_scorecards",
        responses=documents.ScorecardListSerializer,
        summary="How forecasts have done in my clinics, by outcome",
    )
    def get(self, request: Request) -> Response:
        user = caller(request)
        require_clinical(user)
        rows = [
            row
            for clinic in clinics_treated_by(user).order_by("name")
            for row in _scorecards(clinic)
        ]
        audit.record_read("scorecards", actor_id=user.pk, patient_id=None, own=False)
        return Response(documents.ScorecardListSerializer({"results": rows}).data)


def _outlook(user: User, patient: Patient) -> dict[str, Any]:
    # Pandas is loaded where an outlook is shown: other workers stay small.
    from tracker import forecasts

    newest = forecasts.newest_forecast(patient)
    since = timezone.now() - timedelta(days=WITHDRAWN_DAYS)
    gone = forecasts.withdrawn_from(user, patient, since=since)
    return {
        "outlook": None if newest is None else forecasts.show(newest),
        "withdrawn": forecasts.withdrawn_words(gone),
    }


def _scorecards(clinic: Clinic) -> list[dict[str, Any]]:
    # As above.
    from tracker import forecasts, relief

    items = sorted(
        set(clinic.patients.order_by().values_list("primary_outcome", flat=True))
    )
    return [
        {
            "clinic": clinic.pk,
            "clinic_name": clinic.name,
            "item": item,
            "scorecards": [
                {
                    "group": group,
                    "n_forecasts": card.n_forecasts,
                    "n_patients": card.n_patients,
                    "n_lost": card.n_lost,
                    "coverage": [
                        {"level": level, "share": share}
                        for level, share in card.coverage.items()
                    ],
                    "log_score": None if card.reason else card.log_score,
                    "histogram": list(card.histogram),
                    "reason": card.reason,
                    "words": relief.scorecard_words(card),
                }
                for group, card in forecasts.scorecards(clinic, item).items()
            ],
        }
        for item in items
    ]

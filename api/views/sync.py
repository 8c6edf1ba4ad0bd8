"""Everything a phone wrote since it last had signal, in one request."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api import documents, errors
from api.fields import moment_text
from api.views.diary import LeanView
from tracker import audit, strict_json
from tracker.access import diary_patient
from tracker.actions import Answer, Synced, sync_days
from tracker.diary_bulk import Present
from tracker.models import User
from tracker.problems import one
from tracker.side_effects import known_codes
from tracker.sync_batch import parse_batch
from tracker.vocabulary import STAFF_SOURCES


class SyncView(LeanView):
    @extend_schema(
        operation_id="sync",
        request=documents.SyncBatchSerializer,
        responses=documents.SyncedSerializer,
        summary="Send changes of the caller's own diary, and fetch what is new",
        description=(
            "Each change is answered, in the order sent, and a refused one holds up "
            "no other. A change sent again gets its answer again and is not done "
            "again. A fault that will pass is 503 with Retry-After and changes "
            "nothing: send the same batch again."
        ),
    )
    def post(self, request: HttpRequest, user: User) -> HttpResponse:
        if not request.body:
            raise one("body", "a JSON object", None, "Send one JSON object.")
        if request.content_type != "application/json":
            return errors.response(
                "unsupported_media_type", "Send the batch as application/json."
            )
        batch = parse_batch(strict_json.decode(request.body), known_codes())
        patient = diary_patient(user)
        synced = sync_days(user, patient, batch, now=timezone.now())
        if synced.days:
            audit.record_read(
                "diary", actor_id=user.pk, patient_id=patient.id, own=True
            )
        return HttpResponse(json.dumps(_told(synced)), content_type="application/json")


def _told(synced: Synced) -> dict[str, Any]:
    return {
        "answers": [_answer(answer) for answer in synced.answers],
        "days": [_day(day) for day in synced.days if not day.deleted_at],
        "deleted": [_tombstone(day) for day in synced.days if day.deleted_at],
        "cursor": synced.cursor,
        "has_more": synced.has_more,
        "is_reset": synced.is_reset,
        "clock_skew_s": synced.clock_skew_s,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    day, refusal = answer.day, answer.refusal
    return {
        "id": answer.id,
        "outcome": answer.outcome,
        "day": None if day is None or day.deleted_at else _day(day),
        "deleted": _tombstone(day) if day is not None and day.deleted_at else None,
        "clashes": list(answer.clashes),
        "refusal": None
        if refusal is None
        else errors.body(refusal.code, refusal.message, refusal.problems),
    }


def _day(day: Present) -> dict[str, Any]:
    return {
        "id": str(day.id),
        "date": day.date.isoformat(),
        **day.content.as_json(),
        "version": day.version,
        "days_late": day.days_late,
        "entered_via": day.source,
        "by_staff": day.source in STAFF_SOURCES,
        "updated_at": moment_text(day.updated_at),
    }


def _tombstone(day: Present) -> dict[str, Any]:
    assert day.deleted_at is not None
    return {
        "date": day.date.isoformat(),
        "version": day.version,
        "deleted_at": moment_text(day.deleted_at),
    }

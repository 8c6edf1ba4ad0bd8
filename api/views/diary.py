"""The diary: list, one day, and the saving of one day.

Saving is what every phone does every day. Its view keeps DRF's documentation
and error shape and leaves out the per-request building of serializers, which
would cost more than the saving itself.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    MethodNotAllowed,
    Throttled,
)
from rest_framework.views import APIView

from api import documents, errors, queries, throttle
from api.authentication import identify
from api.fields import moment_text
from tracker import audit, strict_json
from tracker.access import DiaryPatient, diary_patient, patients_visible_by_key
from tracker.actions import Saved, Stale, save_day
from tracker.day_sql import day_document
from tracker.diary_day import Day, parse_date, parse_day
from tracker.models import DiaryEntry, Revision, User
from tracker.problems import NotAllowed, NotFound, Refused, one
from tracker.side_effects import known_codes
from tracker.statements import Prepared, date_slot, slot
from tracker.vocabulary import SCORES, STAFF_SOURCES, Source

DAYS_BY_DEFAULT = 100
DAYS_AT_MOST = 400

_COLUMNS = (
    "id",
    "date",
    *SCORES,
    "sleep_hours",
    "note",
    "side_effects",
    "version",
    "days_late",
    "source",
    "updated_at",
)


class LeanView(APIView):
    """Authenticates, throttles and answers refusals without DRF's machinery."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self._answer(request, **kwargs)
        except Refused as refused:
            return errors.refusal(refused)
        except RequestDataTooBig:
            return errors.response("too_large", errors.TOO_LARGE)
        except APIException as error:
            return _plain(error)

    def _answer(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user = identify(request)
        if user is None:
            return _plain(AuthenticationFailed("Sign in first."))
        throttle.check(user.pk)
        method = "get" if request.method == "HEAD" else (request.method or "").lower()
        handler: Callable[..., HttpResponse] | None = (
            getattr(self, method, None) if method in {"get", "put", "post"} else None
        )
        if handler is None:
            raise MethodNotAllowed(request.method or "")
        return handler(request, user, **kwargs)


def _plain(error: APIException) -> JsonResponse:
    code = errors.CODE_OF_STATUS.get(error.status_code, "invalid")
    answer = errors.response(code, str(error.detail))
    if isinstance(error, AuthenticationFailed):
        answer.status_code = 401
        answer["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Throttled):
        answer["Retry-After"] = str(int(getattr(error, "wait", 0) or 0) + 1)
    return answer


class DiaryList(LeanView):
    @extend_schema(
        operation_id="diary_list",
        parameters=[documents.PATIENT, documents.FROM, documents.TO],
        responses=documents.DayListSerializer,
        summary="Days of a diary, newest first",
    )
    def get(self, request: HttpRequest, user: User) -> HttpResponse:
        key = queries.patient_id(request.GET)
        first, last = queries.span(request.GET, longest_days=DAYS_AT_MOST)
        limit = DAYS_AT_MOST if first or last else DAYS_BY_DEFAULT
        rows = stored_days(user, key, first or date.min, last or date.max, limit)
        if not rows:
            # Nothing there, or nobody in sight? The second is 404.
            diary_patient(user, key)
        audit.record_read(
            "diary",
            actor_id=user.pk,
            patient_id=key or (UUID(str(rows[0][-1])) if rows else None),
            own=key is None,
        )
        days = ", ".join([day for day, _ in rows])
        return HttpResponse(f'{{"results": [{days}]}}', content_type="application/json")


def _statement(limit: int, *, own: bool) -> Prepared:
    """Days of one patient, newest first, for whoever may read them."""
    name = "user" if own else "patient"

    def build() -> QuerySet[Any, Any]:
        visible = patients_visible_by_key(slot("user"))
        one = (
            visible.filter(user=slot("user")) if own else visible.filter(pk=slot(name))
        )
        return (
            DiaryEntry.objects.filter(
                patient__in=one,
                date__gte=date_slot("first"),
                date__lte=date_slot("last"),
            )
            .order_by("-date")
            .values_list(day_document(), "patient_id")[:limit]
        )

    names = ("user",) if own else ("user", "patient")
    return Prepared(build, *names, "first", "last", raw=True)


_STATEMENTS = {
    (limit, own): _statement(limit, own=own)
    for limit in (DAYS_BY_DEFAULT, DAYS_AT_MOST)
    for own in (True, False)
}


def stored_days(
    user: User, key: UUID | None, first: date, last: date, limit: int
) -> list[tuple[str, Any]]:
    """Each day as JSON, and the patient's key as the driver gives it."""
    if not user.is_active:
        return []
    statement = _STATEMENTS[(limit, key is None)]
    span: dict[str, Any] = {"first": first, "last": last}
    if key is None:
        return statement.rows(user=user.pk, **span)
    return statement.rows(user=user.pk, patient=key, **span)


class DiaryDay(LeanView):
    @extend_schema(
        operation_id="diary_read",
        parameters=[documents.DAY, documents.PATIENT],
        responses=documents.DaySerializer,
        summary="One day of a diary",
    )
    def get(self, request: HttpRequest, user: User, day: str) -> HttpResponse:
        on = parse_date("date", day)
        patient = diary_patient(user, queries.patient_id(request.GET))
        entry = DiaryEntry.objects.filter(patient=patient.id, date=on).first()
        audit.record_read(
            "diary", actor_id=user.pk, patient_id=patient.id, own=patient.is_own
        )
        if entry is None:
            raise NotFound("Nothing is written for this day.")
        return _versioned(day_json(entry))

    @extend_schema(
        operation_id="diary_save",
        parameters=[documents.DAY, documents.PATIENT, documents.IF_MATCH],
        request=documents.DayInputSerializer,
        responses={
            200: documents.DaySerializer,
            409: documents.DayConflictSerializer,
        },
        summary="Replace one day of a diary",
        description=(
            "An item left out is blank. The same body again gives the same answer. "
            "With If-Match, a version that is no longer the newest answers 409 with "
            "both versions; without it the last write wins and the earlier one stays "
            "in the revisions."
        ),
    )
    def put(self, request: HttpRequest, user: User, day: str) -> HttpResponse:
        on = parse_date("date", day)
        if not request.body:
            raise one("body", "a JSON object", None, "Send one JSON object.")
        if request.content_type != "application/json":
            return errors.response(
                "unsupported_media_type", "Send the day as application/json."
            )
        sent = parse_day(strict_json.decode(request.body), known_codes())
        patient = diary_patient(user, queries.patient_id(request.GET))
        try:
            saved = save_day(
                user,
                patient,
                on,
                sent,
                source=_source(patient, sent),
                based_on=queries.if_match(request),
                now=timezone.now(),
            )
        except Stale as stale:
            return _conflict(sent, stale.entry)
        return _versioned(_saved_json(on, sent, saved))


class DiaryHistory(LeanView):
    @extend_schema(
        operation_id="diary_history",
        parameters=[documents.DAY, documents.PATIENT],
        responses=documents.DayHistorySerializer,
        summary="Everything that ever came in for one day, oldest first",
    )
    def get(self, request: HttpRequest, user: User, day: str) -> HttpResponse:
        on = parse_date("date", day)
        patient = diary_patient(user, queries.patient_id(request.GET))
        audit.record_read(
            "diary_history", actor_id=user.pk, patient_id=patient.id, own=patient.is_own
        )
        rows = Revision.objects.filter(patient=patient.id, date=on)
        found = [_revision_json(row) for row in rows]
        if not found:
            raise NotFound("Nothing was ever written for this day.")
        return JsonResponse({"results": found})


def _revision_json(row: Revision) -> dict[str, Any]:
    written_at = row.written_at
    return {
        "id": str(row.pk),
        "outcome": row.outcome,
        "version": row.version,
        "day": row.content,
        "result": row.result,
        "entered_via": row.source,
        "by_staff": row.source in STAFF_SOURCES,
        "device_id": None if row.device_id is None else str(row.device_id),
        "written_at": None if written_at is None else moment_text(written_at),
        "clock_doubtful": row.clock_doubtful,
        "arrived_at": moment_text(row.arrived_at),
    }


def _source(patient: DiaryPatient, day: Day) -> Source:
    """How the day came in: staff say how they were told, a patient needs not."""
    via = day.entered_via
    if patient.is_own:
        if via in STAFF_SOURCES:
            raise NotAllowed("Only the clinic's staff enter a day for somebody.")
        return Source.PHONE
    if via in STAFF_SOURCES:
        return Source(via)
    rule = f"one of {', '.join(sorted(STAFF_SOURCES))}"
    raise one("entered_via", rule, via, f"Say how you were told: {rule}.")


def _conflict(sent: Day, entry: DiaryEntry) -> HttpResponse:
    answer = errors.response(
        "conflict",
        f"{entry.date} was changed elsewhere since this version. Which one is right?",
        yours=sent.content.as_json(),
        stored=None if entry.deleted_at else day_json(entry),
    )
    answer["ETag"] = f'"{entry.version}"'
    return answer


def _versioned(body: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(json.dumps(body), content_type="application/json")
    answer["ETag"] = f'"{body["version"]}"'
    return answer


def _saved_json(on: date, sent: Day, saved: Saved) -> dict[str, Any]:
    entry = saved.entry
    return {
        "id": str(entry.id),
        "date": on.isoformat(),
        **sent.content.as_json(),
        "version": entry.version,
        "days_late": entry.days_late,
        "entered_via": entry.source,
        "by_staff": entry.source in STAFF_SOURCES,
        "updated_at": moment_text(entry.updated_at),
    }


def day_json(entry: DiaryEntry) -> dict[str, Any]:
    return _day_of_row([getattr(entry, name) for name in _COLUMNS])


def _day_of_row(row: Sequence[Any]) -> dict[str, Any]:
    values = dict(zip(_COLUMNS, row, strict=False))
    source = values.pop("source")
    return {
        **values,
        "id": str(values["id"]),
        "date": values["date"].isoformat(),
        "entered_via": source,
        "by_staff": source in STAFF_SOURCES,
        "updated_at": moment_text(values["updated_at"]),
    }

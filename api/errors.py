"""Every refusal in one shape: {"code", "message", "problems": [...]}."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from tracker.problems import Problem, Refused
from tracker.strict_json import shown

STATUS_OF_CODE = {
    "invalid": 400,
    "sign_in_failed": 400,
    "not_signed_in": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "too_large": 413,
    "unsupported_media_type": 415,
    "throttled": 429,
    "server_error": 500,
    "storage_unavailable": 503,
}
CODE_OF_STATUS = {
    status: code for code, status in STATUS_OF_CODE.items() if code != "sign_in_failed"
}
TOO_LARGE = "The request is larger than 2 MB."


def body(
    code: str, message: str, problems: Sequence[Problem] = (), **more: Any
) -> dict[str, Any]:
    return {
        "code": code,
        "message": message,
        "problems": [
            {
                "field": problem.field,
                "rule": problem.rule,
                "value": problem.value,
                "message": problem.message,
            }
            for problem in problems
        ],
        **more,
    }


def response(
    code: str, message: str, problems: Sequence[Problem] = (), **more: Any
) -> JsonResponse:
    return JsonResponse(
        body(code, message, problems, **more), status=STATUS_OF_CODE[code]
    )


def refusal(refused: Refused) -> JsonResponse:
    return response(refused.code, refused.message, refused.problems)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler."""
    if isinstance(error, Refused):
        return Response(
            body(error.code, error.message, error.problems),
            status=STATUS_OF_CODE[error.code],
        )
    if isinstance(error, RequestDataTooBig):
        return Response(body("too_large", TOO_LARGE), status=413)
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is no such record.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    return _from_drf(error, context)


def _from_drf(error: exceptions.APIException, context: dict[str, Any]) -> Response:
    code = CODE_OF_STATUS.get(error.status_code, "invalid")
    problems: list[Problem] = []
    if isinstance(error, exceptions.ValidationError):
        sent = context["request"].data if context.get("request") else {}
        problems = list(_problems(error.detail, sent))
        message = " ".join(problem.message for problem in problems)
    else:
        message = str(error.detail)
    answer = Response(body(code, message, problems), status=error.status_code)
    if isinstance(error, exceptions.Throttled):
        answer["Retry-After"] = str(int(getattr(error, "wait", 0) or 0) + 1)
    if error.status_code == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _problems(detail: Any, sent: Any, field: str = "") -> Iterator[Problem]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            value = sent.get(name) if isinstance(sent, dict) else None
            path = f"{field}.{name}" if field else str(name)
            yield from _problems(inner, value, path)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _problems(inner, sent, field)
    else:
        rule = getattr(detail, "code", "invalid")
        value = None if "password" in field or "token" in field else shown(sent)
        yield Problem(field or "body", rule, value, str(detail))


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return response("not_found", "There is no such address.")


def server_error(request: HttpRequest) -> JsonResponse:
    return response(
        "server_error",
        "Something went wrong here; what you had stored before is safe.",
    )

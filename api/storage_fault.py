"""A locked, full or absent database is a 503 that says when to come back."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from api import errors

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 5


class StorageFault:
    """Answers storage faults of everything inside it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            return unavailable(error)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        return unavailable(exception) if is_storage_fault(exception) else None


def is_storage_fault(error: BaseException) -> bool:
    """Whether `error` says that the database cannot be used just now."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # "attempt to write a readonly database", and a torn connection.
    return type(error) is DatabaseError


def unavailable(error: BaseException) -> HttpResponse:
    logger.error("The database cannot be used: %s", type(error).__name__)
    # A broken connection must not be kept for the next request.
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    answer = errors.response(
        "storage_unavailable",
        "The clinic's server cannot store anything just now. "
        "What you entered is safe where you entered it; try again shortly.",
    )
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer

"""What the query string may ask for."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, QueryDict

from tracker.access import Viewer, own_patient, patient_for
from tracker.diary_day import parse_date
from tracker.models import Patient
from tracker.problems import NotFound, one


def patient_id(query: QueryDict) -> UUID | None:
    """The patient named by ?patient=, None for the caller's own record."""
    text = query.get("patient")
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        # Not a key at all is answered like a key of nobody.
        raise NotFound("There is no such patient.") from None


def patient(user: Viewer, query: QueryDict) -> Patient:
    key = patient_id(query)
    return own_patient(user) if key is None else patient_for(user, key)


def span(
    query: QueryDict, *, longest_days: int = 400
) -> tuple[date | None, date | None]:
    """The days asked for by ?from= and ?to=, both included."""
    first, last = (
        parse_date(name, str(query[name])) if name in query else None
        for name in ("from", "to")
    )
    if first and last and not 0 <= (last - first).days < longest_days:
        rule = f"from before to, at most {longest_days} days"
        raise one("from", rule, first.isoformat(), f"Ask for {rule}.")
    return first, last


def if_match(request: HttpRequest) -> int | None:
    """The version an If-Match header names; 0 says that there was none."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return None
    text = header.strip().removeprefix("W/").strip('"')
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise one(
        "If-Match",
        'a version in quotes, as "3"',
        header[:40],
        "If-Match is no version.",
    )

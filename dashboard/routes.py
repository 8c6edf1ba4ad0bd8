"""Addresses of the dashboard's pages."""

import re
from dataclasses import dataclass
from uuid import UUID

PREFIX = "/dashboard/"
_PATIENT = re.compile(r"^/dashboard/patient/([0-9a-f-]{36})/?$")


@dataclass(frozen=True)
class Route:
    """Which page is asked for; the caseload when no patient is named."""

    patient_id: UUID | None = None


def route_of(path: str) -> Route:
    found = _PATIENT.match(path)
    if found is None:
        return Route()
    try:
        return Route(UUID(found[1]))
    except ValueError:
        return Route()


def patient_path(patient_id: UUID) -> str:
    return f"{PREFIX}patient/{patient_id}"

"""Addresses of the dashboard's pages."""

import re
from dataclasses import dataclass
from uuid import UUID

PREFIX = "/dashboard/"
FORECASTS = f"{PREFIX}forecasts"
CLINIC = f"{PREFIX}clinic"
COHORT = f"{PREFIX}cohort"
_PATIENT = re.compile(r"^/dashboard/patient/([0-9a-f-]{36})(/report)?/?$")


@dataclass(frozen=True)
class Route:
    """Which page is asked for; the caseload when nothing is named."""

    patient_id: UUID | None = None
    is_report: bool = False
    is_forecasts: bool = False
    is_clinic: bool = False
    is_cohort: bool = False


def route_of(path: str) -> Route:
    if path.rstrip("/") == FORECASTS:
        return Route(is_forecasts=True)
    if path.rstrip("/") == CLINIC:
        return Route(is_clinic=True)
    if path.rstrip("/") == COHORT:
        return Route(is_cohort=True)
    found = _PATIENT.match(path)
    if found is None:
        return Route()
    try:
        return Route(UUID(found[1]), is_report=bool(found[2]))
    except ValueError:
        return Route()


def patient_path(patient_id: UUID) -> str:
    return f"{PREFIX}patient/{patient_id}"


def report_path(patient_id: UUID) -> str:
    return f"{patient_path(patient_id)}/report"

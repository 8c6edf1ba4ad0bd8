"""What is asked for in an address or a header."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

PATIENT = OpenApiParameter(
    "patient",
    OpenApiTypes.UUID,
    description="Whose record; left out, the caller's own.",
)

FROM = OpenApiParameter("from", OpenApiTypes.DATE, description="First day, included.")

TO = OpenApiParameter("to", OpenApiTypes.DATE, description="Last day, included.")

DAY = OpenApiParameter(
    "day",
    OpenApiTypes.DATE,
    OpenApiParameter.PATH,
    description="The diary day, a date of the patient's own calendar.",
)

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description='The version this one is based on, in quotes; "0" for none.',
)

"""Browsable documentation of the API."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own origin, its script in a file of its own."""

    url_name = "schema"
    schema = None
    permission_classes = (AllowAny,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call] # untyped library
        # Swagger UI sets styles on its elements; the page shows nobody's data.
        answer._csp_update = {"style-src": [SELF, UNSAFE_INLINE]}  # type: ignore[attr-defined] # read by django-csp
        return answer

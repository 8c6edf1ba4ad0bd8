"""The one door to the dashboard: who may pass is asked before Dash is."""

import secrets
from urllib.parse import urlencode

from csp.constants import SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token

from tracker.access import is_clinical
from tracker.models import User

# Scripts and styles, Dash's own and ours: the same for everyone, and nobody's data.
SHARED = ("_dash-component-suites/", "assets/")


def dashboard(request: HttpRequest, path: str) -> HttpResponse:
    """Hand the request to Dash, if its sender treats patients somewhere."""
    user = request.user
    if not user.is_authenticated:
        return _signed_out(request, path)
    if not isinstance(user, User) or not is_clinical(user):
        raise Http404
    # Dash is loaded by the first request that needs it.
    from dashboard.bridge import call_dash, script_hashes
    from dashboard.context import language_of
    from dashboard.squeeze import keep_and_squeeze, squeeze

    get_token(request)
    answer = call_dash(request)
    if path.startswith(SHARED):
        return keep_and_squeeze(request, answer)
    nonce = secrets.token_urlsafe(16)
    if b"__CSP_NONCE__" in answer.content:
        answer.content = answer.content.replace(
            b"__CSP_NONCE__", nonce.encode()
        ).replace(b"__LANGUAGE__", language_of(request).encode())
    answer["Cache-Control"] = "private, no-store"
    answer._csp_replace = {  # type: ignore[attr-defined] # read by django-csp
        "script-src": [SELF, *script_hashes(), f"'nonce-{nonce}'"],
        "style-src": [SELF, f"'nonce-{nonce}'"],
        # Plotly makes a picture of a chart out of a drawing it holds in memory.
        "img-src": [SELF, "data:", "blob:"],
        # Plotly and React set styles on elements.
        "style-src-attr": ["'unsafe-inline'"],
    }
    return squeeze(request, answer)


def _signed_out(request: HttpRequest, path: str) -> HttpResponse:
    is_page = request.method == "GET" and not path.startswith(("_", "assets/"))
    if not is_page:
        return HttpResponse("Sign in first.", status=401, content_type="text/plain")
    query = urlencode({"next": request.path})
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{query}")

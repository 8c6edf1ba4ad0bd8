"""From a Django request to Dash's WSGI application and back, in one process."""

import io
import sys
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from werkzeug.wrappers import Response

from dashboard.app import make_app
from dashboard.context import current_request, language_of
from tracker import language

# Dash never sees the session; these are the server's to set or drop.
_KEPT_BACK = {
    "set-cookie",
    "content-length",
    "content-type",
    "connection",
    "transfer-encoding",
}


@lru_cache(1)
def app() -> Any:
    return make_app()


@lru_cache(1)
def script_hashes() -> list[str]:
    """Hashes of Dash's inline scripts, for the Content-Security-Policy."""
    return list(app().csp_hashes())


def call_dash(request: HttpRequest) -> HttpResponse:
    token = current_request.set(request)
    try:
        with language.speaking(language_of(request)):
            answer = Response.from_app(app().server, _environment(request))
    finally:
        current_request.reset(token)
    response = HttpResponse(
        answer.get_data(),
        status=answer.status_code,
        content_type=answer.content_type,
    )
    # What it was read from may be an open file.
    answer.close()
    for name, value in answer.headers.items():
        if name.lower() not in _KEPT_BACK:
            response[name] = value
    return response


def _environment(request: HttpRequest) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in request.META.items()
        if isinstance(value, str)
        and (
            name.startswith(("HTTP_", "SERVER_", "REMOTE_"))
            or name in {"REQUEST_METHOD", "QUERY_STRING", "CONTENT_TYPE"}
        )
    }
    kept.pop("HTTP_COOKIE", None)
    body = request.body
    return kept | {
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path_info,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": request.scheme,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }

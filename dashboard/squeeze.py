"""Fewer bytes on the wire: what Dash itself sends neither squeezed nor kept."""

import gzip
import hashlib
import re

import brotli
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

# A version or a time in the address: what it names never changes.
_NAMED = re.compile(r"\.v[\w.]*m\d+\.|(^|&)m=\d")
A_YEAR = 60 * 60 * 24 * 365
SMALLEST = 500

_answers = GZipMiddleware(lambda request: HttpResponse())


def keep_and_squeeze(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For scripts and styles, which are the same for everyone and hold nobody's data."""
    named = _NAMED.search(request.path) or _NAMED.search(
        request.META.get("QUERY_STRING", "")
    )
    if response.status_code != 200:
        return response
    response["Cache-Control"] = (
        f"private, max-age={A_YEAR}, immutable" if named else "private, max-age=600"
    )
    patch_vary_headers(response, ["Accept-Encoding"])
    way = _way(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if way and len(response.content) > SMALLEST:
        response.content = _squeezed(way, response.content)
        response["Content-Encoding"] = way
    return response


def squeeze(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For answers made for one person; Django pads them at random against guessing."""
    _answers.process_response(request, response)
    return response


def _way(accepted: str) -> str:
    ways = {part.split(";")[0].strip() for part in accepted.split(",")}
    return "br" if "br" in ways else "gzip" if "gzip" in ways else ""


def _squeezed(way: str, body: bytes) -> bytes:
    """Once for each content, as long as the process lives."""
    key = way, hashlib.sha256(body).digest()
    if key not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = (
            brotli.compress(body, quality=9) if way == "br" else gzip.compress(body, 9)
        )
    return _known[key]


_known: dict[tuple[str, bytes], bytes] = {}
MOST_KNOWN = 64

"""Bodies, decoded strictly."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from tracker import strict_json


class StrictJSONParser(BaseParser):
    """JSON by the rules of `tracker.strict_json`; anything else is 415."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        return strict_json.decode(read(request._request))


def read(request: Any) -> bytes:
    """The request's body, refused before it is read when it is too large."""
    try:
        return bytes(request.body)
    except RequestDataTooBig:
        # What is still on the wire is not read; the connection must not be kept.
        raise

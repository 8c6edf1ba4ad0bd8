"""The account behind a DRF request, and what it sent."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from tracker.models import User
from tracker.problems import one


def caller(request: Request) -> User:
    user = request.user
    assert isinstance(user, User)  # IsAuthenticated has run
    return user


def sent(
    request: Request,
    serializer_class: type[serializers.Serializer[Any]],
    *,
    partial: bool = False,
) -> dict[str, Any]:
    """The request's body, checked by a serializer.

    DRF takes an empty body for an empty object; here it is refused, since it is
    more often an accident than a wish.
    """
    if not request._request.body:
        raise one("body", "a JSON object", None, "Send one JSON object.")
    serializer = serializer_class(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)

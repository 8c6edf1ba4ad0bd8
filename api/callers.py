"""The account behind a DRF request."""

from rest_framework.request import Request

from tracker.models import User


def caller(request: Request) -> User:
    user = request.user
    assert isinstance(user, User)  # IsAuthenticated has run
    return user

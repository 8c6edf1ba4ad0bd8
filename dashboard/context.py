"""The Django request a Dash callback runs for."""

from contextvars import ContextVar

from django.http import HttpRequest

from tracker.models import User

current_request: ContextVar[HttpRequest] = ContextVar("current_request")


def current_user() -> User:
    """Who asks; the view has let only signed-in people through."""
    user = current_request.get().user
    assert isinstance(user, User)  # the view has asked
    return user


def prefers_dark() -> bool:
    """Whether the browser said it shows dark pages."""
    return current_request.get().COOKIES.get("scheme") == "dark"

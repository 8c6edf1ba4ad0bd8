"""The Django request a Dash callback runs for."""

from contextvars import ContextVar

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from tracker import language
from tracker.models import User

# Set by assets/language.js.
LANGUAGE_COOKIE = "respite_language"

current_request: ContextVar[HttpRequest] = ContextVar("current_request")


def current_user() -> User:
    """Who asks; the view has let only signed-in people through."""
    user = current_request.get().user
    assert isinstance(user, User)  # the view has asked
    return user


def language_of(request: HttpRequest) -> str:
    """What was chosen on this browser, else what the browser asks for."""
    header = request.headers.get("Accept-Language", "")
    accepted = [tag for tag, _ in parse_accept_lang_header(header.lower())]
    return language.wanted(request.COOKIES.get(LANGUAGE_COOKIE, ""), accepted)


def prefers_dark() -> bool:
    """Whether the browser said it shows dark pages."""
    return current_request.get().COOKIES.get("scheme") == "dark"

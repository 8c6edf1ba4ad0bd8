"""Who is asking: a session for the phone, a token for a program."""

from typing import Any, cast

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from tracker.actions import token_hash
from tracker.models import ApiToken, User
from tracker.statements import Prepared, slot

_USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
_TOKEN_USER = Prepared(
    lambda: ApiToken.objects.filter(
        token_hash=slot("token"), revoked_at=None, user__is_active=True
    ).values_list(*(f"user__{name}" for name in _USER_FIELDS)),
    "token",
)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "Bearer "


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, telling the reason instead of answering a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


_csrf = _CsrfCheck(lambda request: None)  # type: ignore[arg-type] # never called


def identify(request: HttpRequest) -> User | None:
    """The account behind a request, by token or by session; None for nobody.

    Raises
    ------
    AuthenticationFailed
        A token is given and is not good.
    PermissionDenied
        A session asks for a change without its CSRF token.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header:
        return _by_token(header)
    user = request.user
    if not (user.is_authenticated and user.is_active):
        return None
    if request.method not in SAFE_METHODS:
        check_csrf(request)
    # The middleware's lazy wrapper passes for what it wraps; callers want that.
    return user


def _by_token(header: str) -> User:
    if not header.startswith(BEARER):
        raise AuthenticationFailed("Send the token as: Authorization: Bearer TOKEN.")
    rows = _TOKEN_USER.rows(token=token_hash(header[len(BEARER) :]))
    if not rows:
        raise AuthenticationFailed("This token is not known, or was revoked.")
    return User.from_db("default", _USER_FIELDS, rows[0])


def check_csrf(request: HttpRequest) -> None:
    _csrf.process_request(request)
    reason: Any = _csrf.process_view(request, None, (), {})  # type: ignore[arg-type]
    if reason:
        raise PermissionDenied(f"The request carries no good CSRF token: {reason}")


class ApiAuthentication(BaseAuthentication):
    """`identify` for DRF's views."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user = identify(request._request)
        return None if user is None else (user, None)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class _Documented(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # untyped library
    target_class = ApiAuthentication
    name = cast(str, ["session", "token"])  # two ways; the library takes a list

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        from django.conf import settings

        return [
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            {"type": "http", "scheme": "bearer"},
        ]

"""Who is asking: a session for the phone, a token for a program."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from tracker.actions import token_hash
from tracker.models import ApiToken, User

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "Bearer "


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, telling the reason instead of answering a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override] # as DRF does
        return reason


_csrf = _CsrfCheck(lambda request: None)  # type: ignore[arg-type, return-value] # never called


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
    user: User | AnonymousUser = request.user  # type: ignore[assignment] # our user model
    if not isinstance(user, User):
        # The middleware gives a lazy wrapper; look at what it wraps.
        if not user.is_authenticated or not user.is_active:
            return None
    if request.method not in SAFE_METHODS:
        _check_csrf(request)
    return user  # type: ignore[return-value] # an authenticated user is ours


def _by_token(header: str) -> User:
    if not header.startswith(BEARER):
        raise AuthenticationFailed("Send the token as: Authorization: Bearer TOKEN.")
    token = (
        ApiToken.objects.select_related("user")
        .filter(
            token_hash=token_hash(header[len(BEARER) :]),
            revoked_at=None,
            user__is_active=True,
        )
        .first()
    )
    if token is None:
        raise AuthenticationFailed("This token is not known, or was revoked.")
    return token.user


def _check_csrf(request: HttpRequest) -> None:
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


class _Documented(OpenApiAuthenticationExtension):
    target_class = ApiAuthentication
    name = ["session", "token"]  # type: ignore[assignment] # two ways, one class

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        from django.conf import settings

        return [
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            {"type": "http", "scheme": "bearer"},
        ]

"""allauth's doors, opened one by one and answered in our words.

Its views are called as they are; what they answer is read and told again in the
API's one shape, so that a program needs to know one only.
"""

import json
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.headless.account import inputs as account_inputs
from allauth.headless.account import views as account_views
from allauth.headless.constants import Client
from allauth.headless.mfa import inputs as passkey_inputs
from allauth.headless.mfa import views as passkey_views
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import APIException, PermissionDenied, Throttled
from rest_framework.request import Request

from tracker import audit
from tracker.models import User
from tracker.problems import one

Door = Callable[[HttpRequest], HttpResponseBase]

WAIT_SECONDS = 15 * 60
AGAIN = "Sign in again first; a passkey opens everything."
NO_PASSKEY = "This passkey is not known here, or was meant for something else."
TOO_MANY = {"too_many_login_attempts", "rate_limited"}
WRONG_CODE = "This is not the code of the last letter."
NO_CODE_ASKED = "Ask for a new code; the last one is used up or too old."


class CodeInput(account_inputs.RequestLoginCodeInput):
    def clean_email(self) -> Any:
        """Codes are for patients: whoever reads others' records needs more."""
        email = super().clean_email()
        user: User | None = getattr(self, "_user", None)
        if user is not None and user.memberships.filter(ended_at=None).exists():
            self._user = None
        return email


class _AskForCode(account_views.RequestLoginCodeView):
    input_class = CodeInput


class PasskeyInput(passkey_inputs.LoginWebAuthnInput):
    def clean_credential(self) -> Authenticator:
        passkey: Authenticator = super().clean_credential()
        if not passkey.user.is_active:
            raise get_adapter().validation_error("incorrect_code")
        return passkey


class _SignInByPasskey(passkey_views.LoginWebAuthnView):
    input_class = {"POST": PasskeyInput}  # as in its parent


_ASK_FOR_CODE: Door = _AskForCode.as_api_view(client=Client.BROWSER)
_CONFIRM_CODE: Door = account_views.ConfirmLoginCodeView.as_api_view(
    client=Client.BROWSER
)
_SIGN_IN_BY_PASSKEY: Door = _SignInByPasskey.as_api_view(client=Client.BROWSER)
_PASSKEY: Door = passkey_views.ManageWebAuthnView.as_api_view(client=Client.BROWSER)


def enter(request: Request, user: User, way: str) -> None:
    """Sign `user` in, who proved to be them by `way`."""
    plain = request._request
    user.backend = "tracker.sign_in.EmailBackend"
    record_authentication(plain, user, method=way)
    perform_login(plain, Login(user=user))


def ask_for_code(request: Request) -> None:
    """Send a letter, if the address is a patient's; nobody is told whether it is."""
    status, answer = _through(_ASK_FOR_CODE, request)
    if any(error["code"] in TOO_MANY for error in answer.get("errors", [])):
        raise _throttled()
    if status not in {200, 401}:
        raise one("email", "an e-mail address", None, "This is no e-mail address.")


def confirm_code(request: Request) -> User:
    status, _ = _through(_CONFIRM_CODE, request)
    if status == 200:
        return _who(request)
    _failed()
    raise one("code", "the code", None, NO_CODE_ASKED if status == 409 else WRONG_CODE)


def sign_in_options(request: Request) -> Any:
    return _through(_SIGN_IN_BY_PASSKEY, request)[1]["data"]["request_options"]


def sign_in_by_passkey(request: Request) -> User:
    status, _ = _with_credential(_SIGN_IN_BY_PASSKEY, request)
    if status == 200:
        return _who(request)
    _failed()
    raise one("credential", "a passkey of this site", None, NO_PASSKEY)


def new_passkey_options(request: Request) -> Any:
    # What allauth takes for "one that signs in by itself".
    request._request.GET = _PASSWORDLESS  # type: ignore[assignment]
    status, answer = _through(_PASSKEY, request)
    _refuse_stale(status)
    return answer["data"]["creation_options"]


def add_passkey(request: Request) -> None:
    status, _ = _with_credential(_PASSKEY, request)
    _refuse_stale(status)
    if status != 200:
        raise one("credential", "a new passkey", None, NO_PASSKEY)


_PASSWORDLESS = {"passwordless": ""}


def _through(door: Door, request: Request) -> tuple[int, Any]:
    answer = door(request._request)
    if answer.status_code == 429:
        raise _throttled()
    if answer.status_code >= 500:
        raise APIException
    return answer.status_code, json.loads(getattr(answer, "content", b"") or b"{}")


def _with_credential(door: Door, request: Request) -> tuple[int, Any]:
    try:
        return _through(door, request)
    except (AttributeError, KeyError, TypeError, ValueError):
        # fido2 takes its input apart before it looks at it.
        return 400, {}


def _refuse_stale(status: int) -> None:
    if status == 401:
        raise PermissionDenied(AGAIN)


def _who(request: Request) -> User:
    user = request._request.user
    assert isinstance(user, User)  # allauth has just signed them in
    return user


def _throttled() -> Throttled:
    return Throttled(wait=WAIT_SECONDS, detail="Too many attempts; try again later.")


def _failed() -> None:
    audit.record(audit.Action.SIGN_IN_FAILED, "session", actor_id=None)

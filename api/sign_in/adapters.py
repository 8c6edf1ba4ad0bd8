"""What is ours in allauth: invitations only, our letter, our audit."""

import time
from ipaddress import IPv4Address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from api.sign_in.letter import letter, post
from tracker import audit
from tracker.models import User

# How long after signing in somebody may add a passkey without doing so again.
FRESH_SECONDS = 15 * 60
# The column takes addresses only; this one is no client's. It is not listened on.
NOBODY = str(IPv4Address(0))


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        # A proxy that speaks through a socket names no address.
        return super().get_client_ip(request) if _has_address(request) else NOBODY

    def get_login_stages(self) -> list[str]:
        """A code is not followed by a passkey: it is for who lost theirs."""
        return ["allauth.account.stages.LoginByCodeStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0.0)
        return bool(time.time() - newest > FRESH_SECONDS)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """The one letter there is holds a code.

        Raises
        ------
        ImproperlyConfigured
            A door of allauth's was opened that writes another one.
        """
        if template_prefix != "account/email/login_code":
            raise ImproperlyConfigured(f"There is no letter for {template_prefix}.")
        user = User.objects.select_related("patient").filter(email=email.lower())
        for person in user:
            post(letter(person, context["code"]))

    def post_login(
        self, request: HttpRequest, user: Any, **kwargs: Any
    ) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        records = get_authentication_records(request, user)
        way = records[-1]["method"] if records else ""
        audit.record(
            audit.Action.SIGN_IN,
            "session",
            actor_id=user.pk,
            detail={"mfa": "passkey"}.get(way, way),
        )
        return answer


class PasskeyAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        return "Respite"


def _has_address(request: HttpRequest) -> bool:
    return bool(
        request.META.get("REMOTE_ADDR") or request.META.get("HTTP_X_FORWARDED_FOR")
    )

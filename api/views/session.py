"""Signing in and out, and accepting an invitation."""

import hashlib

from django.contrib.auth import authenticate, login, logout
from django.core.cache import caches
from django.middleware.csrf import get_token
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents, errors
from api.authentication import check_csrf
from api.callers import sent
from api.views.me import me_json
from tracker import actions, audit
from tracker.models import Patient, User

ATTEMPTS = 8
PER_SECONDS = 15 * 60
# One text for every cause: it must not tell whether an account exists.
SIGN_IN_FAILED = "This e-mail and password do not belong together."


class SessionView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="session_read",
        responses=documents.SessionSerializer,
        summary="Whether this browser is signed in; also sets the CSRF cookie",
    )
    def get(self, request: Request) -> Response:
        get_token(request._request)
        user = request.user
        me = me_json(user) if isinstance(user, User) else None
        return Response({"signed_in": me is not None, "me": me})

    @extend_schema(
        operation_id="session_create",
        request=documents.SignInSerializer,
        responses={200: documents.MeSerializer},
        summary="Sign in",
    )
    def post(self, request: Request) -> Response:
        check_csrf(request._request)
        values = sent(request, documents.SignInSerializer)
        attempts = Attempts(values["email"])
        attempts.count()
        user = authenticate(request._request, **values)
        if not isinstance(user, User):
            audit.record(audit.Action.SIGN_IN_FAILED, "session", actor_id=None)
            return Response(errors.body("sign_in_failed", SIGN_IN_FAILED), status=400)
        attempts.forget()
        _sign_in(request, user)
        return Response(me_json(user))

    @extend_schema(
        operation_id="session_delete",
        responses={204: OpenApiResponse(description="Signed out.")},
        summary="Sign out",
    )
    def delete(self, request: Request) -> Response:
        if isinstance(request.user, User):
            audit.record(audit.Action.SIGN_OUT, "session", actor_id=request.user.pk)
            logout(request._request)
        return Response(status=204)


class CheckInvitationView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="invitation_check",
        request=documents.InvitationSerializer,
        responses={200: documents.InvitedSerializer},
        summary="Whom an invitation is for",
    )
    def post(self, request: Request) -> Response:
        check_csrf(request._request)
        values = sent(request, documents.InvitationSerializer)
        user = actions.open_invitation(values["token"], now=timezone.now()).user
        patient = Patient.objects.select_related("clinic").filter(user=user).first()
        membership = user.memberships.select_related("clinic").first()
        clinic = (
            patient.clinic if patient else membership.clinic if membership else None
        )
        return Response(
            {
                "email": user.email,
                "name": user.name,
                "clinic_name": "" if clinic is None else clinic.name,
                "for_patient": patient is not None,
            }
        )


class AcceptInvitationView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="invitation_accept",
        request=documents.AcceptInvitationSerializer,
        responses={200: documents.MeSerializer},
        summary="Choose a password and sign in",
    )
    def post(self, request: Request) -> Response:
        check_csrf(request._request)
        values = sent(request, documents.AcceptInvitationSerializer)
        user = actions.accept_invitation(**values, now=timezone.now())
        _sign_in(request, user)
        return Response(me_json(user))


class Attempts:
    """Failed sign-ins of one address, counted for all workers together."""

    def __init__(self, email: str) -> None:
        # The address itself is not kept in the cache's table.
        digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()
        self._key = f"sign-in-{digest[:40]}"
        self._cache = caches["shared"]

    def count(self) -> None:
        """Count one attempt; refuse it, right or wrong, when there were too many."""
        self._cache.add(self._key, 0, PER_SECONDS)
        if self._cache.incr(self._key) > ATTEMPTS:
            raise Throttled(
                wait=PER_SECONDS, detail="Too many attempts; try again later."
            )

    def forget(self) -> None:
        self._cache.delete(self._key)


def _sign_in(request: Request, user: User) -> None:
    login(request._request, user, backend="tracker.sign_in.EmailBackend")
    audit.record(audit.Action.SIGN_IN, "session", actor_id=user.pk)

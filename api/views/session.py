"""Signing in and out, and accepting an invitation."""

import hashlib

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.core.cache import cache
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
from api.sign_in import doors
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
        me = None
        if isinstance(user, User):
            me = me_json(user)
            session = request._request.session
            if actions.note_use(user, session.session_key, now=timezone.now()):
                # It lasts for months from its last use, not from its first.
                session.modified = True
        return Response(
            {
                "signed_in": me is not None,
                "me": me,
                "sends_codes": settings.SENDS_MAIL,
            }
        )

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
        doors.enter(request, user, "password")
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
        summary="Use an invitation and sign in; a patient needs no password",
    )
    def post(self, request: Request) -> Response:
        check_csrf(request._request)
        values = sent(request, documents.AcceptInvitationSerializer)
        password = values.get("password")
        user = actions.accept_invitation(values["token"], password, now=timezone.now())
        doors.enter(request, user, "invitation")
        return Response(me_json(user))


class CodeView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="session_code",
        request=documents.AskForCodeSerializer,
        responses={204: OpenApiResponse(description="On its way, if there is one.")},
        summary="Have a code sent to a patient's address",
    )
    def post(self, request: Request) -> Response:
        check_csrf(request._request)
        sent(request, documents.AskForCodeSerializer)
        doors.ask_for_code(request)
        return Response(status=204)


class ConfirmCodeView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="session_code_confirm",
        request=documents.CodeSerializer,
        responses={200: documents.MeSerializer},
        summary="Sign in with the code of the last letter",
    )
    def post(self, request: Request) -> Response:
        check_csrf(request._request)
        sent(request, documents.CodeSerializer)
        return Response(me_json(doors.confirm_code(request)))


class PasskeySignInView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="session_passkey_options",
        responses={200: documents.OptionsSerializer},
        summary="What a browser needs to know to use a passkey",
    )
    def get(self, request: Request) -> Response:
        get_token(request._request)
        return Response({"options": doors.sign_in_options(request)})

    @extend_schema(
        operation_id="session_passkey",
        request=documents.CredentialSerializer,
        responses={200: documents.MeSerializer},
        summary="Sign in with a passkey",
    )
    def post(self, request: Request) -> Response:
        check_csrf(request._request)
        sent(request, documents.CredentialSerializer)
        return Response(me_json(doors.sign_in_by_passkey(request)))


class Attempts:
    """Failed sign-ins of one address, counted for all workers together."""

    def __init__(self, email: str) -> None:
        # The address itself is not kept in the cache's table.
        digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()
        self._key = f"sign-in-{digest[:40]}"

    def count(self) -> None:
        """Count one attempt; refuse it, right or wrong, when there were too many."""
        cache.add(self._key, 0, PER_SECONDS)
        if cache.incr(self._key) > ATTEMPTS:
            raise Throttled(
                wait=PER_SECONDS, detail="Too many attempts; try again later."
            )

    def forget(self) -> None:
        cache.delete(self._key)

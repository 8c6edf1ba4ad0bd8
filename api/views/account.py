"""One's own passkeys, and where one is signed in."""

from allauth.mfa.models import Authenticator
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents
from api.callers import caller, sent
from api.sign_in import doors
from tracker import actions, audit
from tracker.models import User


class SessionList(APIView):
    @extend_schema(
        operation_id="session_list",
        responses=documents.SessionListSerializer,
        summary="Where I am signed in",
    )
    def get(self, request: Request) -> Response:
        current = request._request.session.session_key
        rows = [
            {
                "id": session.pk,
                "browser": session.user_agent,
                "since": session.created_at,
                "last_used": session.last_seen_at,
                "here": session.session_key == current,
            }
            for session in actions.sessions_of(caller(request))
        ]
        return Response(documents.SessionListSerializer({"results": rows}).data)


class SessionDetail(APIView):
    @extend_schema(
        operation_id="session_end",
        responses={204: OpenApiResponse(description="Signed out there.")},
        summary="Sign me out in one place",
    )
    def delete(self, request: Request, session_id: int) -> Response:
        actions.end_session(caller(request), session_id)
        return Response(status=204)


class PasskeyList(APIView):
    @extend_schema(
        operation_id="passkey_list",
        responses=documents.PasskeyListSerializer,
        summary="My passkeys",
    )
    def get(self, request: Request) -> Response:
        mine = Authenticator.objects.filter(
            user=caller(request), type=Authenticator.Type.WEBAUTHN
        )
        rows = [
            {
                "id": passkey.pk,
                "name": str(passkey),
                "since": passkey.created_at,
                "last_used": passkey.last_used_at,
            }
            for passkey in mine.order_by("pk")
        ]
        return Response(documents.PasskeyListSerializer({"results": rows}).data)

    @extend_schema(
        operation_id="passkey_add",
        request=documents.NewPasskeySerializer,
        responses={204: OpenApiResponse(description="Added.")},
        summary="Keep a passkey that a browser made",
    )
    def post(self, request: Request) -> Response:
        user = _by_session(request)
        sent(request, documents.NewPasskeySerializer)
        doors.add_passkey(request)
        audit.record(audit.Action.WRITE, "passkey", actor_id=user.pk, detail="added")
        return Response(status=204)


class PasskeyOptions(APIView):
    @extend_schema(
        operation_id="passkey_options",
        responses={200: documents.OptionsSerializer},
        summary="What a browser needs to know to make a passkey",
    )
    def get(self, request: Request) -> Response:
        _by_session(request)
        return Response({"options": doors.new_passkey_options(request)})


class PasskeyDetail(APIView):
    @extend_schema(
        operation_id="passkey_remove",
        responses={204: OpenApiResponse(description="Removed.")},
        summary="Forget one of my passkeys",
    )
    def delete(self, request: Request, passkey_id: int) -> Response:
        actions.remove_passkey(caller(request), passkey_id)
        return Response(status=204)


def _by_session(request: Request) -> User:
    """The caller, who must sit at a browser: a token cannot make a way in."""
    user = caller(request)
    if "Authorization" in request.headers:
        raise PermissionDenied("A passkey is made in a browser that is signed in.")
    return user

"""Reminders: the site's key, browsers that get them, and what became of each."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api import documents
from api.callers import caller, sent
from tracker.access import own_patient
from tracker.actions.reminders import (
    answer_reminder,
    stop_letters,
    subscribe,
    try_reminder,
    unsubscribe,
)
from tracker.reminders import vapid


class PushKeyView(APIView):
    @extend_schema(
        operation_id="push_key",
        responses=documents.PushKeySerializer,
        summary="The site's public key, to subscribe a browser with",
    )
    def get(self, request: Request) -> Response:
        own_patient(caller(request))
        return Response({"public_key": vapid.public_key()})


class SubscriptionView(APIView):
    @extend_schema(
        operation_id="push_subscribe",
        request=documents.SubscriptionSerializer,
        responses={204: None},
        summary="Remind this browser",
    )
    def post(self, request: Request) -> Response:
        patient = own_patient(caller(request))
        values = sent(request, documents.SubscriptionSerializer)
        subscribe(patient, now=timezone.now(), **values)
        return Response(status=204)


class EndSubscriptionView(APIView):
    @extend_schema(
        operation_id="push_unsubscribe",
        request=documents.EndSubscriptionSerializer,
        responses={204: None},
        summary="Remind this browser no more",
    )
    def post(self, request: Request) -> Response:
        patient = own_patient(caller(request))
        values = sent(request, documents.EndSubscriptionSerializer)
        unsubscribe(patient, **values)
        return Response(status=204)


class TryReminderView(APIView):
    @extend_schema(
        operation_id="reminder_try",
        request=None,
        responses={204: None},
        summary="Let one reminder come now, to see that reminders work",
    )
    def post(self, request: Request) -> Response:
        try_reminder(own_patient(caller(request)), now=timezone.now())
        return Response(status=204)


class StopLettersView(APIView):
    """Asked by mail programs, which carry no session and send a form we need not read."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="reminder_stop",
        request=None,
        responses={204: None},
        summary="Stop e-mail reminders, by the link in a letter's head",
    )
    def post(self, request: Request, token: str) -> Response:
        stop_letters(token)
        return Response(status=204)


class ReminderAnswerView(APIView):
    """Open to who holds a reminder's token: a phone may not be signed in just then."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="reminder_answer",
        request=documents.ReminderAnswerSerializer,
        responses={204: None},
        summary="What became of one reminder",
    )
    def post(self, request: Request) -> Response:
        values = sent(request, documents.ReminderAnswerSerializer)
        answer_reminder(values["token"], values["act"], now=timezone.now())
        return Response(status=204)

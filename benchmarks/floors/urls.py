"""What ours is measured against."""

import json

from django.db import transaction
from django.db.models import F
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers, viewsets
from rest_framework.authentication import TokenAuthentication
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from benchmarks.floors.entries.models import Audit, BareDay, FullDay, Mark, Revision


@csrf_exempt
def bare_insert(request):
    """One INSERT by the ORM in a transaction, and nothing else."""
    values = json.loads(request.body)
    with transaction.atomic():
        day = BareDay.objects.create(**values)
    return JsonResponse({"id": day.pk}, status=201)


class BareSerializer(serializers.ModelSerializer):
    class Meta:
        model = BareDay
        fields = "__all__"


class BareDays(viewsets.ModelViewSet):
    """A stock create: no account, no audit, no replay."""

    queryset = BareDay.objects.all()
    serializer_class = BareSerializer
    authentication_classes = ()
    permission_classes = ()


class ManyDays(serializers.ListSerializer):
    def create(self, validated_data):
        return BareDay.objects.bulk_create([BareDay(**row) for row in validated_data])


class BatchSerializer(BareSerializer):
    class Meta(BareSerializer.Meta):
        list_serializer_class = ManyDays


class BareBatches(viewsets.GenericViewSet):
    """Many days at once, as DRF suggests: many=True and one bulk_create."""

    queryset = BareDay.objects.all()
    serializer_class = BatchSerializer
    authentication_classes = ()
    permission_classes = ()

    def create(self, request):
        days = self.get_serializer(data=request.data, many=True)
        days.is_valid(raise_exception=True)
        with transaction.atomic():
            days.save()
        return Response(days.data, status=201)


class FullSerializer(serializers.ModelSerializer):
    class Meta:
        model = FullDay
        fields = "__all__"


class Pages(LimitOffsetPagination):
    default_limit = 100


class FullDays(viewsets.ModelViewSet):
    """The same duties as ours, the way DRF suggests them."""

    queryset = FullDay.objects.order_by("-date")
    serializer_class = FullSerializer
    authentication_classes = (TokenAuthentication,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = (UserRateThrottle,)
    pagination_class = Pages

    def perform_create(self, serializer):
        with transaction.atomic():
            day = serializer.save()
            Revision.objects.create(day=day, content=serializer.data)
            Audit.objects.create(user=self.request.user, action="write", day=day.pk)
            if not Mark.objects.filter(pk=day.patient).update(marks=F("marks") + 1):
                Mark.objects.create(patient=day.patient)


class ListDays(FullDays):
    def get_queryset(self):
        return super().get_queryset().filter(patient=self.request.GET["patient"])


urlpatterns = [
    path("insert/", bare_insert),
    path("bare/", BareDays.as_view({"post": "create"})),
    path("batch/", BareBatches.as_view({"post": "create"})),
    path("full/", FullDays.as_view({"post": "create"})),
    path("list/", ListDays.as_view({"get": "list"})),
]

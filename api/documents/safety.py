"""The safety card: numbers, opening hours and a plan."""

from typing import Any

from rest_framework import serializers

from api.fields import ClockTime, IsoMoment, Key, StrictSerializer, Text, Whole
from api.schema import ErrorSerializer


class CrisisLineSerializer(StrictSerializer):
    name = Text(max_length=80)
    phone = Text(max_length=19)
    sms = Text(max_length=19, allow_blank=True, default="")
    hours = Text(max_length=80, allow_blank=True, default="")


class CrisisLinesInputSerializer(StrictSerializer):
    country = Text(max_length=2, help_text="ISO 3166.")
    emergency = Text(max_length=19)
    lines = CrisisLineSerializer(many=True)


class CrisisLinesSerializer(serializers.Serializer[Any]):
    confirmed = serializers.BooleanField(
        help_text="Whether the clinic has checked its numbers."
    )
    country = serializers.CharField(allow_blank=True)
    emergency = serializers.CharField(allow_blank=True)
    lines = CrisisLineSerializer(many=True)


class OpeningSerializer(serializers.Serializer[Any]):
    weekday = serializers.IntegerField(help_text="Monday is 0.")
    opens = ClockTime()
    closes = ClockTime()


class SafetyClinicSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField()
    hours = OpeningSerializer(many=True)
    closed = serializers.ListField(child=serializers.DateField())


class SafetyPlanTextSerializer(StrictSerializer):
    contact_name = Text(max_length=80, allow_blank=True)
    contact_phone = Text(max_length=19, allow_blank=True)
    signs = Text(max_length=1000, allow_blank=True)
    helps = Text(max_length=1000, allow_blank=True)
    people = Text(max_length=1000, allow_blank=True)


class SafetyPlanInputSerializer(SafetyPlanTextSerializer):
    id = Key(help_text="Made by the device: sent twice, it is stored once.")
    based_on = Whole(min_value=0, help_text="The version the device had; 0 for none.")


class SafetyPlanSerializer(SafetyPlanTextSerializer):
    version = serializers.IntegerField()
    updated_at = IsoMoment()


class SafetyPlanConflictSerializer(ErrorSerializer):
    stored = SafetyPlanSerializer()


class SafetySerializer(CrisisLinesSerializer):
    clinic = SafetyClinicSerializer()
    plan = SafetyPlanSerializer(allow_null=True)

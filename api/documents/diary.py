"""Diary days, their history and side effects."""

from typing import Any

from rest_framework import serializers

from api.schema import ErrorSerializer
from tracker.models import Revision
from tracker.vocabulary import Source


def score() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=10, allow_null=True, required=False
    )


class SideEffectSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    severity = serializers.IntegerField(
        min_value=1, max_value=3, help_text="1 mild, 2 moderate, 3 severe."
    )


class DayItemsSerializer(serializers.Serializer[Any]):
    mood = score()
    anxiety = score()
    pain = score()
    sleep_quality = score()
    energy = score()
    sleep_hours = serializers.FloatField(
        min_value=0, max_value=24, allow_null=True, required=False
    )
    note = serializers.CharField(max_length=500, allow_blank=True, required=False)
    side_effects = SideEffectSerializer(
        many=True,
        allow_null=True,
        required=False,
        help_text="null: not asked; []: asked, and there were none.",
    )


class DayInputSerializer(DayItemsSerializer):
    side_effects = SideEffectSerializer(
        many=True,
        required=False,
        help_text="Left out: not asked; []: asked, and there were none.",
    )
    entered_via = serializers.ChoiceField(
        [Source.PHONE, Source.PHONE_CALL, Source.PAPER_SHEET],
        required=False,
        help_text="Staff say how they were told.",
    )
    device_id = serializers.UUIDField(required=False, allow_null=True)
    written_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="By the device's clock."
    )
    time_zone = serializers.CharField(required=False, help_text="The device's zone.")


class DaySerializer(DayItemsSerializer):
    id = serializers.UUIDField()
    date = serializers.DateField()
    version = serializers.IntegerField()
    days_late = serializers.IntegerField(
        help_text="Diary days between the day and its first writing."
    )
    entered_via = serializers.ChoiceField(Source.choices)
    by_staff = serializers.BooleanField()
    updated_at = serializers.DateTimeField()


class DayListSerializer(serializers.Serializer[Any]):
    results = DaySerializer(many=True)


class DayConflictSerializer(ErrorSerializer):
    yours = DayItemsSerializer()
    stored = DaySerializer(
        allow_null=True, help_text="null: the day was deleted elsewhere."
    )


class DayRevisionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(Revision.Outcome.choices)
    version = serializers.IntegerField(help_text="The day's version afterwards.")
    day = DayItemsSerializer(help_text="As it was sent.")
    result = DayItemsSerializer(allow_null=True, help_text="What a merge made of it.")
    entered_via = serializers.ChoiceField(Source.choices)
    by_staff = serializers.BooleanField()
    device_id = serializers.UUIDField(allow_null=True)
    written_at = serializers.DateTimeField(
        allow_null=True, help_text="By the device's clock."
    )
    clock_doubtful = serializers.BooleanField()
    arrived_at = serializers.DateTimeField()


class DayHistorySerializer(serializers.Serializer[Any]):
    results = DayRevisionSerializer(many=True)


class TermSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    lay = serializers.CharField()
    clinical = serializers.CharField()
    red_flag = serializers.BooleanField()
    snomed_code = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment] # a field named so


class TermListSerializer(serializers.Serializer[Any]):
    results = TermSerializer(many=True)


class SideEffectReportSerializer(SideEffectSerializer):
    date = serializers.DateField()
    entry = serializers.UUIDField()


class SideEffectReportListSerializer(serializers.Serializer[Any]):
    asked_days = serializers.IntegerField(
        help_text="Days on which side effects were asked for, with or without any."
    )
    results = SideEffectReportSerializer(many=True)

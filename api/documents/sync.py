"""Changes from devices, and what became of each."""

from typing import Any

from rest_framework import serializers

from api.documents.diary import DayItemsSerializer, DaySerializer, SideEffectSerializer
from api.schema import ErrorSerializer
from tracker.models import Revision
from tracker.sync_batch import Act


class SyncDayInputSerializer(DayItemsSerializer):
    side_effects = SideEffectSerializer(
        many=True,
        required=False,
        help_text="Left out: not asked; []: asked, and there were none.",
    )


class SyncChangeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by the device; version 7 is best.")
    act = serializers.ChoiceField(
        [str(act) for act in Act],
        required=False,
        help_text="Left out: write. A deleted day can be restored for 30 days.",
    )
    date = serializers.DateField()
    based_on = serializers.IntegerField(
        min_value=0, help_text="The version the device had; 0 for none."
    )
    written_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="By the device's clock."
    )
    day = SyncDayInputSerializer(required=False, help_text="The whole day, to write.")
    follows = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        help_text="The device's earlier changes of this day that were never answered.",
    )


class SyncBatchSerializer(serializers.Serializer[Any]):
    device_id = serializers.UUIDField()
    device_time = serializers.DateTimeField(
        help_text="The device's clock as it sends: measured, never trusted."
    )
    time_zone = serializers.CharField()
    cursor = serializers.IntegerField(
        min_value=0,
        required=False,
        allow_null=True,
        help_text="From the last answer, 0 at first; left out, nothing is fetched.",
    )
    changes = SyncChangeSerializer(many=True, required=False)


class TombstoneSerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    version = serializers.IntegerField()
    deleted_at = serializers.DateTimeField()


class SyncAnswerSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField([*Revision.Outcome.values, "refused"])
    day = DaySerializer(allow_null=True, help_text="As it stands after this change.")
    deleted = TombstoneSerializer(allow_null=True)
    clashes = serializers.ListField(
        child=serializers.CharField(),
        help_text="Items that were changed to something else elsewhere.",
    )
    refusal = ErrorSerializer(allow_null=True)


class SyncedSerializer(serializers.Serializer[Any]):
    answers = SyncAnswerSerializer(many=True)
    days = DaySerializer(many=True, help_text="Changed after the cursor.")
    deleted = TombstoneSerializer(many=True, help_text="Deleted after the cursor.")
    cursor = serializers.IntegerField(allow_null=True)
    has_more = serializers.BooleanField()
    is_reset = serializers.BooleanField(
        help_text="The device knew more than the server does; days begin anew."
    )
    clock_skew_s = serializers.IntegerField()

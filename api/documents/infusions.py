"""Infusions, as recorded, corrected and cancelled."""

from typing import Any

from rest_framework import serializers

from api.fields import Amount, IsoDate, IsoMoment, Key, StrictSerializer, Text
from tracker.vocabulary import Agent, Phase, Route


class InfusionInputSerializer(StrictSerializer):
    """An infusion to record. The device may make its id, so that a repeat is safe."""

    id = Key(required=False)
    patient = Key()
    started_at = IsoMoment()
    ended_at = IsoMoment(required=False, allow_null=True)
    agent = serializers.ChoiceField(Agent.choices)
    route = serializers.ChoiceField(Route.choices)
    dose_mg = Amount(max_digits=7, decimal_places=2, required=False, allow_null=True)
    weight_kg = Amount(max_digits=5, decimal_places=1, required=False, allow_null=True)
    dose_mg_per_kg = Amount(
        max_digits=6, decimal_places=3, required=False, allow_null=True
    )
    phase = serializers.ChoiceField(Phase.choices)
    course = Key(required=False, allow_null=True)
    appointment = Key(required=False, allow_null=True)
    reason = Text(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Why a value is unusual, or why the record is corrected.",
    )


class InfusionChangeSerializer(InfusionInputSerializer):
    """A correction: what is left out stays as it is; the reason is needed."""

    id = None  # type: ignore[assignment] # the path names it
    patient = None  # type: ignore[assignment] # an infusion never moves
    reason = Text(max_length=200)


class InfusionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    patient = serializers.UUIDField(source="patient_id")
    started_at = IsoMoment()
    ended_at = IsoMoment(allow_null=True)
    on = IsoDate(source="started_on", help_text="The patient's diary day.")
    agent = serializers.ChoiceField(Agent.choices)
    route = serializers.ChoiceField(Route.choices)
    dose_mg = Amount(max_digits=7, decimal_places=2, allow_null=True)
    weight_kg = Amount(max_digits=5, decimal_places=1, allow_null=True)
    dose_mg_per_kg = Amount(max_digits=6, decimal_places=3, allow_null=True)
    phase = serializers.ChoiceField(Phase.choices)
    course = serializers.UUIDField(source="course_id", allow_null=True)
    appointment = serializers.UUIDField(source="appointment_id", allow_null=True)
    status = serializers.ChoiceField(["given", "cancelled"])
    reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    recorded_by = serializers.CharField(source="recorded_by.name")


class InfusionListSerializer(serializers.Serializer[Any]):
    results = InfusionSerializer(many=True)


class ReasonSerializer(StrictSerializer):
    reason = Text(max_length=200)

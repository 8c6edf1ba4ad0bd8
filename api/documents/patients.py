"""Patients, as their clinic's staff see and change them."""

from typing import Any

from rest_framework import serializers

from api.fields import ClockTime, Flag, IsoDate, Key, StrictSerializer, Text, TimeZone
from tracker.vocabulary import Condition, Outcome, PatientState


class PatientInputSerializer(StrictSerializer):
    clinic = Key(required=False, help_text="Needed when you work in several.")
    email = serializers.EmailField(max_length=254)
    name = Text(max_length=120)
    reference = Text(max_length=40, required=False, allow_blank=True)
    born_on = IsoDate()
    time_zone = TimeZone()
    day_start = ClockTime(required=False)
    conditions = serializers.ListField(
        child=serializers.ChoiceField(Condition.choices), min_length=1, max_length=8
    )
    primary_outcome = serializers.ChoiceField(Outcome.choices)
    other_outcomes = serializers.ListField(
        child=serializers.ChoiceField(Outcome.choices), required=False, max_length=5
    )
    asks_sleep_hours = Flag(required=False)
    enrolled_on = IsoDate()


class PatientSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    clinic = serializers.UUIDField(source="clinic_id")
    name = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    born_on = serializers.DateField()
    time_zone = serializers.CharField()
    day_start = ClockTime()
    conditions = serializers.ListField(child=serializers.ChoiceField(Condition.choices))
    primary_outcome = serializers.ChoiceField(Outcome.choices)
    other_outcomes = serializers.ListField(
        child=serializers.ChoiceField(Outcome.choices)
    )
    asks_sleep_hours = serializers.BooleanField()
    enrolled_on = serializers.DateField()
    state = serializers.ChoiceField(PatientState.choices)
    state_since = serializers.DateField()
    is_synthetic = serializers.BooleanField(source="clinic.is_synthetic")


class PatientListSerializer(serializers.Serializer[Any]):
    results = PatientSerializer(many=True)


class InvitedPatientSerializer(PatientSerializer):
    invitation = serializers.CharField(
        help_text="The path of the single-use link to hand to the patient."
    )


class InvitationLinkSerializer(serializers.Serializer[Any]):
    invitation = serializers.CharField()


class StateInputSerializer(StrictSerializer):
    state = serializers.ChoiceField(PatientState.choices)
    since = IsoDate()
    reason = Text(max_length=200)

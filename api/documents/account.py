"""Who is signed in, and how they came in."""

from typing import Any

from rest_framework import serializers

from api.fields import Choice, ClockTime, Flag, StrictSerializer, Text, TimeZone
from tracker.vocabulary import Outcome, PatientSees, PatientState, ReminderChannel, Role

# Blank: not reminded.
CHANNELS = ["", *ReminderChannel.values]


class MembershipSerializer(serializers.Serializer[Any]):
    clinic = serializers.UUIDField(source="clinic_id")
    clinic_name = serializers.CharField(source="clinic.name")
    role = serializers.ChoiceField(Role.choices)


class ClinicSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    patients_see = serializers.ChoiceField(
        PatientSees.choices, help_text="Of relief estimates, as the clinic chose."
    )
    is_synthetic = serializers.BooleanField()


class OwnRecordSerializer(serializers.Serializer[Any]):
    """The caller as a patient, with what a phone needs to show today."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    clinic = ClinicSerializer()
    state = serializers.ChoiceField(PatientState.choices)
    time_zone = serializers.CharField()
    day_start = ClockTime()
    reminder_time = ClockTime(allow_null=True)
    reminder_channel = serializers.ChoiceField(CHANNELS)
    introduced = serializers.BooleanField()
    items = serializers.ListField(child=serializers.CharField())
    primary_outcome = serializers.ChoiceField(Outcome.choices)
    enrolled_on = serializers.DateField()
    today = serializers.DateField(help_text="The diary day it is now.")
    earliest_day = serializers.DateField(help_text="How far back can be filled in.")
    back_fill_days = serializers.IntegerField()
    last_infusion_on = serializers.DateField(allow_null=True)
    days_since_infusion = serializers.IntegerField(allow_null=True)
    next_appointment_at = serializers.DateTimeField(allow_null=True)


class MeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.CharField()
    name = serializers.CharField()
    memberships = MembershipSerializer(many=True)
    patient = OwnRecordSerializer(allow_null=True)


class OwnSettingsSerializer(StrictSerializer):
    time_zone = TimeZone(required=False)
    day_start = ClockTime(required=False)
    reminder_time = ClockTime(required=False, allow_null=True)
    reminder_channel = Choice(CHANNELS, required=False)
    language = Text(required=False, max_length=8, allow_blank=True)
    introduced = Flag(required=False)


class SessionSerializer(serializers.Serializer[Any]):
    signed_in = serializers.BooleanField()
    me = MeSerializer(allow_null=True)
    sends_codes = serializers.BooleanField(
        help_text="Whether this site can send letters, so that a code would come."
    )


class AskForCodeSerializer(StrictSerializer):
    email = Text(max_length=254)


class CodeSerializer(StrictSerializer):
    code = Text(max_length=20)


class OptionsSerializer(serializers.Serializer[Any]):
    options = serializers.DictField(help_text="As WebAuthn's JSON form has them.")


class CredentialSerializer(StrictSerializer):
    credential = serializers.DictField(help_text="As WebAuthn's JSON form has it.")


class NewPasskeySerializer(CredentialSerializer):
    name = Text(max_length=60, help_text="What the person will know it by.")


class PasskeySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    since = serializers.DateTimeField()
    last_used = serializers.DateTimeField(allow_null=True)


class PasskeyListSerializer(serializers.Serializer[Any]):
    results = PasskeySerializer(many=True)


class OpenSessionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    browser = serializers.CharField(help_text="As the browser names itself.")
    since = serializers.DateTimeField()
    last_used = serializers.DateTimeField()
    here = serializers.BooleanField(help_text="The session that asks.")


class SessionListSerializer(serializers.Serializer[Any]):
    results = OpenSessionSerializer(many=True)


class SignInSerializer(StrictSerializer):
    email = Text(max_length=254)
    password = Text(max_length=200, trim_whitespace=False)


class InvitationSerializer(StrictSerializer):
    token = Text(max_length=100)


class AcceptInvitationSerializer(InvitationSerializer):
    password = Text(
        max_length=200,
        trim_whitespace=False,
        required=False,
        help_text="Needed for staff; a patient can do without.",
    )


class InvitedSerializer(serializers.Serializer[Any]):
    email = serializers.CharField()
    name = serializers.CharField()
    clinic_name = serializers.CharField()
    for_patient = serializers.BooleanField()

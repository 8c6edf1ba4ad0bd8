"""Serializers and parameters of the API, as documented and as answered."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from api.fields import (
    Amount,
    Choice,
    ClockTime,
    Flag,
    IsoDate,
    IsoMoment,
    Key,
    Number,
    StrictSerializer,
    Text,
    TimeZone,
    Whole,
)
from api.schema import ErrorSerializer
from tracker.models import Revision
from tracker.relief_words import OUTLOOK_STATES, STATUSES
from tracker.sync_batch import Act
from tracker.vocabulary import (
    Agent,
    Condition,
    Outcome,
    PatientSees,
    PatientState,
    Phase,
    Role,
    Route,
    Source,
)

PATIENT = OpenApiParameter(
    "patient",
    OpenApiTypes.UUID,
    description="Whose record; left out, the caller's own.",
)
FROM = OpenApiParameter("from", OpenApiTypes.DATE, description="First day, included.")
TO = OpenApiParameter("to", OpenApiTypes.DATE, description="Last day, included.")
DAY = OpenApiParameter(
    "day",
    OpenApiTypes.DATE,
    OpenApiParameter.PATH,
    description="The diary day, a date of the patient's own calendar.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description='The version this one is based on, in quotes; "0" for none.',
)


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


class SyncDayInputSerializer(DayItemsSerializer):
    side_effects = SideEffectSerializer(
        many=True,
        required=False,
        help_text="Left out: not asked; []: asked, and there were none.",
    )


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
    reminder_channel = serializers.ChoiceField(["", "push", "email"])
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


class PushKeySerializer(serializers.Serializer[Any]):
    public_key = serializers.CharField(help_text="base64url, uncompressed P-256.")


class EndSubscriptionSerializer(StrictSerializer):
    endpoint = Text(max_length=1024)


class SubscriptionSerializer(EndSubscriptionSerializer):
    p256dh = Text(max_length=100)
    auth = Text(max_length=40)


class ReminderAnswerSerializer(StrictSerializer):
    token = Text(max_length=200)
    act = Choice(["shown", "opened", "later", "skipped"])


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
    reminder_channel = Choice(["", "push", "email"], required=False)
    language = Text(required=False, max_length=8, allow_blank=True)
    introduced = Flag(required=False)


class SessionSerializer(serializers.Serializer[Any]):
    signed_in = serializers.BooleanField()
    me = MeSerializer(allow_null=True)


class SignInSerializer(StrictSerializer):
    email = Text(max_length=254)
    password = Text(max_length=200, trim_whitespace=False)


class InvitationSerializer(StrictSerializer):
    token = Text(max_length=100)


class AcceptInvitationSerializer(InvitationSerializer):
    password = Text(max_length=200, trim_whitespace=False)


class InvitedSerializer(serializers.Serializer[Any]):
    email = serializers.CharField()
    name = serializers.CharField()
    clinic_name = serializers.CharField()
    for_patient = serializers.BooleanField()


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


class SpellSerializer(serializers.Serializer[Any]):
    series = serializers.IntegerField()
    start = serializers.DateField(help_text="First infusion of the series.")
    last_infusion = serializers.DateField(help_text="Days count from here.")
    next_infusion = serializers.DateField(allow_null=True)
    n_infusions = serializers.IntegerField()
    status = serializers.ChoiceField(STATUSES)
    reason = serializers.CharField(
        allow_blank=True, help_text="Why it could not be assessed."
    )
    onset = serializers.IntegerField(allow_null=True, help_text="Day relief began.")
    lower = serializers.IntegerField(
        allow_null=True, help_text="Last day seen in relief; loss lies after it."
    )
    upper = serializers.IntegerField(
        allow_null=True, help_text="First day seen lost; null when none was."
    )
    confirmable = serializers.IntegerField(
        allow_null=True, help_text="Last day on which a loss could have been confirmed."
    )
    days_logged = serializers.IntegerField()
    days_expected = serializers.IntegerField()
    late_share = serializers.FloatField(
        allow_null=True, help_text="Of the days logged, those written afterwards."
    )
    fingerprint = serializers.CharField(
        help_text="Of the record that the spell was computed from."
    )


class QuantileSerializer(serializers.Serializer[Any]):
    share = serializers.FloatField(help_text="Chance that relief is lost by then.")
    day = serializers.IntegerField(
        allow_null=True, help_text="Since the last infusion; null is beyond 180 days."
    )
    date = serializers.DateField(allow_null=True)


class WindowSerializer(serializers.Serializer[Any]):
    start = serializers.DateField(allow_null=True, help_text="Null: beyond 180 days.")
    end = serializers.DateField(allow_null=True, help_text="Null: beyond 180 days.")
    best = serializers.DateField(
        allow_null=True, help_text="By the clinic's costs; never without the window."
    )


class OutlookSerializer(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    issued_at = serializers.DateTimeField()
    state = serializers.ChoiceField(OUTLOOK_STATES)
    state_words = serializers.CharField()
    last_infusion = serializers.DateField(allow_null=True)
    day = serializers.IntegerField(
        allow_null=True, help_text="Days since the last infusion, at `as_of`."
    )
    last_relief_day = serializers.IntegerField(
        allow_null=True, help_text="Last logged day seen in relief."
    )
    p_in_relief = serializers.FloatField(
        allow_null=True, help_text="Chance that relief is not lost at `as_of`."
    )
    p_no_response = serializers.FloatField(allow_null=True)
    quantiles = QuantileSerializer(many=True)
    window = WindowSerializer(
        allow_null=True, help_text="When a booster may be due; null when withheld."
    )
    reason = serializers.CharField(
        allow_blank=True, help_text="Why no window is given; blank when one is."
    )
    sentences = serializers.ListField(
        child=serializers.CharField(), help_text="The same in words, shortest first."
    )
    typical_low = serializers.FloatField(
        allow_null=True, help_text="Days relief lasts in this patient, 10 % point."
    )
    typical = serializers.FloatField(allow_null=True, help_text="The median.")
    typical_high = serializers.FloatField(allow_null=True, help_text="90 % point.")
    n_earlier_spells = serializers.IntegerField()
    baseline_days = serializers.IntegerField()
    days_logged = serializers.IntegerField()
    survival = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Chance that relief is lost after day 0 to 180.",
    )
    model_version = serializers.IntegerField(
        allow_null=True, help_text="Null: from the literature, before a fit."
    )
    criteria_version = serializers.CharField()


class ReliefSerializer(serializers.Serializer[Any]):
    patient = serializers.UUIDField()
    item = serializers.ChoiceField(Outcome.choices)
    criteria_version = serializers.CharField(allow_blank=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField(
        help_text="The record has changed since; a new computation is under way."
    )
    baseline = serializers.FloatField(
        allow_null=True, help_text="Points before treatment; higher is worse."
    )
    baseline_sd = serializers.FloatField(
        allow_null=True, help_text="Of the patient's own days before treatment."
    )
    baseline_days = serializers.IntegerField()
    spells = SpellSerializer(many=True)
    outlook = OutlookSerializer(
        allow_null=True,
        help_text="The newest forecast that holds; a patient's own only where the "
        "clinic shows it to patients.",
    )
    withdrawn = serializers.CharField(
        allow_blank=True,
        help_text="Which outlooks you have seen and that do not stand any more.",
    )


class BoosterRuleSerializer(StrictSerializer):
    booster_cost_early = Number(
        help_text="What a day of booking too early costs, against late."
    )
    booster_cost_late = Number(
        help_text="What a day without relief costs, against early."
    )
    booster_min_interval_days = Whole(
        help_text="Days that must lie between two infusions."
    )


class CoverageSerializer(serializers.Serializer[Any]):
    level = serializers.IntegerField(help_text="Of the central range, in percent.")
    share = serializers.FloatField(help_text="Of the truths that lay inside.")


class ScorecardSerializer(serializers.Serializer[Any]):
    group = serializers.CharField(help_text="All, or how boosters are given.")
    n_forecasts = serializers.IntegerField()
    n_patients = serializers.IntegerField()
    n_lost = serializers.IntegerField()
    coverage = CoverageSerializer(many=True)
    log_score = serializers.FloatField(
        allow_null=True, help_text="Censored, mean; lower is better."
    )
    histogram = serializers.ListField(
        child=serializers.FloatField(),
        help_text="Shares of truths in tenths of the forecasts; level when right.",
    )
    reason = serializers.CharField(
        allow_blank=True, help_text="Why there are no figures; blank when there are."
    )
    words = serializers.CharField()


class ScorecardOfItemSerializer(serializers.Serializer[Any]):
    clinic = serializers.UUIDField()
    clinic_name = serializers.CharField()
    item = serializers.ChoiceField(Outcome.choices)
    scorecards = ScorecardSerializer(many=True)


class ScorecardListSerializer(serializers.Serializer[Any]):
    results = ScorecardOfItemSerializer(many=True)

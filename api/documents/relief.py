"""Relief spells, outlooks, scorecards and the booster rule."""

from typing import Any

from rest_framework import serializers

from api.fields import Number, StrictSerializer, Whole
from tracker.relief_words import OUTLOOK_STATES, STATUSES
from tracker.vocabulary import Outcome


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

"""Browsers that are reminded, and what became of a reminder."""

from typing import Any

from rest_framework import serializers

from api.fields import Choice, StrictSerializer, Text


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

"""Fields that take what JSON says and nothing near it."""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tracker import days
from tracker.diary_day import parse_date
from tracker.problems import Refused

# Beyond it no amount of ours is meant, and text may be longer than Python reads.
LARGEST_NUMBER = 1e15


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know instead of dropping them."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {
                name for name, field in self.fields.items() if not field.read_only
            }
            unknown = {
                str(name): ["There is no such field, or it cannot be set."]
                for name in data
                if name not in writable
            }
            if unknown:
                raise ValidationError(unknown, code="unknown_field")
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text only: DRF would turn a number into text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise ValidationError("This must be text.", code="text")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of the texts; DRF would take the number 1 for "1"."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            raise ValidationError("This must be text.", code="text")
        return super().to_internal_value(data)


class IsoDate(serializers.DateField):
    """YYYY-MM-DD in ASCII digits, without a time."""

    def to_internal_value(self, value: Any) -> date:
        try:
            return parse_date(self.field_name or "date", value)
        except Refused as refusal:
            raise ValidationError(refusal.message, code="date") from None


class IsoMoment(serializers.DateTimeField):
    """RFC 3339 with an offset; a moment without one is somebody's guess."""

    def to_internal_value(self, value: Any) -> datetime:
        rule = "A date and time with offset is needed, as 2026-11-24T10:30:00+01:00."
        try:
            moment = days.parse_moment(value)
            if 1900 <= moment.year <= 2200:
                return moment
        except (ValueError, TypeError):
            pass
        raise ValidationError(rule, code="moment")

    def to_representation(self, value: Any) -> str:
        return value if isinstance(value, str) else moment_text(value)


class ClockTime(serializers.TimeField):
    """A time of day as HH:MM."""

    def to_internal_value(self, value: Any) -> time:
        try:
            return days.parse_clock(value)
        except (ValueError, TypeError):
            raise ValidationError(
                "A time of day as HH:MM is needed.", code="time"
            ) from None

    def to_representation(self, value: Any) -> str:
        return f"{value:%H:%M}"


class Flag(serializers.BooleanField):
    """true or false; DRF also takes "yes", "1" and 1."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise ValidationError("This must be true or false.", code="boolean")
        return data


class Amount(serializers.DecimalField):
    """A JSON number; answers are JSON numbers too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce_to_string=False, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise ValidationError("This must be a number.", code="number")
        return super().to_internal_value(repr(data))

    def to_representation(self, value: Any) -> Any:
        return float(value)


class Number(serializers.FloatField):
    """A finite JSON number; DRF would take text, and true for 1."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise ValidationError("This must be a number.", code="number")
        if not abs(data) < LARGEST_NUMBER:
            raise ValidationError("This number is too large.", code="number")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole JSON number."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise ValidationError("This must be a whole number.", code="whole")
        if not abs(data) < LARGEST_NUMBER or data != int(data):
            raise ValidationError("This must be a whole number.", code="whole")
        return super().to_internal_value(int(data))


class TimeZone(Text):
    """An IANA time zone."""

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        try:
            days.zone(name)
        except ValueError as error:
            raise ValidationError(str(error), code="time_zone") from None
        return name


class Key(serializers.UUIDField):
    """A UUID as text."""

    def to_internal_value(self, data: Any) -> uuid.UUID:
        if not isinstance(data, str):
            raise ValidationError("This must be a UUID.", code="uuid")
        return super().to_internal_value(data)


def moment_text(moment: datetime) -> str:
    """A moment as the API writes it: UTC, to the microsecond, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"

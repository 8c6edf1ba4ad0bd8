"""The OpenAPI document: what drf-spectacular cannot know by itself."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class ProblemSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Which field; dots lead inwards.")
    rule = serializers.CharField(help_text="The rule it breaks.")
    value = serializers.JSONField(
        allow_null=True, help_text="What was sent, shortened; null for secrets."
    )
    message = serializers.CharField(help_text="The same in a sentence.")


class ErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="What kind of refusal, for a program.")
    message = serializers.CharField(help_text="What happened, for a person.")
    problems = ProblemSerializer(many=True)


WRITE_ERRORS = ("400", "413", "415")
EVERY_ERROR = ("401", "403", "404", "405", "429", "503")


class DocumentedErrors(AutoSchema):
    """Adds the refusals every operation can answer with, in their one shape."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self._error_codes():
            if code not in bodies:
                bodies[code] = self._get_response_for_code(ErrorSerializer, code)  # type: ignore[no-untyped-call] # untyped library
        return dict(sorted(bodies.items()))

    def _error_codes(self) -> tuple[str, ...]:
        writes = self.method in {"POST", "PUT", "PATCH"}
        return EVERY_ERROR + (WRITE_ERRORS if writes else ("400",))

    def get_description(self) -> str:  # type: ignore[override] # as drf-spectacular has it
        # A view's docstring speaks to its maintainer, not to a client's author.
        return ""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

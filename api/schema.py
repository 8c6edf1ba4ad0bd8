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

    def get_response_serializers(self) -> Any:
        found = super().get_response_serializers()
        if not isinstance(found, dict):
            code = "204" if self.method == "DELETE" else "200"
            found = {code: found}
        responses = {str(code): serializer for code, serializer in found.items()}
        for code in self._error_codes():
            responses.setdefault(code, ErrorSerializer)
        return responses

    def _error_codes(self) -> tuple[str, ...]:
        writes = self.method in {"POST", "PUT", "PATCH"}
        return EVERY_ERROR + (WRITE_ERRORS if writes else ("400",))

"""Fields of a parsed document, each read with its type checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from tracker.questionnaires.checks import refuse
from tracker.questionnaires.text import Text

_REQUIRED: Any = object()
_LARGEST = 1e9


@dataclass(frozen=True)
class Fields:
    """A JSON object and where it stands in its document.

    Every method names the field by its path, raises ValueError with field, rule and
    value, and takes a default where the field may be left out.
    """

    values: Mapping[str, Any]
    path: str = ""

    @classmethod
    def of(cls, value: object, path: str = "", *, allowed: str) -> Self:
        """`value` as an object with no fields but those `allowed`, space-separated."""
        if not isinstance(value, Mapping):
            refuse(path or "the document", "be an object", value)
        for key in value:
            if key not in allowed.split():
                field = path or "the document"
                refuse(field, f"have no fields but {allowed}", key)
        return cls(value, path)

    def where(self, key: str) -> str:
        """The path of a field."""
        return f"{self.path}.{key}" if self.path else key

    def raw(self, key: str, default: Any = _REQUIRED) -> Any:
        """A field as it is; null counts as left out."""
        value = self.values.get(key)
        if value is not None:
            return value
        if default is _REQUIRED:
            refuse(self.where(key), "be given", None)
        return default

    def string(self, key: str, default: Any = _REQUIRED) -> Any:
        """A field that is text with something in it."""
        value = self.raw(key, default)
        if value is default:
            return value
        if not isinstance(value, str) or not value.strip():
            refuse(self.where(key), "be text", value)
        return value

    def choice(self, key: str, choices: Sequence[str], default: Any = _REQUIRED) -> Any:
        """A field that is one of `choices`."""
        value = self.raw(key, default)
        if value is not default and value not in choices:
            refuse(self.where(key), f"be one of {', '.join(choices)}", value)
        return value

    def whole(self, key: str, default: Any = _REQUIRED) -> Any:
        """A field that is a whole number."""
        value = self.raw(key, default)
        if value is not default:
            check_whole(self.where(key), value)
        return value

    def number(self, key: str, default: Any = _REQUIRED) -> Any:
        """A field that is a number of ordinary size."""
        value = self.raw(key, default)
        if value is not default:
            check_number(self.where(key), value)
        return value

    def flag(self, key: str, default: Any = _REQUIRED) -> Any:
        """A field that is true or false."""
        value = self.raw(key, default)
        if value is not default and not isinstance(value, bool):
            refuse(self.where(key), "be true or false", value)
        return value

    def items(self, key: str, default: Any = _REQUIRED) -> Any:
        """A field that is a list."""
        value = self.raw(key, default)
        if value is not default and not isinstance(value, list | tuple):
            refuse(self.where(key), "be a list", value)
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """A field that is a list of texts; without it, none."""
        listed = self.items(key, ())
        for value in listed:
            if not isinstance(value, str) or not value.strip():
                refuse(self.where(key), "be a list of texts", value)
        return tuple(listed)

    def text(self, key: str) -> Text:
        """A field that is an object of language and text."""
        value = self.raw(key)
        if not isinstance(value, Mapping) or not value:
            rule = "be an object of languages and texts"
            refuse(self.where(key), rule, value)
        for language, words in value.items():
            if not isinstance(language, str) or not isinstance(words, str):
                refuse(f"{self.where(key)}.{language}", "be text", words)
        return Text.from_mapping(value)


def check_whole(where: str, value: object) -> None:
    """Refuse what is not a whole number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(where, "be a whole number", value)


def check_number(where: str, value: object) -> None:
    """Refuse what is not a number of ordinary size; true and false are none."""
    number = not isinstance(value, bool) and isinstance(value, int | float)
    # Comparing, unlike converting, bears integers of any length.
    if not number or not -_LARGEST <= cast(float, value) <= _LARGEST:
        refuse(where, "be a number of ordinary size", value)

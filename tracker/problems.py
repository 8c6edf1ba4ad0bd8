"""What can be wrong with a request, in one shape for every entrance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from tracker.language import t


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: which field, which rule, which value, in words.

    The value goes back to whoever sent it and nowhere else.
    """

    field: str
    rule: str
    value: Any
    message: str


class Refused(Exception):
    """A request that cannot be carried out; nothing was changed."""

    code = "invalid"

    def __init__(self, problems: Sequence[Problem], message: str = "") -> None:
        self.problems = tuple(problems)
        self.message = message or " ".join(problem.message for problem in self.problems)
        super().__init__(self.message)


class Invalid(Refused):
    """A value breaks a rule."""


class NotFound(Refused):
    """No such record, or none this person may see: never said which."""

    code = "not_found"

    def __init__(self, message: str = "") -> None:
        super().__init__((), message or t("There is no such record."))


class NotAllowed(Refused):
    """The record is in sight, but this act on it is not this person's."""

    code = "forbidden"

    def __init__(self, message: str) -> None:
        super().__init__((), message)


def one(field: str, rule: str, value: Any, message: str) -> Invalid:
    """A refusal with a single problem."""
    return Invalid([Problem(field, rule, value, message)])


def not_as_needed(value: Any, rule: str) -> str:
    """The usual message: what is given, and what would do."""
    return t("{value} is given; needed: {rule}.", value=value, rule=rule)


def from_validation(field: str, value: Any, error: ValidationError) -> Invalid:
    """Django's validation error in our shape."""
    return Invalid([Problem(field, text, value, text) for text in error.messages])

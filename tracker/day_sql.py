"""A diary day as JSON, written by the database.

A list of a hundred days is one text each instead of a hundred rows of Python
objects, which would cost several times what the query does.
"""

from typing import Any

from django.db.models import Case, CharField, F, Func, Value, When
from django.db.models.expressions import Combinable

from tracker.vocabulary import SCORES, STAFF_SOURCES

_SQLITE_KEY = "{0}||'-'||{1}||'-'||{2}||'-'||{3}||'-'||{4}"
_KEY_PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


class _Text(Func):
    output_field = CharField()


class _Literal(_Text):
    """A name of our own: PostgreSQL cannot tell the type of a parameter there."""


class _KeyText(_Text):
    """A key with its dashes, which SQLite does not store."""

    template = "%(expressions)s::text"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        column = "%(expressions)s"
        parts = [f"substr({column},{at},{n})" for at, n in _KEY_PARTS]
        return self.as_sql(
            compiler, connection, template=_SQLITE_KEY.format(*parts), **extra
        )


class _MomentText(_Text):
    """A moment in UTC to the microsecond, with Z."""

    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # Whole seconds are stored without a fraction.
        template = "replace(substr(%(expressions)s||'.000000',1,26),' ','T')||'Z'"
        return self.as_sql(compiler, connection, template=template, **extra)


class _Truth(_Text):
    template = "(%(expressions)s)::boolean"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="json(%(expressions)s)", **extra
        )


class _StoredJson(_Text):
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="json(%(expressions)s)", **extra
        )


class _Document(_Text):
    """A JSON object of the named expressions, as text."""

    def __init__(self, **members: Combinable) -> None:
        pairs: list[Any] = []
        for name, member in members.items():
            pairs += [_Literal(template=f"'{name}'"), member]
        super().__init__(*pairs)

    template = "json_build_object(%(expressions)s)::text"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="json_object(%(expressions)s)", **extra
        )


def day_document() -> _Document:
    """What the API says of one stored day, for a query over diary entries."""
    by_staff = Case(
        When(source__in=sorted(STAFF_SOURCES), then=Value("true")),
        default=Value("false"),
    )
    return _Document(
        id=_KeyText(F("id")),
        date=F("date"),
        **{name: F(name) for name in SCORES},
        sleep_hours=F("sleep_hours"),
        note=F("note"),
        side_effects=_StoredJson(F("side_effects")),
        version=F("version"),
        days_late=F("days_late"),
        entered_via=F("source"),
        by_staff=_Truth(by_staff),
        updated_at=_MomentText(F("updated_at")),
    )

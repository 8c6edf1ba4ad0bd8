"""A diary day as JSON, written by the database.

A list of a hundred days is one text each instead of a hundred rows of Python
objects, which would cost several times what the query does. SQLite is quickest with
its json_object; PostgreSQL puts the text together in half the time of its own.
"""

from typing import Any

from django.db.models import Case, CharField, F, Func, Value, When

from tracker.vocabulary import SCORES, STAFF_SOURCES

_KEY_PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


class _Piece(Func):
    """A value: on PostgreSQL as JSON text, on SQLite as json_object takes it."""

    output_field = CharField()
    sqlite_template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.sqlite_template, **extra)


class _Word(_Piece):
    """A date, or a word of ours: nothing in it needs escaping."""

    template = "'\"'||%(expressions)s||'\"'"


class _Key(_Word):
    """A key with its dashes, which SQLite does not store."""

    sqlite_template = "||'-'||".join(
        f"substr(%(expressions)s,{at},{length})" for at, length in _KEY_PARTS
    )


class _Moment(_Piece):
    """A moment in UTC to the microsecond, with Z."""

    template = (
        "to_char(%(expressions)s AT TIME ZONE 'UTC',"
        '\'"\\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\\""\')'
    )
    # Whole seconds are stored without a fraction.
    sqlite_template = "replace(substr(%(expressions)s||'.000000',1,26),' ','T')||'Z'"


class _Number(_Piece):
    template = "COALESCE(%(expressions)s::text,'null')"


class _Json(_Number):
    """What is stored as JSON already."""

    sqlite_template = "json(%(expressions)s)"


class _Truth(_Piece):
    template = "(%(expressions)s)"
    sqlite_template = "json(%(expressions)s)"


class _Written(_Piece):
    """What somebody wrote."""

    template = "to_json(%(expressions)s)::text"


class _Document(Func):
    """A JSON object of the named pieces, as text."""

    output_field = CharField()

    def __init__(self, **pieces: _Piece) -> None:
        super().__init__(*pieces.values())
        self.names = tuple(pieces)

    def as_sql(  # type: ignore[override] # takes no template
        self, compiler: Any, connection: Any, **extra: Any
    ) -> Any:
        columns, params = self._pieces(compiler)
        members = [
            f"'\"{name}\": '||{column}"
            for name, column in zip(self.names, columns, strict=True)
        ]
        return "'{'||" + "||', '||".join(members) + "||'}'", params

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        columns, params = self._pieces(compiler)
        members = [
            f"'{name}',{column}"
            for name, column in zip(self.names, columns, strict=True)
        ]
        return f"json_object({','.join(members)})", params

    def _pieces(self, compiler: Any) -> tuple[list[str], list[Any]]:
        compiled = [compiler.compile(piece) for piece in self.source_expressions]
        params = [param for _, piece_params in compiled for param in piece_params]
        return [sql for sql, _ in compiled], params


def day_document() -> Func:
    """What the API says of one stored day, for a query over diary entries."""
    by_staff = Case(
        When(source__in=sorted(STAFF_SOURCES), then=Value("true")),
        default=Value("false"),
    )
    return _Document(
        id=_Key(F("id")),
        date=_Word(F("date")),
        **{name: _Number(F(name)) for name in SCORES},
        sleep_hours=_Number(F("sleep_hours")),
        note=_Written(F("note")),
        side_effects=_Json(F("side_effects")),
        version=_Number(F("version")),
        days_late=_Number(F("days_late")),
        entered_via=_Word(F("source")),
        by_staff=_Truth(by_staff),
        updated_at=_Moment(F("updated_at")),
    )

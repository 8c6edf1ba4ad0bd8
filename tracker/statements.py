"""Querysets compiled once and run many times.

Building SQL from a queryset costs more than running it. A hot path keeps the
compiled statement and only fills in its values, so that the rule it states
stays written once, as a queryset.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID, uuid5

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

_NAMESPACE = UUID("5f1c1f0e-6a3f-4d5c-9a53-6a0f2a6b7c11")
_FIRST_STAND_IN = date(1, 1, 1)

Value = UUID | str | date


def slot(name: str) -> UUID:
    """The stand-in for the key or text called `name` while a queryset is compiled."""
    return uuid5(_NAMESPACE, name)


def date_slot(name: str) -> date:
    """The stand-in for the date called `name`: one that no record has."""
    return _FIRST_STAND_IN + timedelta(days=slot(name).int % 100_000)


class Prepared:
    """A `values_list` queryset whose values are filled in at run time.

    `build` returns the queryset with `slot(name)` or `date_slot(name)` wherever a
    value goes. With `raw`, rows come as the database driver gives them.
    """

    def __init__(
        self,
        build: Callable[[], QuerySet[Any, Any]],
        *names: str,
        raw: bool = False,
    ) -> None:
        self._build = build
        self._names = names
        self._raw = raw
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        # The wrapper itself: Django's proxy looks it up anew for every attribute.
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = _Compiled(self._build(), self._names, raw=self._raw)
            self._compiled[connection.vendor] = compiled
        return compiled.run(connection, values)


class _Compiled:
    def __init__(
        self,
        queryset: QuerySet[Any, Any],
        names: tuple[str, ...],
        *,
        raw: bool,
    ) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, params = compiler.as_sql()
        compiler.setup_query()
        stand_ins = {_plain(slot(name)): name for name in names}
        stand_ins |= {_plain(date_slot(name)): name for name in names}
        self._params = [(stand_ins.get(_plain(param)), param) for param in params]
        missing = set(names) - {name for name, _ in self._params}
        if missing:
            raise LookupError(f"the statement has no place for {sorted(missing)}")
        self._compiler = compiler
        columns = [] if raw else [column[0] for column in compiler.select]
        self._converters = compiler.get_converters(columns)

    def run(self, connection: Any, values: dict[str, Value]) -> list[tuple[Any, ...]]:
        native = connection.features.has_native_uuid_field
        params = [
            param if name is None else _stored(values[name], connection, native)
            for name, param in self._params
        ]
        with hot_cursor(connection) as cursor:
            cursor.execute(self._sql, params)
            rows = cursor.fetchall()
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
            return [tuple(row) for row in rows]
        return list(rows)


def hot_cursor(connection: Any) -> CursorWrapper:
    """A cursor for a statement that is run again and again.

    Django writes values into the text of a statement, so that PostgreSQL parses and
    plans it anew each time. This cursor sends them apart from it, and psycopg lets
    the server keep the plan of what it has seen before.
    """
    # A log of statements wants to show them with their values.
    if connection.vendor != "postgresql" or connection.queries_logged:
        return cast(CursorWrapper, connection.cursor())
    # What `connection.cursor()` does, but for the kind of cursor.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = connection.Database.Cursor(connection.connection)
    return cast(CursorWrapper, connection.make_cursor(cursor))


def _stored(value: Value, connection: Any, native: bool) -> Any:
    if isinstance(value, UUID):
        return value if native else value.hex
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _plain(value: Any) -> str:
    """A stand-in as it comes back from the compiler: a key, its hex or its text."""
    return value.hex if isinstance(value, UUID) else str(value).replace("-", "")

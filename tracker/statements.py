"""Querysets compiled once and run many times.

Building SQL from a queryset costs more than running it. A hot path keeps the
compiled statement and only fills in its values, so that the rule it states
stays written once, as a queryset.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import connections
from django.db.models import QuerySet

_NAMESPACE = UUID("5f1c1f0e-6a3f-4d5c-9a53-6a0f2a6b7c11")


def slot(name: str) -> UUID:
    """The stand-in for the value called `name` while a queryset is compiled."""
    return uuid5(_NAMESPACE, name)


class Prepared:
    """A `values_list` queryset whose keys and texts are filled in at run time.

    `build` returns the queryset with `slot(name)` wherever a value goes.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], *names: str) -> None:
        self._build = build
        self._names = names
        self._compiled: dict[str, _Compiled] = {}

    def rows(
        self, using: str = "default", **values: UUID | str
    ) -> list[tuple[Any, ...]]:
        connection = connections[using]
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = _Compiled(self._build(), self._names, using)
            self._compiled[connection.vendor] = compiled
        return compiled.run(connection, values)


class _Compiled:
    def __init__(
        self, queryset: QuerySet[Any, Any], names: tuple[str, ...], using: str
    ) -> None:
        compiler = queryset.query.get_compiler(using)
        self._sql, params = compiler.as_sql()
        compiler.setup_query()
        stand_ins = {_plain(slot(name)): name for name in names}
        self._params = [(stand_ins.get(_plain(param)), param) for param in params]
        missing = set(names) - {name for name, _ in self._params}
        if missing:
            raise LookupError(f"the statement has no place for {sorted(missing)}")
        self._compiler = compiler
        self._converters = compiler.get_converters(
            [column[0] for column in compiler.select]
        )

    def run(
        self, connection: Any, values: Mapping[str, UUID | str]
    ) -> list[tuple[Any, ...]]:
        native = connection.features.has_native_uuid_field
        params = [
            param if name is None else _stored(values[name], native)
            for name, param in self._params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            rows = cursor.fetchall()
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [tuple(row) for row in rows]


def _stored(value: UUID | str, native: bool) -> UUID | str:
    return value.hex if isinstance(value, UUID) and not native else value


def _plain(value: Any) -> str:
    """A stand-in as it comes back from the compiler: a key, its hex or its text."""
    return value.hex if isinstance(value, UUID) else str(value).replace("-", "")

"""Triggers that keep the append-only tables append-only, on both databases."""

from collections.abc import Iterator
from typing import Any

TABLES = (
    "tracker_revision",
    "tracker_infusionrevision",
    "tracker_patientstatechange",
    "tracker_auditevent",
)
CHANGES = ("UPDATE", "DELETE")


def add_triggers(schema_editor: Any) -> None:
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop_triggers(schema_editor: Any) -> None:
    vendor = schema_editor.connection.vendor
    for table, change in _pairs():
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(
            f"DROP TRIGGER IF EXISTS {_name(table, change)}{on}", params=None
        )


def statements(vendor: str) -> Iterator[str]:
    """The SQL that refuses changes to what was written."""
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION respite_append_only() RETURNS trigger AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ "
            "LANGUAGE plpgsql"
        )
    for table, change in _pairs():
        act = (
            "EXECUTE FUNCTION respite_append_only()"
            if vendor == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        yield (
            f"CREATE TRIGGER {_name(table, change)} BEFORE {change} ON {table} "
            f"FOR EACH ROW {act}"
        )


def _pairs() -> Iterator[tuple[str, str]]:
    return ((table, change) for table in TABLES for change in CHANGES)


def _name(table: str, change: str) -> str:
    return f"{table}_no_{change.lower()}"

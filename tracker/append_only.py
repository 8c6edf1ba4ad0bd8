"""Triggers on both databases: what is append-only, and what a revision leaves.

A revision of a diary day can be stored neither without its audit row nor without
the mark that the patient's spells are to be computed again, whoever stores it.
That is also two statements less on the path that every phone takes.
"""

from collections.abc import Iterator
from typing import Any

TABLES = (
    "tracker_revision",
    "tracker_infusionrevision",
    "tracker_patientstatechange",
    "tracker_auditevent",
)
# Tables of later migrations, which put their triggers on themselves.
SAFETY_TABLES = ("tracker_safetyplanrevision",)
DECISION_TABLES = ("tracker_decision",)
CHANGES = ("UPDATE", "DELETE")


def add_triggers(schema_editor: Any, tables: tuple[str, ...] = TABLES) -> None:
    for statement in statements(schema_editor.connection.vendor, tables):
        schema_editor.execute(statement, params=None)


TRAIL = """
    INSERT INTO tracker_auditevent
        (at, actor_id, action, subject, subject_id, patient_id, detail)
    VALUES (NEW.arrived_at, NEW.written_by_id, 'write', 'diary', NEW.entry_id,
            NEW.patient_id, NEW.outcome);
    INSERT INTO tracker_reliefmark (patient_id, marks, marked_at)
    VALUES (NEW.patient_id, 1, NEW.arrived_at)
    ON CONFLICT (patient_id) DO UPDATE SET marks = tracker_reliefmark.marks + 1;
"""


# The same for all rows of a statement at once, where the database can.
TRAIL_OF_ALL = """
    INSERT INTO tracker_auditevent
        (at, actor_id, action, subject, subject_id, patient_id, detail)
    SELECT arrived_at, written_by_id, 'write', 'diary', entry_id, patient_id, outcome
    FROM added;
    INSERT INTO tracker_reliefmark (patient_id, marks, marked_at)
    SELECT patient_id, count(*), min(arrived_at) FROM added GROUP BY patient_id
    ON CONFLICT (patient_id)
        DO UPDATE SET marks = tracker_reliefmark.marks + excluded.marks;
"""


def add_trail(schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION respite_revision_trail() RETURNS trigger AS "
            f"$$ BEGIN {TRAIL_OF_ALL} RETURN NULL; END $$ LANGUAGE plpgsql",
            params=None,
        )
        each = "REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
        act = "EXECUTE FUNCTION respite_revision_trail()"
    else:
        each, act = "FOR EACH ROW", f"BEGIN {TRAIL} END"
    schema_editor.execute(
        "CREATE TRIGGER tracker_revision_trail AFTER INSERT ON tracker_revision "
        f"{each} {act}",
        params=None,
    )


def drop_trail(schema_editor: Any) -> None:
    on = (
        " ON tracker_revision"
        if schema_editor.connection.vendor == "postgresql"
        else ""
    )
    schema_editor.execute(
        f"DROP TRIGGER IF EXISTS tracker_revision_trail{on}", params=None
    )


def drop_triggers(schema_editor: Any, tables: tuple[str, ...] = TABLES) -> None:
    vendor = schema_editor.connection.vendor
    for table, change in _pairs(tables):
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(
            f"DROP TRIGGER IF EXISTS {_name(table, change)}{on}", params=None
        )


def statements(vendor: str, tables: tuple[str, ...] = TABLES) -> Iterator[str]:
    """The SQL that refuses changes to what was written."""
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION respite_append_only() RETURNS trigger AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ "
            "LANGUAGE plpgsql"
        )
    for table, change in _pairs(tables):
        act = (
            "EXECUTE FUNCTION respite_append_only()"
            if vendor == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        yield (
            f"CREATE TRIGGER {_name(table, change)} BEFORE {change} ON {table} "
            f"FOR EACH ROW {act}"
        )


def _pairs(tables: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return ((table, change) for table in tables for change in CHANGES)


def _name(table: str, change: str) -> str:
    return f"{table}_no_{change.lower()}"

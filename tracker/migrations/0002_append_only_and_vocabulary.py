"""Triggers of the append-only tables, and the shipped side-effect vocabulary."""

import json
from pathlib import Path
from typing import Any

from django.db import migrations

from tracker.append_only import add_trail, add_triggers, drop_trail, drop_triggers

VOCABULARY = Path(__file__).resolve().parent.parent / "data" / "side_effects.json"


def add(apps: Any, schema_editor: Any) -> None:
    add_triggers(schema_editor)
    add_trail(schema_editor)


def drop(apps: Any, schema_editor: Any) -> None:
    drop_trail(schema_editor)
    drop_triggers(schema_editor)


def load_vocabulary(apps: Any, schema_editor: Any) -> None:
    term = apps.get_model("tracker", "SideEffectTerm")
    term.objects.bulk_create(term(**row) for row in json.loads(VOCABULARY.read_text()))


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]

    operations = [
        migrations.RunPython(add, drop),
        migrations.RunPython(load_vocabulary, migrations.RunPython.noop),
    ]

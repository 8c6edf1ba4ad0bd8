"""PostgreSQL leaves the trail of a whole statement at once."""

from typing import Any

from django.db import migrations

from tracker import append_only


def lay_anew(apps: Any, schema_editor: Any) -> None:
    append_only.drop_trail(schema_editor)
    append_only.add_trail(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0011_reminders_tried"),
    ]

    operations = [migrations.RunPython(lay_anew, migrations.RunPython.noop)]

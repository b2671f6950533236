"""The database refuses to change or delete facts and seals."""

from typing import Any

from django.db import migrations

from apps.events import append_only


def forwards(apps: Any, schema_editor: Any) -> None:
    append_only.install(schema_editor.connection)


def backwards(apps: Any, schema_editor: Any) -> None:
    append_only.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]

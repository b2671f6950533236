"""Count what earlier skip traces found; give every workspace the sandbox for number look-ups."""

from django.db import migrations


def fill(apps, schema_editor):
    SkipTrace = apps.get_model("contacts", "SkipTrace")
    for trace in SkipTrace._default_manager.filter(state="answered").iterator(500):
        found = trace.result or {}
        trace.phone_count = len(found.get("phones", []))
        trace.is_match = any(
            found.get(name) for name in ("phones", "emails", "is_litigator", "is_deceased")
        )
        trace.save(update_fields=["phone_count", "is_match"])
    Workspace = apps.get_model("workspaces", "Workspace")
    Connection = apps.get_model("workspaces", "Connection")
    for workspace in Workspace.objects.exclude(
        pk__in=Connection._default_manager.filter(capability="phone_lookup").values("workspace")
    ):
        Connection._default_manager.create(workspace=workspace, capability="phone_lookup")


def leave(apps, schema_editor):
    """The columns go with the migration before; a sandbox connection does no harm."""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_look_ups"),
        ("workspaces", "0002_provider_credentials"),
    ]
    operations = [migrations.RunPython(fill, leave)]

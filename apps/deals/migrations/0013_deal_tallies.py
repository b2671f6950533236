"""Counts of deals by stage and of scores by verdict, kept by triggers; one index for best deals."""

from typing import Any

from django.db import migrations, models

from apps.deals import tallies


def forwards(apps: Any, schema_editor: Any) -> None:
    tallies.install(schema_editor.connection)


def backwards(apps: Any, schema_editor: Any) -> None:
    tallies.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("deals", "0012_signal_references")]

    operations = [
        migrations.CreateModel(
            name="DealTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("workspace_id", models.BigIntegerField()),
                ("stage_id", models.BigIntegerField(null=True)),
                ("verdict", models.CharField(blank=True, max_length=10)),
                ("change", models.BigIntegerField()),
            ],
            options={
                "verbose_name_plural": "deal tallies",
                "indexes": [models.Index(fields=["workspace_id"], name="tally_by_workspace")],
            },
        ),
        migrations.RemoveIndex(model_name="dealscore", name="score_best"),
        migrations.AddIndex(
            model_name="dealscore",
            index=models.Index(
                fields=["workspace_id", "-score", "-coverage", "-deal", "verdict"],
                name="score_best",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]

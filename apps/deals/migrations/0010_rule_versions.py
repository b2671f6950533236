"""Rule sets get versions; the rules there are become the published version of their number."""

import hashlib
import json
import uuid
from typing import Any

import django.db.models.deletion
import django.db.models.manager
import simple_history.models
from django.conf import settings
from django.db import migrations, models

NOTE = "The rules in use when versions were introduced."


def publish_present(apps: Any, schema_editor: Any) -> None:
    """Stored masks go by the place of active rules in order, so that place becomes their bit."""
    rule_sets = apps.get_model("deals", "RuleSet")._base_manager
    # The sets in use last: among the sets of a workspace the last published one judges.
    for rule_set in rule_sets.order_by("is_active", "pk"):
        _publish(apps, rule_set)


def _publish(apps: Any, rule_set: Any) -> None:
    rules = apps.get_model("deals", "Rule")._base_manager.filter(rule_set=rule_set, is_active=True)
    conditions = apps.get_model("deals", "Condition")._base_manager
    kept = []
    for bit, rule in enumerate(rules.order_by("position", "id")):
        held = conditions.filter(rule=rule).order_by("id")
        kept.append(
            {
                "name": rule.name,
                "weight": rule.weight,
                "match": rule.join,
                "is_knock_out": rule.is_knock_out,
                "conditions": [[c.metric, c.operator, c.value] for c in held],
                "id": str(rule.public_id),
                "bit": bit,
            }
        )
        rule.bit = bit
        rule.save(update_fields=["bit"])
    content = {
        "name": rule_set.name,
        "description": rule_set.description,
        "qualified_from": rule_set.qualified_from,
        "review_from": rule_set.review_from,
        "min_coverage": rule_set.min_coverage,
        "unknown_policy": rule_set.unknown,
        "rules": kept,
    }
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    published = apps.get_model("deals", "RuleSetVersion")._base_manager.create(
        workspace_id=rule_set.workspace_id,
        rule_set=rule_set,
        number=rule_set.version,
        content=content,
        digest=hashlib.sha256(plain.encode()).hexdigest(),
        note=NOTE,
        published_at=_since(apps, rule_set),
        published_by_name="Dealwright",
    )
    rule_set.published = published
    rule_set.save(update_fields=["published"])


def _since(apps: Any, rule_set: Any) -> Any:
    """When the set was last changed, as far as its record tells; the set in use after the others."""
    record = apps.get_model("deals", "HistoricalRuleSet")._base_manager
    of_version = record.filter(id=rule_set.pk, version=rule_set.version)
    first = of_version.order_by("history_date").values_list("history_date", flat=True).first()
    since = first or rule_set.created_at
    if not rule_set.is_active:
        return since
    versions = apps.get_model("deals", "RuleSetVersion")._base_manager
    others = versions.filter(workspace_id=rule_set.workspace_id)
    return max([since, *others.values_list("published_at", flat=True)])


def keep(apps: Any, schema_editor: Any) -> None:
    """Backwards: the rules stand in their rows, and the versions go with their table."""


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0009_webhook_calls"),
        ("workspaces", "0002_provider_credentials"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalrule",
            name="bit",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="historicalruleset",
            name="needs_second_person",
            field=models.BooleanField(
                default=False,
                help_text="What one person changed is published only when another one has approved it.",
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="bit",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ruleset",
            name="needs_second_person",
            field=models.BooleanField(
                default=False,
                help_text="What one person changed is published only when another one has approved it.",
            ),
        ),
        migrations.AlterField(
            model_name="historicalruleset",
            name="is_active",
            field=models.BooleanField(default=False, editable=False, verbose_name="in use"),
        ),
        migrations.AlterField(
            model_name="historicalruleset",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="ruleset",
            name="is_active",
            field=models.BooleanField(default=False, editable=False, verbose_name="in use"),
        ),
        migrations.AlterField(
            model_name="ruleset",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="HistoricalRuleProposal",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("history_actor", models.CharField(blank=True, max_length=150)),
                ("history_cause", models.UUIDField(null=True)),
                ("public_id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("created_at", models.DateTimeField(blank=True, editable=False)),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("note", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a second person"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("overtaken", "Overtaken"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_name", models.CharField(max_length=120)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=120)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("history_change_reason", models.CharField(max_length=150, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="deals.ruleset",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical rule proposal",
                "verbose_name_plural": "historical rule proposals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="RuleSetVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("note", models.CharField(max_length=500)),
                ("published_at", models.DateTimeField()),
                ("published_by_name", models.CharField(max_length=120)),
                ("approved_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "restores",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="deals.rulesetversion",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="deals.ruleset",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_manager_name": "across_workspaces",
            },
            managers=[
                ("across_workspaces", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="historicalruleset",
            name="published",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="deals.rulesetversion",
            ),
        ),
        migrations.AddField(
            model_name="historicalruleset",
            name="rescore_base",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="deals.rulesetversion",
            ),
        ),
        migrations.AddField(
            model_name="ruleset",
            name="published",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="deals.rulesetversion",
            ),
        ),
        migrations.AddField(
            model_name="ruleset",
            name="rescore_base",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="deals.rulesetversion",
            ),
        ),
        migrations.CreateModel(
            name="RuleProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("note", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a second person"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("overtaken", "Overtaken"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_name", models.CharField(max_length=120)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=120)),
                ("answer", models.CharField(blank=True, max_length=500)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="deals.ruleset",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_manager_name": "across_workspaces",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("rule_set",),
                        name="rule_proposal_one_waiting",
                    )
                ],
            },
            managers=[
                ("across_workspaces", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name="rulesetversion",
            index=models.Index(
                fields=["workspace", "-published_at"], name="rule_set_version_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="rulesetversion",
            constraint=models.UniqueConstraint(
                fields=("rule_set", "number"), name="rule_set_version_once"
            ),
        ),
        migrations.RunPython(publish_present, keep),
    ]

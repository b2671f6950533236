"""A workspace from before versions keeps its rules, its numbers and the meaning of its masks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.deals.models import RuleSet
from apps.deals.qualification.versions import digest_of, has_draft_changes, published_spec
from apps.events import append_only

BEFORE = ("deals", "0009_webhook_calls")


def migrate(*targets: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return MigrationExecutor(connection).loader.project_state(list(targets)).apps


def latest() -> list[tuple[str, str]]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes("deals")


@pytest.fixture
def old_apps(transactional_db: None) -> Any:
    append_only.remove(connection)
    yield migrate(BEFORE)
    migrate(*latest())
    append_only.install(connection)


def test_present_rules_become_the_published_version(old_apps: Any) -> None:
    workspace = old_apps.get_model("workspaces", "Workspace").objects.create(slug="x", name="X")
    sets = old_apps.get_model("deals", "RuleSet")._base_manager
    rules = old_apps.get_model("deals", "Rule")._base_manager
    conditions = old_apps.get_model("deals", "Condition")._base_manager
    of = {"workspace_id": workspace.pk}
    used = sets.create(name="Used", version=4, is_active=True, **of)
    resting = sets.create(name="Resting", version=2, is_active=False, **of)
    sets.filter(pk=used.pk).update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    for rule_set in (used, resting):
        for name, position, is_active in (("b", 2, True), ("off", 1, False), ("a", 1, True)):
            rule = rules.create(
                rule_set=rule_set, name=name, position=position, is_active=is_active, **of
            )
            conditions.create(rule=rule, metric="equity_pct", operator="gt", value="20%", **of)
    migrate(*latest())
    append_only.remove(connection)
    held = RuleSet.objects.in_workspace(workspace.pk).get(name="Used")
    version = held.published
    assert (held.version, version.number, version.note) == (
        4,
        4,
        "The rules in use when versions were introduced.",
    )
    assert version.digest == digest_of(version.content)
    assert [rule.name for rule in published_spec(held).rules] == ["a", "b"]
    assert published_spec(held).bits == (0, 1)
    assert not has_draft_changes(held)
    other = RuleSet.objects.in_workspace(workspace.pk).get(name="Resting")
    assert version.published_at >= other.published.published_at
    migrate(BEFORE)
    assert sets.get(pk=used.pk).version == 4
    migrate(*latest())
    assert RuleSet.objects.in_workspace(workspace.pk).get(name="Used").published.number == 4

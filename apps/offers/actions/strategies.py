"""Writing the strategies offers are priced by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.offers import StrategySaved
from apps.events.publish import publish, publish_many
from apps.offers.models import Strategy
from apps.workspaces.models import Workspace


@action
def save_strategy(
    *, workspace: Workspace, actor: Actor, strategy: Strategy, now: datetime
) -> Strategy:
    """Store a new or changed strategy; `version` grows when a value behind an offer changed.

    Offers already made keep the version they were made by. Raises ValueError for values no
    formula can work with.
    """
    strategy.terms()
    strategy.workspace = workspace
    stored = (
        Strategy.objects.in_workspace(workspace).select_for_update().filter(pk=strategy.pk).first()
    )
    if stored is not None:
        strategy.version = stored.version + int(strategy.values() != stored.values())
        if _same(stored, strategy):
            unchanged("nothing was changed")
            return strategy
    strategy.save()
    publish(_fact(strategy), workspace_id=workspace.pk, actor=actor, now=now)
    return strategy


@action
def install_strategies(
    *, workspace: Workspace, actor: Actor, shipped: Sequence[dict[str, Any]], now: datetime
) -> list[Strategy]:
    """Give a workspace the shipped strategies it does not have. Repeatable."""
    rows = Strategy.objects.in_workspace(workspace)
    known = set(rows.values_list("key", flat=True))
    wanted = [values for values in shipped if values["key"] not in known]
    if not wanted:
        unchanged("the workspace has them all")
        return []
    created = []
    for values in wanted:
        strategy = Strategy(workspace=workspace, **values)
        strategy.full_clean(exclude=["workspace"])
        strategy.save()
        created.append(strategy)
    facts = [_fact(strategy) for strategy in created]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return created


def _same(stored: Strategy, strategy: Strategy) -> bool:
    names = ("key", "name", "is_active", "version")
    return all(getattr(stored, name) == getattr(strategy, name) for name in names)


def _fact(strategy: Strategy) -> StrategySaved:
    return StrategySaved(
        subject=strategy.public_id,
        key=strategy.key,
        version=strategy.version,
        values={
            **strategy.values(),
            "name": strategy.name,
            "is_active": strategy.is_active,
        },
    )

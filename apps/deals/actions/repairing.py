"""Repairs reckoned room by room, and the unit costs behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import yaml
from django.conf import settings

from apps.deals.actions.moving import lock_deal
from apps.deals.models import Deal, RepairCost, RepairEstimate
from apps.deals.repairs.estimating import Estimate, EstimateRefused, Pick, estimate
from apps.deals.rules import business_day
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.valuing import RepairCostSaved, RepairCostsInstalled, RepairsEstimated
from apps.events.publish import publish
from apps.workspaces.models import Workspace

SHIPPED = settings.BASE_DIR / "fixtures" / "repairs" / "unit_costs.yaml"


@action
def install_repair_costs(*, workspace: Workspace, actor: Actor, now: datetime) -> int:
    """Give a workspace the shipped unit costs it does not have; returns how many. Repeatable."""
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    rows = RepairCost.objects.in_workspace(workspace)
    known = set(rows.values_list("key", flat=True))
    created = [
        RepairCost.objects.create(
            workspace=workspace,
            key=item["key"],
            group=item["group"],
            label=item["label"],
            unit=item["unit"],
            low_amount=Decimal(str(item["low"])),
            high_amount=Decimal(str(item["high"])),
            suggestion=item.get("suggest", ""),
            position=position,
        )
        for position, item in enumerate(shipped, start=1)
        if item["key"] not in known
    ]
    if not created:
        unchanged("the workspace has them all")
        return 0
    publish(
        RepairCostsInstalled(subject=workspace.public_id, keys=[row.key for row in created]),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return len(created)


@action
def save_repair_cost(
    *, workspace: Workspace, actor: Actor, cost: RepairCost, now: datetime
) -> RepairCost:
    """Store a unit cost. Estimates made before keep theirs. Raises EstimateRefused."""
    if cost.low_amount > cost.high_amount:
        raise EstimateRefused("The cost from must not be above the cost to.")
    cost.workspace = workspace
    cost.save()
    publish(
        RepairCostSaved(
            subject=cost.public_id,
            key=cost.key,
            low_amount=cost.low_amount,
            high_amount=cost.high_amount,
            is_active=cost.is_active,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return cost


@action
def estimate_repairs(
    *,
    workspace: Workspace,
    actor: Actor,
    deal: Deal,
    quantities: Mapping[str, Decimal],
    contingency_pct: Decimal,
    pick: Pick,
    now: datetime,
) -> RepairEstimate:
    """Keep an estimate and let the deal reckon with the picked figure of its range.

    Raises EstimateRefused, also when nothing has a quantity.
    """
    held = lock_deal(workspace, deal.public_id)
    reckoned = reckon_repairs(workspace, quantities, contingency_pct)
    if not reckoned.lines:
        raise EstimateRefused("Give at least one repair a quantity.")
    row = RepairEstimate.objects.create(
        workspace=workspace,
        deal=held,
        lines=_lines(reckoned),
        contingency_pct=contingency_pct,
        low_amount=reckoned.low_amount,
        high_amount=reckoned.high_amount,
        pick=pick.value,
        picked_amount=reckoned.picked(pick),
        made_by=actor.label,
        made_at=now,
    )
    day = business_day(now)
    held.repairs_amount = row.picked_amount
    held.repairs_source = f"room by room ({pick}), {actor.label}, {day:%b} {day.day}, {day.year}"[
        :80
    ]
    held.save(update_fields=["repairs_amount", "repairs_source"])
    publish(
        RepairsEstimated(
            subject=held.public_id,
            estimate=row.public_id,
            low_amount=row.low_amount,
            high_amount=row.high_amount,
            repairs_amount=row.picked_amount,
            lines=row.lines,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return row


def reckon_repairs(
    workspace: Workspace, quantities: Mapping[str, Decimal], contingency_pct: Decimal
) -> Estimate:
    """The estimate by today's unit costs; nothing is stored. Raises EstimateRefused."""
    rows = RepairCost.objects.in_workspace(workspace).filter(is_active=True)
    return estimate([row.unit_cost() for row in rows], quantities, contingency_pct)


def _lines(reckoned: Estimate) -> list[dict[str, Any]]:
    return [
        {
            "key": line.cost.key,
            "label": line.cost.label,
            "unit": line.cost.unit,
            "quantity": f"{line.quantity.normalize():f}",
            "low": str(line.cost.low),
            "high": str(line.cost.high),
        }
        for line in reckoned.lines
    ]

"""Reads of the repair estimator."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from apps.deals.models import Deal, Property, RepairCost, RepairEstimate
from apps.deals.repairs.estimating import Suggestion
from apps.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class RepairItem:
    """One repair on the form; `suggested` is what the house's own facts say, None for nothing."""

    cost: RepairCost
    quantity: Decimal | None
    suggested: Decimal | None


def list_repair_items(workspace: Workspace, deal: Deal) -> list[tuple[str, list[RepairItem]]]:
    """Active repairs by group, with the quantities of the deal's last estimate."""
    last = find_repair_estimate(workspace, deal)
    known = {line["key"]: Decimal(line["quantity"]) for line in last.lines} if last else {}
    rows = RepairCost.objects.in_workspace(workspace).filter(is_active=True)
    items = [
        RepairItem(row, known.get(row.key), suggested_quantity(row.suggestion, deal.property))
        for row in rows
    ]
    order = {name: at for at, name in enumerate(dict.fromkeys(i.cost.group for i in items))}
    items.sort(key=lambda item: order[item.cost.group])
    return [(name, list(group)) for name, group in groupby(items, key=lambda i: i.cost.group)]


def suggested_quantity(suggestion: str, home: Property) -> Decimal | None:
    if suggestion == Suggestion.ONE:
        return Decimal(1)
    value = getattr(home, suggestion) if suggestion else None
    return Decimal(value) if value else None


def find_repair_estimate(workspace: Workspace, deal: Deal) -> RepairEstimate | None:
    """The newest."""
    rows = RepairEstimate.objects.in_workspace(workspace).filter(deal=deal)
    return rows.order_by("-id").first()


def list_repair_estimates(workspace: Workspace, deal: Deal) -> list[RepairEstimate]:
    """The ten newest, newest first."""
    rows = RepairEstimate.objects.in_workspace(workspace).filter(deal=deal)
    return list(rows.order_by("-id")[:10])

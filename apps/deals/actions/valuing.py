"""Persons know better than lists: ARV and repairs by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from apps.deals.actions.moving import lock_deal
from apps.deals.models import Deal
from apps.deals.rules import business_day
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import DealValued
from apps.events.publish import publish
from apps.workspaces.models import Workspace

HIGHEST = Decimal("999999999.99")


class ValueRefused(ValueError):
    """ARV or repairs that cannot be."""


@action
def value_deal(
    *,
    workspace: Workspace,
    actor: Actor,
    deal: Deal,
    arv_amount: Decimal | None,
    repairs_amount: Decimal | None,
    now: datetime,
) -> Deal:
    """Set both by hand; None gives the estimate its place back. Raises ValueRefused."""
    if arv_amount is not None and not 0 < arv_amount <= HIGHEST:
        raise ValueRefused("An ARV must be above $0.")
    if repairs_amount is not None and not 0 <= repairs_amount <= HIGHEST:
        raise ValueRefused("Repairs cannot be below $0.")
    held = lock_deal(workspace, deal.public_id)
    if (held.arv_amount, held.repairs_amount) == (arv_amount, repairs_amount):
        unchanged("these values stand already")
        return held
    day = business_day(now)
    source = f"{actor.label}, {day:%b} {day.day}, {day.year}"[:80]
    if held.arv_amount != arv_amount:
        held.arv_amount = arv_amount
        held.arv_source = source if arv_amount is not None else ""
    if held.repairs_amount != repairs_amount:
        held.repairs_amount = repairs_amount
        held.repairs_source = source if repairs_amount is not None else ""
    held.save(update_fields=["arv_amount", "arv_source", "repairs_amount", "repairs_source"])
    publish(
        DealValued(subject=held.public_id, arv_amount=arv_amount, repairs_amount=repairs_amount),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held

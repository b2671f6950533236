"""Keeping an ARV reckoned from sales, putting it onto its deal, and the settings behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.deals.actions.moving import lock_deal
from apps.deals.actions.valuing import HIGHEST, ValueRefused
from apps.deals.comps.queries import Appraisal, appraise
from apps.deals.comps.rules import METHOD, SETTINGS
from apps.deals.comps.valuation import Comp
from apps.deals.models import ArvEstimate, CompPolicy, Deal
from apps.deals.rules import business_day
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.valuing import ArvAdopted, ArvEstimated, CompPolicySaved
from apps.events.publish import publish
from apps.workspaces.models import Workspace


@action
def estimate_arv(
    *,
    workspace: Workspace,
    actor: Actor,
    deal: Deal,
    now: datetime,
    picked: Sequence[UUID] | None = None,
) -> ArvEstimate:
    """Reckon the deal's ARV from comparable sales and keep it with everything it rests on.

    `picked` are public ids of sales a person chose. The deal's own ARV stays: see `use_arv`.
    """
    held = Deal.objects.in_workspace(workspace).select_related("property").get(pk=deal.pk)
    made = appraise(workspace, held.property, business_day(now), picked)
    value = made.value
    estimate = ArvEstimate.objects.create(
        workspace=workspace,
        deal=held,
        made_on=made.today,
        made_by=actor.label[:120],
        method=METHOD,
        amount=value.amount,
        low_amount=value.low,
        high_amount=value.high,
        confidence=value.confidence,
        reasons=[*made.notes, *value.reasons],
        comps=[comp_record(comp) for comp in value.comps],
        settings=_settings(made),
        is_picked=made.is_picked,
    )
    publish(
        ArvEstimated(
            subject=held.public_id,
            estimate=estimate.public_id,
            amount=value.amount,
            low_amount=value.low,
            high_amount=value.high,
            confidence=value.confidence,
            sales=[comp.likeness.sale.id for comp in value.used],
            is_picked=made.is_picked,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return estimate


@action
def use_arv(
    *, workspace: Workspace, actor: Actor, deal: Deal, estimate: ArvEstimate, now: datetime
) -> Deal:
    """Make an estimate the deal's ARV; the score follows. Raises ValueRefused."""
    if estimate.deal_id != deal.pk:
        raise ValueRefused("This estimate is of another deal.")
    if estimate.amount is None or not 0 < estimate.amount <= HIGHEST:
        raise ValueRefused("This estimate has no value: there were not enough sales.")
    held = lock_deal(workspace, deal.public_id)
    source = source_of_estimate(estimate)
    if (held.arv_amount, held.arv_source) == (estimate.amount, source):
        unchanged("this estimate is the deal's ARV already")
        return held
    held.arv_amount, held.arv_source = estimate.amount, source
    held.save(update_fields=["arv_amount", "arv_source"])
    publish(
        ArvAdopted(
            subject=held.public_id,
            estimate=estimate.public_id,
            arv_amount=estimate.amount,
            arv_source=source,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def save_comp_policy(
    *, workspace: Workspace, actor: Actor, policy: CompPolicy, now: datetime
) -> CompPolicy:
    """Store how sales are chosen and adjusted; estimates made before keep their own settings."""
    policy.workspace = workspace
    policy.save()
    publish(
        CompPolicySaved(
            subject=policy.public_id, values={name: getattr(policy, name) for name in SETTINGS}
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return policy


def source_of_estimate(estimate: ArvEstimate) -> str:
    """What the deal gives as its ARV's source."""
    count = sum(1 for comp in estimate.comps if not comp["left_out"])
    day = estimate.made_on
    kind = "picked" if estimate.is_picked else "comparable"
    noun = "sale" if count == 1 else "sales"
    return f"{count} {kind} {noun}, {day:%b} {day.day}, {day.year}"


def comp_record(comp: Comp) -> dict[str, Any]:
    """A sale of an estimate as it is kept: JSON values, money as text."""
    sale = comp.likeness.sale
    return {
        "sale": str(sale.id),
        "address": sale.address,
        "sold_on": sale.sold_on.isoformat(),
        "amount": str(sale.amount),
        "area": sale.house.area,
        "assessed": str(sale.house.assessed) if sale.house.assessed else None,
        "miles": round(comp.likeness.miles, 3),
        "similarity": comp.likeness.similarity,
        "adjustments": [
            {"name": line.name, "amount": str(line.amount), "reason": line.reason}
            for line in comp.adjustments
        ],
        "adjusted": str(comp.adjusted),
        "left_out": comp.left_out,
        "source": sale.source,
    }


def _settings(made: Appraisal) -> dict[str, Any]:
    criteria = {
        "age_days": made.criteria.age_days,
        "miles": made.criteria.miles,
        "area_share": made.criteria.area_share,
        "widened": list(made.criteria.widened),
    }
    return {**asdict(made.policy), "criteria": criteria}

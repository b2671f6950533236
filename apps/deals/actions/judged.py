"""What follows from judgements that moved: the step from new to qualified, and the facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from apps.common.lookups import Many
from apps.deals.actions.moving import get_stage
from apps.deals.models import Deal, RuleSet, Stage
from apps.deals.qualification.scoring import ScoreChange
from apps.deals.qualification.types import Verdict
from apps.deals.rules import next_stage
from apps.deals.sentences import QUALIFIED_REASON
from apps.events.actions import Actor
from apps.events.catalog.deals import DealScored
from apps.events.history import record_bulk
from apps.workspaces.models import Workspace


def tell_changes(
    workspace: Workspace,
    rule_set: RuleSet,
    changes: Sequence[ScoreChange],
    actor: Actor,
    now: datetime,
) -> list[DealScored]:
    """One fact per change, to be published by the caller; deals that now qualify move on."""
    if not changes:
        return []
    rising = [c.deal_id for c in changes if c.verdict == Verdict.QUALIFIED != c.previous_verdict]
    came_from = _move(workspace, rising, actor, now) if rising else {}
    rows = Deal.objects.in_workspace(workspace)
    known = {
        pk: (public_id, seller)
        for pk, public_id, seller in rows.filter(
            pk__any_of=Many(change.deal_id for change in changes)
        ).values_list("pk", "public_id", "seller__public_id")
    }
    return [
        DealScored(
            subject=known[change.deal_id][0],
            score=change.score,
            verdict=change.verdict,
            coverage=change.coverage,
            rule_set=rule_set.public_id,
            rule_set_version=rule_set.version,
            previous_verdict=change.previous_verdict,
            from_stage=came_from.get(change.deal_id, ""),
            to_stage=Stage.Kind.QUALIFIED.value if change.deal_id in came_from else "",
            seller=known[change.deal_id][1],
            pass_mask=change.pass_mask,
            unknown_mask=change.unknown_mask,
        )
        for change in changes
    ]


def _move(
    workspace: Workspace, rising: Sequence[int], actor: Actor, now: datetime
) -> dict[int, str]:
    """Those who stood before the stage of the qualified, with the kind of stage they left."""
    rows = Deal.objects.in_workspace(workspace)
    locked = (
        rows.filter(pk__any_of=Many(rising))
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .values_list("pk", "stage__kind")
    )
    moved = {pk: kind for pk, kind in locked if next_stage(kind, Stage.Kind.QUALIFIED) is not None}
    if moved:
        rows.filter(pk__any_of=Many(moved)).update(
            stage=get_stage(workspace, Stage.Kind.QUALIFIED), stage_entered_at=now
        )
        record_bulk(Deal, list(moved), kind="~", reason=QUALIFIED_REASON, actor=actor, now=now)
    return moved

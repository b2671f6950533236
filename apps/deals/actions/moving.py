"""Stages and the person in charge."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.deals.models import Deal, Stage
from apps.deals.rules import next_stage, status_of
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import DealAssigned, DealMoved
from apps.events.publish import publish
from apps.workspaces.models import Membership, User, Workspace


class StageMissing(LookupError):
    """The workspace has no stage of that kind."""


class DealNotMovable(ValueError):
    """A person moved a deal without saying why, or to a foreign stage."""


class AssigneeNotMember(ValueError):
    """The user does not belong to the workspace."""


def get_stage(workspace: Workspace, kind: str) -> Stage:
    """Raises StageMissing."""
    stage = Stage.objects.in_workspace(workspace).filter(kind=kind).first()
    if stage is None:
        raise StageMissing(f"The workspace has no stage of the kind “{kind}”.")
    return stage


@action
def move_deal(
    *, workspace: Workspace, actor: Actor, deal: Deal, to: Stage, reason: str, now: datetime
) -> Deal:
    """A person puts a deal into any stage and says why. Raises DealNotMovable."""
    if to.workspace_id != workspace.pk:
        raise DealNotMovable("That stage belongs to another workspace.")
    if not reason.strip():
        raise DealNotMovable("Say why the deal moves; the timeline keeps it.")
    held = lock_deal(workspace, deal.public_id)
    if held.stage_id == to.pk:
        unchanged("the deal stands there already")
        return held
    return _move(held, to, reason.strip()[:200], actor, now)


@action
def advance_deal(
    *, workspace: Workspace, actor: Actor, deal: UUID, kind: str, reason: str, now: datetime
) -> None:
    """What happened carries a deal forward to the stage of `kind`; never back, never out of dead.

    A deal that is gone or further on stays as it is. Raises StageMissing.
    """
    held = find_locked_deal(workspace, deal)
    if held is None or next_stage(held.stage.kind, kind) is None:
        unchanged("the deal is there or further")
        return
    _move(held, get_stage(workspace, kind), reason, actor, now)


@action
def assign_deal(
    *, workspace: Workspace, actor: Actor, deal: Deal, user: User | None, now: datetime
) -> Deal:
    """Give a deal its person, or nobody. Raises AssigneeNotMember."""
    if user and not Membership.objects.filter(workspace=workspace, user=user).exists():
        raise AssigneeNotMember("That person does not belong to this workspace.")
    held = lock_deal(workspace, deal.public_id)
    if held.assigned_to_id == (user.pk if user else None):
        unchanged("the deal has this person already")
        return held
    held.assigned_to = user
    held.save(update_fields=["assigned_to"])
    publish(
        DealAssigned(subject=held.public_id, user_id=user.pk if user else None),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


def lock_deal(workspace: Workspace, public_id: UUID) -> Deal:
    """The deal's row, locked until the action ends. Raises Deal.DoesNotExist."""
    held = find_locked_deal(workspace, public_id)
    if held is None:
        raise Deal.DoesNotExist
    return held


def find_locked_deal(workspace: Workspace, public_id: UUID) -> Deal | None:
    # Without its stage: a join by the stage it had loses the row if that changes while we wait.
    rows = Deal.objects.in_workspace(workspace).select_for_update(no_key=True)
    return rows.filter(public_id=public_id).first()


def _move(deal: Deal, to: Stage, reason: str, actor: Actor, now: datetime) -> Deal:
    before = deal.stage.kind
    deal.stage = to
    deal.status = status_of(to.kind)
    deal.stage_entered_at = now
    deal.save(update_fields=["stage", "status", "stage_entered_at"])
    publish(
        DealMoved(
            subject=deal.public_id,
            from_stage=before,
            to_stage=to.kind,
            status=deal.status,
            reason=reason,
        ),
        workspace_id=deal.workspace_id,
        actor=actor,
        now=now,
    )
    return deal

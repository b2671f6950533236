"""Rules that wait for a second person."""

from __future__ import annotations

from datetime import datetime

from apps.deals.actions.in_force import (
    PublishRefused,
    Signature,
    clean_note,
    lock_rule_sets,
    put_in_force,
    settle_usable,
)
from apps.deals.actions.publishing import seen_draft, tell_published
from apps.deals.models import RuleProposal, RuleSet, RuleSetVersion
from apps.deals.qualification.versions import content_of, digest_of, published_bits, row_of
from apps.events.actions import Actor, action
from apps.events.catalog.rules import RuleProposalClosed, RuleSetProposed
from apps.events.publish import publish
from apps.workspaces.models import Workspace

State = RuleProposal.State


@action
def propose_rule_set(
    *,
    workspace: Workspace,
    actor: Actor,
    rule_set: RuleSet,
    note: str,
    seen_digest: str,
    now: datetime,
) -> RuleProposal:
    """Ask another person to publish the draft as it stands; later changes of it are not in.

    One proposal of a set waits at a time. Raises PublishRefused.
    """
    reason = clean_note(note)
    held = lock_rule_sets(workspace, rule_set)
    row = seen_draft(held, seen_digest)
    if _waiting(held) is not None:
        raise PublishRefused(
            "Changes of these rules wait for approval already. Withdraw them first, "
            "or have them decided."
        )
    content = content_of(settle_usable(row, published_bits(held)))
    proposal = RuleProposal.objects.create(
        workspace=workspace,
        rule_set=held,
        content=content,
        digest=digest_of(content),
        note=reason,
        proposed_at=now,
        proposed_by_id=actor.user_id,
        proposed_by_name=actor.label,
    )
    publish(
        RuleSetProposed(
            subject=held.public_id,
            set_name=content["name"],
            proposal=proposal.public_id,
            content=content,
            digest=proposal.digest,
            note=reason,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return proposal


def _waiting(rule_set: RuleSet) -> RuleProposal | None:
    rows = RuleProposal.objects.in_workspace(rule_set.workspace_id).filter(rule_set=rule_set)
    return rows.filter(state=State.WAITING).first()


@action
def approve_proposal(
    *, workspace: Workspace, actor: Actor, proposal: RuleProposal, now: datetime
) -> RuleSetVersion:
    """Publish exactly what was proposed. Raises PublishRefused, also for the proposer."""
    held, waiting = _lock(workspace, proposal)
    if actor.user_id is None or actor.user_id == waiting.proposed_by_id:
        raise PublishRefused(
            "You proposed these rules yourself; another owner or admin has to approve them."
        )
    signature = Signature(
        note=waiting.note,
        by=waiting.proposed_by_id,
        by_name=waiting.proposed_by_name,
        approved_by=actor.user_id,
        approved_by_name=actor.label,
    )
    _decide(waiting, State.APPROVED, actor, "", now)
    version = put_in_force(held, row_of(waiting.content), signature, now=now)
    tell_published(version, actor, now, proposal=waiting)
    return version


@action
def decline_proposal(
    *, workspace: Workspace, actor: Actor, proposal: RuleProposal, reason: str, now: datetime
) -> RuleProposal:
    """Close it unpublished: declined with a reason, or withdrawn by the one who proposed it.

    The draft stays. Raises PublishRefused.
    """
    held, waiting = _lock(workspace, proposal)
    is_own = actor.user_id is not None and actor.user_id == waiting.proposed_by_id
    answer = " ".join(reason.split())[:500]
    if not is_own and not answer:
        raise PublishRefused("Say in a sentence why you decline; the one who proposed it reads it.")
    _decide(waiting, State.WITHDRAWN if is_own else State.DECLINED, actor, answer, now)
    publish(
        RuleProposalClosed(
            subject=held.public_id,
            set_name=waiting.content["name"],
            proposal=waiting.public_id,
            outcome=waiting.state,
            reason=answer,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return waiting


def _lock(workspace: Workspace, proposal: RuleProposal) -> tuple[RuleSet, RuleProposal]:
    held = lock_rule_sets(workspace, proposal.rule_set)
    waiting = RuleProposal.objects.in_workspace(workspace).get(pk=proposal.pk)
    if waiting.state != State.WAITING:
        state = waiting.get_state_display().lower()
        raise PublishRefused(f"This was decided already: {state}. Nothing was changed.")
    return held, waiting


def _decide(proposal: RuleProposal, state: str, actor: Actor, answer: str, now: datetime) -> None:
    proposal.state = state
    proposal.decided_at = now
    proposal.decided_by_name = actor.label
    proposal.answer = answer
    proposal.save()

"""From draft to published version, and back to an older one."""

from __future__ import annotations

from datetime import datetime

from apps.deals.actions.in_force import (
    PublishRefused,
    Signature,
    clean_note,
    follow,
    lock_rule_sets,
    put_in_force,
)
from apps.deals.models import RuleProposal, RuleSet, RuleSetVersion
from apps.deals.qualification.rows import draft_row, needs_second_person
from apps.deals.qualification.shipped import RuleSetRow
from apps.deals.qualification.versions import (
    draft_digest,
    find_version,
    has_draft_changes,
    row_of,
)
from apps.events.actions import Actor, action
from apps.events.catalog.rules import RuleSetPublished
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class SecondPersonNeeded(PublishRefused):
    """The set is published only after another person approved it."""


def seen_draft(rule_set: RuleSet, seen_digest: str) -> RuleSetRow:
    """The draft of a held set, if it is what the person saw and says something new.

    Raises PublishRefused.
    """
    try:
        seen_now = draft_digest(rule_set)
    except ValueError as error:
        raise PublishRefused(f"These rules cannot judge a deal. {error}") from error
    if seen_now != seen_digest:
        raise PublishRefused(
            "The draft or the published version changed after you looked, so nothing was "
            "published. Look at the changes and their impact again."
        )
    if rule_set.is_active and not has_draft_changes(rule_set):
        raise PublishRefused(
            f"The draft says the same as version {rule_set.version}, which is in use. "
            "There is nothing to publish."
        )
    return draft_row(rule_set)


@action
def publish_rule_set(
    *,
    workspace: Workspace,
    actor: Actor,
    rule_set: RuleSet,
    note: str,
    seen_digest: str,
    now: datetime,
) -> RuleSetVersion:
    """Take the draft into use as the next version; every deal is judged anew in the background.

    `seen_digest` is the `draft_digest` of what the person looked at. Raises
    PublishRefused, and SecondPersonNeeded where another one has to approve.
    """
    reason = clean_note(note)
    held = lock_rule_sets(workspace, rule_set)
    if needs_second_person(held):
        raise SecondPersonNeeded(
            "These rules are published only after a second person approved them. "
            "Ask for approval instead."
        )
    row = seen_draft(held, seen_digest)
    version = put_in_force(held, row, Signature.of(actor, reason), now=now)
    tell_published(version, actor, now)
    return version


@action
def roll_back_rule_set(
    *, workspace: Workspace, actor: Actor, rule_set: RuleSet, to: int, note: str, now: datetime
) -> RuleSetVersion:
    """Take what version `to` said into use again, as a new version.

    It needs no second person: it only brings back what was published before. The draft follows
    unless it holds changes that were never published; those stay. Raises PublishRefused.
    """
    reason = clean_note(note)
    held = lock_rule_sets(workspace, rule_set)
    target = find_version(held, to)
    if target is None:
        raise PublishRefused(f"“{held.name}” has no version {to}.")
    row = row_of(target.content)
    if held.is_active and held.published and row == row_of(held.published.content):
        raise PublishRefused(
            f"Version {to} says the same as version {held.version}, which is in use. "
            "There is nothing to roll back."
        )
    keeps_draft = has_draft_changes(held)
    version = put_in_force(held, row, Signature.of(actor, reason), now=now, restores=target)
    if not keeps_draft:
        follow(held, row_of(version.content))
    tell_published(version, actor, now)
    return version


def tell_published(
    version: RuleSetVersion, actor: Actor, now: datetime, *, proposal: RuleProposal | None = None
) -> None:
    publish(
        RuleSetPublished(
            subject=version.rule_set.public_id,
            set_name=version.content["name"],
            version=version.number,
            content=version.content,
            digest=version.digest,
            note=version.note,
            restores=version.restores.number if version.restores else None,
            proposal=proposal.public_id if proposal else None,
            proposed_by=proposal.proposed_by_name if proposal else "",
            approved_by=version.approved_by_name,
        ),
        workspace_id=version.workspace_id,
        actor=actor,
        now=now,
    )

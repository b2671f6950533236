"""Looking for contacts that may be one, and what a person says of a pair."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.contacts.matching import Match, block, compare
from apps.contacts.models import Contact, MergeSuggestion
from apps.contacts.queries.duplicates import find_similar, load_identities
from apps.contacts.rules import SUGGEST_FROM, is_new_evidence
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import MergeDismissed, MergeSuggested
from apps.events.history import actor_text
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Workspace

_State = MergeSuggestion.State


@action
def suggest_merges(
    *, workspace: Workspace, actor: Actor, contact_ids: Sequence[int], now: datetime
) -> list[MergeSuggestion]:
    """Compare these contacts with all that share something; returns what is new to look at.

    A pair somebody dismissed comes back only with evidence they did not see. Repeatable; contacts
    another process is comparing are left to it.
    """
    rows = Contact.objects.in_workspace(workspace).filter(pk__in=contact_ids)
    held = rows.filter(compared_at__isnull=True).select_for_update(skip_locked=True, of=("self",))
    mine = set(held.order_by("pk").values_list("pk", flat=True))
    found = _matches(workspace, mine)
    Contact.objects.in_workspace(workspace).filter(pk__in=mine).update(compared_at=now)
    fresh = _store(workspace, found, now)
    if not fresh:
        unchanged("nobody new looks like one of these")
        return []
    facts = [
        MergeSuggested(
            subject=row.first.public_id,
            other=row.second.public_id,
            suggestion=row.public_id,
            score=row.score,
            supports=row.supports,
        )
        for row in fresh
    ]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return fresh


def _matches(workspace: Workspace, mine: set[int]) -> dict[tuple[int, int], Match]:
    people = load_identities(workspace, mine | find_similar(workspace, mine))
    pairs = {(min(pair), max(pair)) for pair in block(people) if pair[0] in mine or pair[1] in mine}
    scored = {pair: compare(people[pair[0]], people[pair[1]]) for pair in pairs}
    return {pair: match for pair, match in scored.items() if match.score >= SUGGEST_FROM}


def _store(
    workspace: Workspace, found: dict[tuple[int, int], Match], now: datetime
) -> list[MergeSuggestion]:
    """Rows that became open now; an open one only learns the newer score."""
    standing = MergeSuggestion.objects.in_workspace(workspace).filter(
        first__in={pair[0] for pair in found}, second__in={pair[1] for pair in found}
    )
    known = {(row.first_id, row.second_id): row for row in standing.select_for_update()}
    fresh = []
    for pair, match in sorted(found.items()):
        row = known.get(pair)
        if row is None:
            row = MergeSuggestion(workspace=workspace, first_id=pair[0], second_id=pair[1])
        elif row.state != _State.OPEN and not is_new_evidence(match.supports, row.supports):
            continue
        if row.pk is None or row.state != _State.OPEN:
            fresh.append(row)
            row.found_at, row.decided_at, row.decided_by = now, None, ""
        row.state = _State.OPEN
        row.score = Decimal(str(match.score))
        row.supports, row.objections = list(match.supports), list(match.objections)
        row.save()
    return fresh


@action
def dismiss_suggestion(
    *, workspace: Workspace, actor: Actor, suggestion_id: UUID, now: datetime
) -> MergeSuggestion:
    """Not the same person. Repeatable. Raises MergeSuggestion.DoesNotExist."""
    rows = MergeSuggestion.objects.in_workspace(workspace).select_for_update(of=("self",))
    row = rows.select_related("first", "second").get(public_id=suggestion_id)
    if row.state != _State.OPEN:
        unchanged("somebody decided on this pair already")
        return row
    row.state, row.decided_at, row.decided_by = _State.DISMISSED, now, actor_text(actor)
    row.save(update_fields=["state", "decided_at", "decided_by"])
    publish(
        MergeDismissed(
            subject=row.first.public_id, other=row.second.public_id, suggestion=row.public_id
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return row


@action
def compare_again(*, workspace: Workspace, actor: Actor, contact_id: UUID, now: datetime) -> None:
    """The contact changed: a sweep looks for duplicates. Leaves no fact, only the due row."""
    rows = Contact.objects.in_workspace(workspace).filter(public_id=contact_id)
    rows.update(compared_at=None)
    unchanged("what is due is a row")

"""What the guard stopped, and what it would have stopped outside the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.analytics.rules import first_sentence
from apps.analytics.types import HeldMessage
from apps.channels.models import Decision
from apps.contacts.models import Contact
from apps.events.catalog.channels import MessageBlocked, MessageClaimed, MessageDeferred
from apps.events.queries import StoredFact, list_facts
from apps.workspaces.models import Workspace

# How many facts are looked through: a message put off again and again counts once.
LOOK_BACK = 30


def list_held(workspace: Workspace, *, since: datetime, limit: int = 6) -> list[HeldMessage]:
    """The guard's latest refusals and delays since `since`, in its own words.

    After them come messages a sandbox let through and a live connection would have held.
    """
    held = _latest(workspace, (MessageBlocked.name, MessageDeferred.name), since)
    sent = _latest(workspace, (MessageClaimed.name,), since)
    advisory = [fact for fact in sent if fact.payload["decision"]["live_verdict"] != "allow"]
    facts = (held + advisory)[:limit]
    people = _names(workspace, [UUID(fact.payload["contact"]) for fact in facts])
    decisions = _decisions(workspace, [_decision(fact) for fact in facts])
    return [_held(fact, people, decisions) for fact in facts]


def _latest(workspace: Workspace, names: tuple[str, ...], since: datetime) -> list[StoredFact]:
    """The newest fact of each message, newest first."""
    facts = list_facts(workspace.pk, names=names, since=since, limit=LOOK_BACK)
    return list({fact.subject: fact for fact in reversed(facts)}.values())[::-1]


def _held(
    fact: StoredFact, people: dict[UUID, str], decisions: dict[UUID, Decision]
) -> HeldMessage:
    is_advisory = fact.name == MessageClaimed.name
    decision = decisions.get(_decision(fact))
    until = fact.payload["decision"]["live_until"] if is_advisory else fact.payload.get("until")
    reasons = (decision.live_reasons if is_advisory else decision.reasons) if decision else []
    return HeldMessage(
        channel=fact.payload["channel"],
        name=people.get(UUID(fact.payload["contact"]), "Someone"),
        deal_id=fact.deal,
        at=fact.occurred_at,
        until=datetime.fromisoformat(until) if until else None,
        why=first_sentence(reasons),
        is_advisory=is_advisory,
    )


def _decision(fact: StoredFact) -> UUID:
    return UUID(fact.payload["decision"]["id"])


def _names(workspace: Workspace, contacts: Sequence[UUID]) -> dict[UUID, str]:
    if not contacts:
        return {}
    rows = Contact.objects.in_workspace(workspace).filter(public_id__in=contacts)
    return dict(rows.values_list("public_id", "name"))


def _decisions(workspace: Workspace, ids: Sequence[UUID]) -> dict[UUID, Decision]:
    """Facts carry the codes of reasons only; the sentences stand in the stored decisions."""
    if not ids:
        return {}
    rows = Decision.objects.in_workspace(workspace).filter(public_id__in=ids)
    return {row.public_id: row for row in rows}

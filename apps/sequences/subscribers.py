"""What the rest of the house says that moves a follow-up on, or ends it."""

from __future__ import annotations

import logging
from typing import Any

from apps.contacts.queries import get_contact
from apps.deals.queries import get_deal
from apps.events.actions import Actor
from apps.events.catalog.channels import (
    MessageAccepted,
    MessageBlocked,
    MessageCanceled,
    MessageFailed,
    MessageParked,
    SuppressionAdded,
)
from apps.events.catalog.contacts import (
    ContactResponded,
    ContactsMerged,
    ContactsUnmerged,
    PhoneMarked,
)
from apps.events.catalog.deals import DealMoved
from apps.events.catalog.offers import OfferAccepted, OfferMade
from apps.events.catalog.workspaces import WorkspaceCreated
from apps.events.registry import Received, subscribe
from apps.sequences.actions import (
    CannotEnroll,
    enroll_contact,
    load_sequences,
    reassign_enrollments,
    schedule_next_step,
    stop_enrollments,
)
from apps.sequences.queries import (
    by_key,
    find_triggered_sequence,
    guard_sentence,
    is_reachable,
)
from apps.sequences.types import Settlement, StopReason, Trigger
from apps.workspaces.models import Workspace
from apps.workspaces.queries import get_workspace_by_id

log = logging.getLogger(__name__)
# A bounce or a wrong number closes one address; the person may still be reached at another.
OF_THE_PERSON = frozenset({"opt_out", "complaint", "carrier", "manual"})
BY_INTENT = {"stop": StopReason.OPTED_OUT, "wrong_number": StopReason.DEAD_NUMBER}
SETTLEMENTS: dict[type, Settlement] = {
    MessageAccepted: Settlement.ACCEPTED,
    MessageBlocked: Settlement.BLOCKED,
    MessageFailed: Settlement.FAILED,
    MessageCanceled: Settlement.CANCELED,
    MessageParked: Settlement.PARKED,
}


@subscribe(*SETTLEMENTS, name="sequences.schedule_next_step")
def on_message_settled(event: Received[Any]) -> None:
    if event.fact.purpose != "sequence":
        return
    workspace = get_workspace_by_id(event.workspace_id)
    schedule_next_step(
        workspace=workspace,
        actor=Actor.system("sequences.schedule_next_step"),
        message_key=event.fact.idempotency_key,
        settlement=SETTLEMENTS[type(event.fact)],
        reason=_reason(workspace, event.fact),
        now=event.occurred_at,
    )


def _reason(workspace: Workspace, fact: Any) -> str:
    """The sentence a person should read beside the step; empty when it simply went out."""
    if isinstance(fact, MessageBlocked):
        return guard_sentence(by_key(workspace, fact.contact).get(fact.idempotency_key))
    if isinstance(fact, MessageFailed):
        return fact.error_text or fact.error_code
    return getattr(fact, "reason", "")


@subscribe(ContactResponded, name="sequences.stop_on_response")
def on_response(event: Received[ContactResponded]) -> None:
    reason = BY_INTENT.get(event.fact.intent, StopReason.REPLIED)
    _stop(event, reason, contact=event.fact.subject)


@subscribe(SuppressionAdded, name="sequences.stop_on_suppression")
def on_suppression(event: Received[SuppressionAdded]) -> None:
    if event.fact.contact is not None and event.fact.reason in OF_THE_PERSON:
        _stop(event, StopReason.OPTED_OUT, contact=event.fact.contact)


@subscribe(OfferAccepted, name="sequences.stop_on_acceptance")
def on_acceptance(event: Received[OfferAccepted]) -> None:
    _stop(event, StopReason.OFFER_ACCEPTED, deal=event.fact.deal)


@subscribe(DealMoved, name="sequences.stop_on_dead_deal")
def on_deal_moved(event: Received[DealMoved]) -> None:
    if event.fact.to_stage == "dead":
        _stop(event, StopReason.DEAL_DEAD, deal=event.fact.subject)


@subscribe(PhoneMarked, name="sequences.stop_when_unreachable")
def on_phone_marked(event: Received[PhoneMarked]) -> None:
    workspace = get_workspace_by_id(event.workspace_id)
    if not is_reachable(workspace, get_contact(workspace, event.fact.subject)):
        _stop(event, StopReason.DEAD_NUMBER, contact=event.fact.subject)


def _stop(event: Received[Any], reason: StopReason, **whom: Any) -> None:
    stop_enrollments(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system(f"sequences.stop_{reason}"),
        reason=reason,
        now=event.occurred_at,
        **whom,
    )


@subscribe(OfferMade, name="sequences.start_on_offer")
def on_offer_made(event: Received[OfferMade]) -> None:
    """Enroll the seller where an admin made a sequence start by itself."""
    workspace = get_workspace_by_id(event.workspace_id)
    sequence = find_triggered_sequence(workspace, Trigger.OFFER_MADE)
    if sequence is None:
        return
    try:
        enroll_contact(
            workspace=workspace,
            actor=Actor.system("sequences.start_on_offer"),
            sequence=sequence,
            deal=get_deal(workspace, event.fact.deal),
            contact=get_contact(workspace, event.fact.seller),
            now=event.occurred_at,
        )
    except CannotEnroll as refusal:
        # No address or an opt-out is no failure of the fact: nothing to retry.
        log.info("offer %s starts no follow-up: %s", event.fact.subject, refusal)


@subscribe(WorkspaceCreated, name="sequences.load_shipped")
def on_workspace_created(event: Received[WorkspaceCreated]) -> None:
    load_sequences(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("sequences.load_shipped"),
        now=event.occurred_at,
    )


@subscribe(ContactsMerged, ContactsUnmerged, name="sequences.reassign_enrollments")
def on_contacts_merged(event: Received[ContactsMerged | ContactsUnmerged]) -> None:
    reassign_enrollments(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("sequences.reassign_enrollments"),
        merge_id=event.fact.merge,
        now=event.occurred_at,
    )

"""Somebody wrote to us. The refusal is in force when this commits, not a task later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.channels.actions.suppressing import add_suppression, last_start
from apps.channels.addresses import normalize_address
from apps.channels.aliases import current_ref
from apps.channels.locks import lock_recipient
from apps.channels.models import Consent, InboundMessage, Message, RawCall, Suppression
from apps.channels.registry import find_contact
from apps.channels.rules.optout import classify
from apps.channels.types import ConsentBasis, InboundCall, Intent, SuppressionKind
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import MessageReceived
from apps.events.publish import publish
from apps.workspaces.models import Workspace


@action
def receive_message(
    *, workspace: Workspace, actor: Actor, call: InboundCall, now: datetime
) -> InboundMessage:
    """Store a verified call and the message in it; the same call again changes nothing.

    STOP refuses for the number and for the person in this transaction; START re-opens the number
    it came from, and no other; "wrong number" closes the number.
    """
    raw = _stored(workspace, call, now)
    if raw is None:
        unchanged("this call was received already")
        return _received(workspace, call)
    address = normalize_address(call.channel, call.from_address)
    answered = _last_sent(workspace, address)
    contact_ref = answered.contact_ref if answered else find_contact(workspace.pk, address)
    contact_ref = current_ref(workspace, contact_ref) if contact_ref else None
    lock_recipient(workspace, contact_ref, address)
    message = InboundMessage.objects.create(
        workspace=workspace,
        raw_call=raw,
        channel=call.channel,
        from_address=address,
        to_address=normalize_address(call.channel, call.to_address),
        body=call.body,
        intent=classify(call.body),
        contact_ref=contact_ref,
        deal_ref=answered.deal_ref if answered else None,
        in_reply_to=answered,
        received_at=now,
    )
    _obey(workspace, message, now)
    _announce(message, actor, now)
    return message


def _stored(workspace: Workspace, call: InboundCall, now: datetime) -> RawCall | None:
    """The call's row, or None when the same call is there already."""
    fresh = RawCall(
        workspace=workspace,
        provider=call.provider,
        kind="inbound",
        external_id=call.external_id,
        payload=dict(call.raw),
        received_at=now,
    )
    RawCall.objects.bulk_create([fresh], ignore_conflicts=True)
    rows = RawCall.objects.in_workspace(workspace)
    kept: RawCall = rows.get(provider=call.provider, external_id=call.external_id)
    return kept if kept.public_id == fresh.public_id else None


def _received(workspace: Workspace, call: InboundCall) -> InboundMessage:
    rows = InboundMessage.objects.in_workspace(workspace)
    message: InboundMessage = rows.get(
        raw_call__provider=call.provider, raw_call__external_id=call.external_id
    )
    return message


def _last_sent(workspace: Workspace, address: str) -> Message | None:
    """What an answer from this address answers: the last thing that went there."""
    rows = Message.objects.in_workspace(workspace).filter(to_address=address)
    message: Message | None = rows.filter(claimed_at__isnull=False).order_by("-claimed_at").first()
    return message


def _obey(workspace: Workspace, message: InboundMessage, now: datetime) -> None:
    kinds = {
        Intent.STOP: SuppressionKind.OPT_OUT,
        Intent.WRONG_NUMBER: SuppressionKind.WRONG_NUMBER,
    }
    kind = kinds.get(Intent(message.intent))
    contact, address = message.contact_ref, message.from_address
    if kind is not None:
        add_suppression(workspace, kind, contact, address, message.body, now, message.public_id)
    if kind == SuppressionKind.OPT_OUT and contact:
        reopened_at = last_start(workspace, contact)
        add_suppression(
            workspace, kind, contact, "", message.body, now, message.public_id, reopened_at
        )
    if message.intent == Intent.START:
        _reopen(workspace, message, now)


def _reopen(workspace: Workspace, message: InboundMessage, now: datetime) -> None:
    """Lift the number's own opt-out; the person's stays, outweighed for this number alone."""
    rows = Suppression.objects.in_workspace(workspace).filter(
        kind=SuppressionKind.OPT_OUT, address=message.from_address, lifted_at__isnull=True
    )
    for row in rows:
        row.lifted_at = now
        row.save()
    if message.contact_ref:
        evidence: dict[str, Any] = {
            "text_shown": message.body,
            "source_url": f"inbound:{message.public_id}",
        }
        Consent.objects.create(
            workspace=workspace,
            contact_ref=message.contact_ref,
            address=message.from_address,
            basis=ConsentBasis.START_WORD,
            channels=[message.channel],
            seller_name=workspace.name,
            recorded_by="the seller's own message",
            given_at=now,
            **evidence,
        )


def _announce(message: InboundMessage, actor: Actor, now: datetime) -> None:
    publish(
        MessageReceived(
            subject=message.public_id,
            contact=message.contact_ref,
            deal=message.deal_ref,
            channel=message.channel,
            from_address=message.from_address,
            body=message.body,
            intent=message.intent,
        ),
        workspace_id=message.workspace_id,
        actor=actor,
        now=now,
    )

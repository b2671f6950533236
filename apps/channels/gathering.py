"""Reading everything the guard may look at, inside the sending transaction."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from apps.channels import registry
from apps.channels.models import Consent, InboundMessage, Message, SendingPolicy, Suppression
from apps.channels.providers.registry import has_provider
from apps.channels.providers.sandbox import SandboxProvider
from apps.channels.queries.people import (
    consent_facts,
    standing_suppressions,
    suppression_facts,
)
from apps.channels.rules import content, guard, windows
from apps.channels.rules.tables import DAY
from apps.channels.types import (
    Attempt,
    Channel,
    ConnectionFacts,
    Policy,
    Purpose,
    SenderFacts,
    SentFact,
)
from apps.workspaces.models import Connection, Workspace

# States in which the other side may have got the message.
_OUT = ("sending", "unknown", "accepted", "delivered")
_NO_INQUIRY = ("stop", "wrong_number")


def attempt_for(
    message: Message, workspace: Workspace, connection: Connection | None, now: datetime
) -> Attempt:
    """The facts about one message at `now`, its body already completed as the law wants."""
    earlier = _earlier(message)
    is_first = not earlier.filter(channel=message.channel).exists()
    refusals = standing_suppressions(workspace, message.contact_ref, message.to_address)
    consents = Consent.objects.in_workspace(workspace).filter(contact_ref=message.contact_ref)
    sender = SenderFacts(workspace.name, workspace.legal_address)
    channel = Channel(message.channel)
    body = message.body
    if message.purpose != Purpose.OPT_OUT_CONFIRMATION:
        body = content.completed(channel, body, sender, is_first)
    return Attempt(
        channel=channel,
        purpose=Purpose(message.purpose),
        now=now,
        address=message.to_address,
        subject=message.subject,
        body=body,
        recipient=registry.recipient_facts(workspace.pk, message.contact_ref, message.to_address),
        suppressions=suppression_facts(refusals),
        consents=consent_facts(consents),
        sent=_sent(earlier, now),
        last_inbound_at=_last_inbound_at(message),
        is_first=is_first,
        confirmations_since_opt_out=_confirmations(message, refusals),
        policy=policy_of(workspace),
        connection=_connection_facts(connection),
        sender=sender,
    )


def policy_of(workspace: Any) -> Policy:
    row = SendingPolicy.objects.in_workspace(workspace).first()
    if row is None:
        return Policy()
    return Policy(
        row.opens_at,
        row.closes_at,
        row.is_sunday_closed,
        row.max_per_day,
        row.is_cold_sms_acknowledged,
    )


def seen(attempt: Attempt) -> dict[str, Any]:
    """What a stored decision keeps of the facts the guard weighed: no address and no text."""
    weeks = guard.legal_weeks(attempt)
    return {
        "states": sorted(guard.candidate_states(attempt)),
        "local_times": windows.local_times(attempt.now, weeks),
        "sent_in_24h": sum(1 for sent in attempt.sent if sent.at > attempt.now - DAY),
        "is_first": attempt.is_first,
        "last_inbound_at": _iso(attempt.last_inbound_at),
        "suppressions": [f"{s.kind}:{s.at.isoformat()}" for s in attempt.suppressions],
        "consents": [f"{c.basis}:{c.at.isoformat()}" for c in attempt.consents],
        "line_type": str(attempt.recipient.line_type),
        "is_dnc": attempt.recipient.is_dnc,
        "dnc_checked_on": _iso(attempt.recipient.dnc_checked_on),
        "source": attempt.recipient.source,
        "is_registered": attempt.connection.is_registered,
        "body_sha256": sha256(attempt.body.encode()).hexdigest(),
    }


def _earlier(message: Message) -> QuerySet[Message]:
    """Other messages that went, or may have gone, to this person or this address."""
    rows: QuerySet[Message] = Message.objects.in_workspace(message.workspace_id)
    theirs = Q(contact_ref=message.contact_ref) | Q(to_address=message.to_address)
    return (
        rows.filter(theirs, state__in=_OUT, claimed_at__isnull=False)
        .exclude(pk=message.pk)
        .exclude(purpose=Purpose.OPT_OUT_CONFIRMATION)
    )


def _sent(earlier: QuerySet[Message], now: datetime) -> tuple[SentFact, ...]:
    recent = earlier.filter(claimed_at__gt=now - DAY).values_list("claimed_at", "channel")
    return tuple(SentFact(at, Channel(channel)) for at, channel in recent if at)


def _last_inbound_at(message: Message) -> datetime | None:
    rows = InboundMessage.objects.in_workspace(message.workspace_id)
    theirs = Q(contact_ref=message.contact_ref) | Q(from_address=message.to_address)
    wrote = rows.filter(theirs).exclude(intent__in=_NO_INQUIRY)
    at: datetime | None = (
        wrote.order_by("-received_at").values_list("received_at", flat=True).first()
    )
    return at


def _confirmations(message: Message, refusals: QuerySet[Suppression]) -> int:
    """Confirmations that went, or may have gone, since the latest opt-out."""
    opted_out = refusals.filter(kind="opt_out").order_by("-suppressed_at").first()
    if opted_out is None or message.purpose != Purpose.OPT_OUT_CONFIRMATION:
        return 0
    rows = Message.objects.in_workspace(message.workspace_id).exclude(pk=message.pk)
    sent = rows.filter(
        contact_ref=message.contact_ref,
        purpose=Purpose.OPT_OUT_CONFIRMATION,
        state__in=_OUT,
        claimed_at__gte=opted_out.suppressed_at,
    )
    return int(sent.count())


def _connection_facts(connection: Connection | None) -> ConnectionFacts:
    if connection is None or not has_provider(connection.provider):
        return ConnectionFacts(is_connected=False)
    # Rules only advise where nothing can leave the machine: the mark alone is not enough.
    is_sandbox = connection.is_sandbox and connection.provider == SandboxProvider.name
    return ConnectionFacts(True, is_sandbox, connection.is_registered)


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None

"""Who refused, who agreed, who wrote."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.channels.addresses import any_address
from apps.channels.aliases import all_refs
from apps.channels.models import Consent, InboundMessage, Message, Suppression
from apps.channels.rules import consent as consent_rules
from apps.channels.types import (
    Attempt,
    Channel,
    ConsentBasis,
    ConsentFact,
    Purpose,
    SuppressionFact,
    SuppressionKind,
)


def is_suppressed(
    workspace: Any, contact_ref: UUID, address: str = "", channel: str = Channel.SMS
) -> bool:
    """Whether a refusal stands against the person, or against this address of theirs.

    For lists and warnings; the guard asks again, under the lock, before each send.
    """
    spelled = any_address(address) if address else ""
    rows = standing_suppressions(workspace, contact_ref, spelled)
    if not spelled:
        return rows.filter(address="").exists()
    facts = suppression_facts(rows)
    agreed = Consent.objects.in_workspace(workspace).filter(contact_ref=contact_ref)
    consents = consent_facts(agreed)
    last = max([fact.at for fact in facts] + [fact.at for fact in consents], default=None)
    if last is None:
        return False
    attempt = Attempt(
        Channel(channel), Purpose.MANUAL, last, spelled, suppressions=facts, consents=consents
    )
    return consent_rules.suppressed(attempt) is not None


def has_reply_since(workspace: Any, contact_ref: UUID, since: datetime) -> bool:
    rows = InboundMessage.objects.in_workspace(workspace)
    return bool(
        rows.filter(
            contact_ref__in=all_refs(workspace, contact_ref), received_at__gte=since
        ).exists()
    )


def count_messages_since(workspace: Any, contact_ref: UUID, since: datetime) -> int:
    """Messages of a person, out and in, from an instant on."""
    sent = Message.objects.in_workspace(workspace).filter(queued_at__gte=since)
    came = InboundMessage.objects.in_workspace(workspace).filter(received_at__gte=since)
    return sum(rows.filter(contact_ref=contact_ref).count() for rows in (sent, came))


def count_messages_of(workspace: Any, contact_ref: UUID) -> int:
    """All messages of a person, out and in."""
    sent, came = (model.objects.in_workspace(workspace) for model in (Message, InboundMessage))
    return sum(rows.filter(contact_ref=contact_ref).count() for rows in (sent, came))


def list_suppressions(workspace: Any, contact_ref: UUID) -> list[Suppression]:
    """Standing refusals of one person under any of their ids, newest first, each once."""
    rows = Suppression.objects.in_workspace(workspace)
    standing = rows.filter(contact_ref__in=all_refs(workspace, contact_ref), lifted_at__isnull=True)
    newest: dict[tuple[str, str], Suppression] = {}
    for row in standing.order_by("-suppressed_at", "pk"):
        newest.setdefault((row.kind, row.address), row)
    return list(newest.values())


def list_suppressed(workspace: Any, contact_refs: Collection[UUID]) -> set[UUID]:
    """Those of the persons who refused as a whole, on every channel and at every address."""
    rows = Suppression.objects.in_workspace(workspace)
    standing = rows.filter(contact_ref__in=contact_refs, address="", lifted_at__isnull=True)
    return {ref for ref in standing.values_list("contact_ref", flat=True) if ref}


def list_consents(workspace: Any, contact_ref: UUID) -> list[Consent]:
    rows = Consent.objects.in_workspace(workspace).filter(contact_ref=contact_ref)
    return list(rows.order_by("-given_at"))


def standing_suppressions(
    workspace: Any, contact_ref: UUID | None, address: str
) -> QuerySet[Suppression]:
    """Refusals that are not lifted: of the person as a whole, or of the address for anybody."""
    wanted = Q(pk__in=[])
    if contact_ref:
        wanted = Q(contact_ref__in=all_refs(workspace, contact_ref), address="")
    if address:
        wanted |= Q(address=address)
    rows: QuerySet[Suppression] = Suppression.objects.in_workspace(workspace)
    return rows.filter(wanted, lifted_at__isnull=True)


def suppression_facts(rows: QuerySet[Suppression]) -> tuple[SuppressionFact, ...]:
    return tuple(
        SuppressionFact(SuppressionKind(row.kind), row.suppressed_at, row.address)
        for row in rows.order_by("pk")
    )


def consent_facts(rows: QuerySet[Consent]) -> tuple[ConsentFact, ...]:
    return tuple(
        ConsentFact(
            ConsentBasis(row.basis),
            row.given_at,
            frozenset(Channel(channel) for channel in row.channels),
            row.address,
        )
        for row in rows.order_by("pk")
    )

"""The sandbox seller's phone: what the provider's journal holds, as a seller would see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.channels.models import InboundMessage, Message, SandboxDelivery
from apps.channels.registry import recipient_facts

PHONE_LENGTH = 100
SELLERS_SHOWN = 40


@dataclass(frozen=True)
class Seller:
    """Somebody the sandbox delivered to. `name` is filled by `with_names`."""

    contact_ref: UUID
    address: str
    last_at: datetime
    last_body: str
    count: int
    name: str = ""


@dataclass(frozen=True)
class PhoneEntry:
    """One thing on the seller's screen. `is_theirs`: the seller wrote it.

    `seller_address` is the seller's own number or e-mail, `other_side` the workspace's.
    """

    is_theirs: bool
    at: datetime
    channel: str
    subject: str
    body: str
    seller_address: str
    other_side: str


def list_sandbox_sellers(workspace: Any, limit: int = SELLERS_SHOWN) -> list[Seller]:
    """People who received something, the latest first."""
    rows = SandboxDelivery.objects.in_workspace(workspace).order_by("-pk")
    latest = list(rows[: limit * 20].values("client_ref", "to_address", "accepted_at", "body"))
    contact_of = _contacts_of(workspace, [row["client_ref"] for row in latest])
    first: dict[UUID, dict[str, Any]] = {}
    counts: dict[UUID, int] = {}
    for row in latest:
        contact = contact_of.get(row["client_ref"])
        if contact is None:
            continue
        first.setdefault(contact, row)
        counts[contact] = counts.get(contact, 0) + 1
    return [
        Seller(contact, row["to_address"], row["accepted_at"], row["body"], counts[contact])
        for contact, row in list(first.items())[:limit]
    ]


def with_names(workspace: Any, sellers: list[Seller]) -> list[Seller]:
    """The same with their names: a look-up each, so that polling does without."""
    return [
        replace(seller, name=facts.contact_name or seller.address)
        for seller in sellers
        for facts in [recipient_facts(workspace.pk, seller.contact_ref, seller.address)]
    ]


def list_seller_screen(workspace: Any, contact_ref: UUID) -> list[PhoneEntry]:
    """What one seller received from the sandbox and wrote back, oldest first."""
    refs = Message.objects.in_workspace(workspace).filter(contact_ref=contact_ref)
    received = SandboxDelivery.objects.in_workspace(workspace).filter(
        client_ref__in=refs.order_by("-pk").values_list("public_id", flat=True)[:PHONE_LENGTH]
    )
    entries = [
        PhoneEntry(
            False,
            row.accepted_at,
            row.channel,
            row.subject,
            row.body,
            row.to_address,
            row.from_address,
        )
        for row in received
    ]
    wrote = InboundMessage.objects.in_workspace(workspace).filter(contact_ref=contact_ref)
    entries += [
        PhoneEntry(
            True, row.received_at, row.channel, "", row.body, row.from_address, row.to_address
        )
        for row in wrote.order_by("-pk")[:PHONE_LENGTH]
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.is_theirs))


def _contacts_of(workspace: Any, refs: list[UUID]) -> dict[UUID, UUID]:
    rows = Message.objects.in_workspace(workspace).filter(public_id__in=refs)
    return dict(rows.values_list("public_id", "contact_ref"))

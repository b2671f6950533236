"""Refusals that somebody records."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.channels.addresses import any_address
from apps.channels.aliases import current_ref
from apps.channels.locks import lock_recipient
from apps.channels.models import Consent, Suppression
from apps.channels.types import ConsentBasis, SuppressionKind
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.channels import SuppressionAdded
from apps.events.publish import publish
from apps.workspaces.models import Workspace


@action
def record_suppression(
    *,
    workspace: Workspace,
    actor: Actor,
    kind: str,
    contact_ref: UUID | None,
    address: str,
    reason: str,
    now: datetime,
) -> Suppression:
    """Stop all messages to an address or, with an empty `address`, to a person.

    Serialized with sends: what is claimed after this commit sees it. The same refusal twice is one.
    """
    spelled = any_address(address) if address else ""
    contact_ref = current_ref(workspace, contact_ref) if contact_ref else None
    lock_recipient(workspace, contact_ref, spelled)
    reopened_at = None if spelled else last_start(workspace, contact_ref)
    standing, is_new = add_suppression(
        workspace,
        SuppressionKind(kind),
        contact_ref,
        spelled,
        reason,
        now,
        newer_than=reopened_at,
    )
    if not is_new:
        unchanged("this refusal stands already")
        return standing
    publish(
        SuppressionAdded(
            subject=standing.public_id,
            contact=contact_ref,
            address=spelled,
            channels="all",
            reason=str(kind),
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return standing


def add_suppression(
    workspace: Workspace,
    kind: SuppressionKind,
    contact_ref: UUID | None,
    address: str,
    reason: str,
    now: datetime,
    inbound_ref: UUID | None = None,
    newer_than: datetime | None = None,
) -> tuple[Suppression, bool]:
    """The standing refusal of this kind and whether it was made now. The caller holds the lock.

    One from before `newer_than` does not count: the person's START has outweighed it.
    """
    rows = Suppression.objects.in_workspace(workspace).filter(
        kind=kind, address=address, lifted_at__isnull=True
    )
    if not address:
        rows = rows.filter(contact_ref=contact_ref)
    if newer_than is not None:
        rows = rows.filter(suppressed_at__gt=newer_than)
    standing: Suppression | None = rows.first()
    if standing is not None:
        return standing, False
    fresh = Suppression.objects.create(
        workspace=workspace,
        kind=kind,
        contact_ref=contact_ref,
        address=address,
        reason=reason[:200],
        inbound_ref=inbound_ref,
        suppressed_at=now,
    )
    return fresh, True


def last_start(workspace: Workspace, contact_ref: UUID | None) -> datetime | None:
    """When the person last asked by themselves to be written to again."""
    rows = Consent.objects.in_workspace(workspace).filter(
        contact_ref=contact_ref, basis=ConsentBasis.START_WORD
    )
    at: datetime | None = rows.order_by("-given_at").values_list("given_at", flat=True).first()
    return at

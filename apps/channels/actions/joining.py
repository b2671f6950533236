"""Two contacts become one person to write to, or two again.

No actions of their own: contacts' merge calls these inside its transaction, so that there is no
instant in which a refusal of either binds only one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.channels.locks import lock_people
from apps.channels.models import Consent, InboundMessage, Message, PersonAlias, Suppression
from apps.channels.types import ConsentBasis
from apps.workspaces.models import Workspace

# (rows, field, new value): changes the rows and notes what they were.
Mover = Callable[[QuerySet[Any], str, Any], int]


def join_people(
    workspace: Workspace, *, kept: UUID, joined: UUID, move: Mover, now: datetime
) -> None:
    """Messages, replies and consents of `joined` become those of `kept`; refusals bind both."""
    messages = Message.objects.in_workspace(workspace).filter(contact_ref=joined)
    # Senders hold a message and then its recipient: the same order here, or each would wait for
    # the other. What is queued meanwhile goes by the alias when it is claimed.
    held = messages.select_for_update(no_key=True).order_by("pk")
    waiting = list(held.values_list("pk", flat=True))
    lock_people(workspace, {kept, joined})
    unite_refusals(workspace, kept, joined, now)
    PersonAlias.objects.create(workspace=workspace, alias_ref=joined, contact_ref=kept)
    move(messages.filter(pk__in=waiting), "contact_ref", kept)
    for model in (InboundMessage, Consent):
        move(model.objects.in_workspace(workspace).filter(contact_ref=joined), "contact_ref", kept)


def part_people(workspace: Workspace, *, kept: UUID, joined: UUID, now: datetime) -> None:
    """Two persons again. What either refused while they were one stays refused by both."""
    lock_people(workspace, {kept, joined})
    unite_refusals(workspace, kept, joined, now)
    PersonAlias.objects.in_workspace(workspace).filter(alias_ref=joined).delete()


def unite_refusals(workspace: Workspace, one: UUID, other: UUID, now: datetime) -> None:
    """Each standing refusal of one as a whole person becomes the other's too.

    A START outweighs an older refusal of the same person. Somebody else's START must not, so a
    refusal that the other's START would outweigh is made again as of `now`.
    """
    for owner, twin in ((one, other), (other, one)):
        theirs = list(_standing(workspace, owner))
        restarted = _last_start(workspace, twin)
        for refusal in theirs:
            at = refusal.suppressed_at
            if restarted is not None and restarted > at:
                at = now
                _refuse(workspace, owner, refusal, at)
            _refuse(workspace, twin, refusal, at)


def _standing(workspace: Workspace, contact_ref: UUID) -> QuerySet[Suppression]:
    rows: QuerySet[Suppression] = Suppression.objects.in_workspace(workspace)
    return rows.filter(contact_ref=contact_ref, address="", lifted_at__isnull=True).order_by("pk")


def _last_start(workspace: Workspace, contact_ref: UUID) -> datetime | None:
    rows = Consent.objects.in_workspace(workspace).filter(contact_ref=contact_ref)
    starts = rows.filter(basis=ConsentBasis.START_WORD).order_by("-given_at")
    at: datetime | None = starts.values_list("given_at", flat=True).first()
    return at


def _refuse(workspace: Workspace, contact_ref: UUID, like: Suppression, at: datetime) -> None:
    same = _standing(workspace, contact_ref).filter(kind=like.kind, suppressed_at__gte=at)
    if same.exists():
        return
    Suppression.objects.create(
        workspace=workspace,
        kind=like.kind,
        contact_ref=contact_ref,
        reason=like.reason,
        inbound_ref=like.inbound_ref,
        suppressed_at=at,
    )

"""What came of a printing job: recorded once, tried five times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.offers import OfferRendered, OfferRenderFailed
from apps.events.publish import publish
from apps.offers.models import OfferDocument
from apps.offers.sealing import seal
from apps.offers.types import DocumentState
from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class Printed:
    """What came out of the printer, and for exactly which content."""

    pdf: bytes
    sha256: str
    content_key: str
    template_version: str


@action
def record_document(
    *, workspace: Workspace, actor: Actor, document: OfferDocument, printed: Printed, now: datetime
) -> OfferDocument:
    """Store the bytes of a claimed document. A worker that lost its lease changes nothing."""
    row = _lock(workspace, document)
    if not row.is_held_as(document):
        unchanged("another worker has this document")
        return row
    row.state, row.lease_until, row.error = DocumentState.DONE, None, ""
    row.body, row.is_sealed = seal(printed.pdf), True
    row.sha256, row.byte_count = printed.sha256, len(printed.pdf)
    row.content_key, row.template_version = printed.content_key, printed.template_version
    row.rendered_at = now
    row.save()
    fact = OfferRendered(
        subject=row.offer.public_id,
        deal=row.offer.deal.public_id,
        document=row.public_id,
        sha256=row.sha256,
        byte_count=row.byte_count,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def record_render_failure(
    *,
    workspace: Workspace,
    actor: Actor,
    document: OfferDocument,
    error: str,
    is_final: bool,
    now: datetime,
) -> OfferDocument:
    """Queue a failed document again, later each time; give up when told to or after the fifth."""
    row = _lock(workspace, document)
    if not row.is_held_as(document):
        unchanged("another worker has this document")
        return row
    is_final = row.put_back(error, is_final=is_final, now=now)
    fact = OfferRenderFailed(
        subject=row.offer.public_id,
        deal=row.offer.deal.public_id,
        document=row.public_id,
        error=error,
        is_final=is_final,
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return row


def _lock(workspace: Workspace, document: OfferDocument) -> OfferDocument:
    rows = OfferDocument.objects.in_workspace(workspace).select_for_update(of=("self",))
    return rows.select_related("offer__deal").get(pk=document.pk)

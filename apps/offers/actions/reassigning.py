"""Offers follow when two sellers become one, or two again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.contacts.merging import follow_merge, move_row
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.offers import OffersReassigned
from apps.events.publish import publish
from apps.offers.models import LetterOfIntent, Offer
from apps.workspaces.models import Workspace

MODELS = (Offer, LetterOfIntent)
LABELS = tuple(model._meta.label for model in MODELS)


@action
def reassign_offers(
    *, workspace: Workspace, actor: Actor, merge_id: UUID, now: datetime
) -> list[UUID]:
    """The seller of offers and letters becomes the survivor, or themselves again. Repeatable.

    Where both sellers have the same offer of one deal, the second stays with the merged contact:
    two offers cannot become one, and what was sent or accepted is never deleted.
    """
    followed = follow_merge(workspace, merge_id, LABELS)
    touched = {row for label in LABELS for row in followed.undone.get(label, [])}
    if followed.survivor is not None:
        for model in MODELS:
            rows = model.objects.in_workspace(workspace).filter(seller=followed.other)
            for row in rows.order_by("pk"):
                if move_row(followed.merge, row, "seller", followed.survivor.pk):
                    touched.add(row.public_id)
    if not touched:
        unchanged("no offer moves")
        return []
    fact = OffersReassigned(
        subject=followed.merge.survivor.public_id,
        merge=followed.merge.public_id,
        offers=sorted(touched),
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)
    return fact.offers

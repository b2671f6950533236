"""Deals follow when two contacts become one, or two again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.contacts.merging import Followed, follow_merge, move_row, move_rows, remove_row
from apps.deals.models import Deal, DealParty
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import DealsReassigned
from apps.events.publish import publish
from apps.workspaces.models import Workspace

LABELS = (Deal._meta.label, DealParty._meta.label)


@action
def reassign_deals(
    *, workspace: Workspace, actor: Actor, merge_id: UUID, now: datetime
) -> list[UUID]:
    """Sellers and parties become the survivor, or themselves again after an unmerge.

    Returns the deals touched. Repeatable.
    """
    followed = follow_merge(workspace, merge_id, LABELS)
    deals = {*followed.undone.get(LABELS[0], []), *_deals_of(workspace, followed)}
    if followed.survivor is not None:
        deals |= _move(workspace, followed, followed.survivor.pk)
    if not deals:
        unchanged("no deal hangs on either")
        return []
    touched = sorted(deals)
    publish(
        DealsReassigned(
            subject=followed.merge.survivor.public_id,
            merge=followed.merge.public_id,
            deals=touched,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return touched


def _deals_of(workspace: Workspace, followed: Followed) -> set[UUID]:
    parties = DealParty.objects.in_workspace(workspace)
    back = parties.filter(public_id__in=followed.undone.get(LABELS[1], []))
    return set(back.values_list("deal__public_id", flat=True))


def _move(workspace: Workspace, followed: Followed, survivor_pk: int) -> set[UUID]:
    merge, deals = followed.merge, Deal.objects.in_workspace(workspace)
    parties = DealParty.objects.in_workspace(workspace).filter(contact=followed.other)
    touched = set(parties.values_list("deal__public_id", flat=True))
    for party in parties.order_by("pk"):
        # Both were owners of this deal: the survivor's own part in it says all there is.
        if not move_row(merge, party, "contact", survivor_pk):
            remove_row(merge, party)
    sold = deals.filter(seller=followed.other)
    touched |= set(sold.values_list("public_id", flat=True))
    move_rows(merge, sold, "seller", survivor_pk)
    return touched

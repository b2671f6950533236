"""What a chunk decided about properties, deals, lists and signals, into the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.common.bulk import insert_rows, reserve_ids, update_rows
from apps.common.ids import new_uuid_texts
from apps.deals.ingestion.claims import plain
from apps.deals.ingestion.marks import Marks, ParcelMarks, find_or_create_list
from apps.deals.ingestion.parcels import Parcel, Parcels
from apps.deals.ingestion.pipeline import LeadDeal, Pipeline, search_text
from apps.deals.ingestion.property_values import COLUMNS
from apps.deals.models import (
    Deal,
    DealParty,
    ImportBefore,
    LeadImport,
    ListMembership,
    Property,
    Signal,
    Stage,
)

ORIGIN = ("source", "as_of", "strength", "provenance", "conflicts")


class NoPipeline(RuntimeError):
    """The workspace has no stage for new deals."""


def write_parcels(parcels: Parcels, now: datetime) -> None:
    """Insert the new, update the changed. Ids of new parcels are known afterwards."""
    for parcel, key in zip(parcels.new, reserve_ids(Property, len(parcels.new)), strict=True):
        parcel.id = key
    insert_rows(
        Property,
        [*COLUMNS, *ORIGIN, "workspace_id", "public_id", "created_at", "hand_edited", "id"],
        (
            [*_columns(item), parcels.workspace_id, item.public_id, now, "[]", item.id]
            for item in parcels.new
        ),
    )
    update_rows(
        Property,
        [*COLUMNS, *ORIGIN],
        [[*_columns(item), item.id] for item in parcels.changed],
    )


def _columns(item: Parcel) -> list[Any]:
    values = item.values
    return [
        *[values[name] for name in COLUMNS],
        *item.origin,
        json.dumps(item.exceptions) if item.exceptions else "{}",
        json.dumps(item.conflicts) if item.conflicts else "{}",
    ]


def write_deals(
    pipeline: Pipeline, lead_import: LeadImport | None, source: str, now: datetime
) -> None:
    """Insert the new, update the changed, seat their people.

    `lead_import` is what can be undone; without it nothing is noted for that.
    """
    _insert_deals(pipeline, source, now)
    changed = pipeline.changed
    update_rows(
        Deal,
        ["seller_id", "search_text"],
        [[item.seller and item.seller.id, search_text(item), item.id] for item in changed],
    )
    moved = [deal for deal in changed if deal.has_new_parties]
    if lead_import is not None:
        _keep_before(
            lead_import,
            ImportBefore.What.PARTIES,
            [(deal.parcel, [_stored(seat) for seat in deal.seats]) for deal in moved],
        )
    gone = [
        seat.id
        for deal in moved
        for seat in deal.seats
        if (seat.contact_id, seat.part, seat.rank) not in _wanted(deal)
    ]
    DealParty.objects.in_workspace(pipeline.workspace_id).filter(pk__in=gone).delete()
    _seat_parties(pipeline, [*pipeline.new, *moved], now)


def _insert_deals(pipeline: Pipeline, source: str, now: datetime) -> None:
    if not pipeline.new:
        return
    stages = Stage.objects.in_workspace(pipeline.workspace_id).filter(kind=Stage.Kind.NEW)
    stage = stages.values_list("pk", flat=True).first()
    if stage is None:
        raise NoPipeline("The workspace has no stage for new deals; lay out its pipeline first.")
    for deal, key in zip(pipeline.new, reserve_ids(Deal, len(pipeline.new)), strict=True):
        deal.id = key
    insert_rows(
        Deal,
        ["id", "workspace_id", "public_id", "created_at", "property_id", "stage_id", "status",
         "seller_id", "source", "search_text", "arv_source", "repairs_source",
         "stage_entered_at"],
        (
            [item.id, pipeline.workspace_id, item.public_id, now, item.parcel.id, stage,
             Deal.Status.OPEN.value, item.seller and item.seller.id, source, search_text(item),
             "", "", now]
            for item in pipeline.new
        ),
    )  # fmt: skip


def _wanted(deal: LeadDeal) -> set[tuple[int | None, str, int]]:
    return {(owner.id, part, rank) for owner, part, rank in deal.parties()}


def _stored(seat: Any) -> list[Any]:
    return [
        str(seat.public_id), seat.contact_id, seat.part, seat.rank, seat.created_at.isoformat(),
        seat.id,
    ]  # fmt: skip


def _seat_parties(pipeline: Pipeline, deals: Sequence[LeadDeal], now: datetime) -> None:
    seats = []
    for deal in deals:
        there = {(seat.contact_id, seat.part, seat.rank) for seat in deal.seats}
        seats += [
            (deal.id, owner.id, part, rank)
            for owner, part, rank in deal.parties()
            if (owner.id, part, rank) not in there
        ]
    keys = reserve_ids(DealParty, len(seats))
    insert_rows(
        DealParty,
        ["id", "public_id", "workspace_id", "created_at", "deal_id", "contact_id", "part", "rank"],
        (
            (key, public_id, pipeline.workspace_id, now, *seat)
            for key, public_id, seat in zip(keys, new_uuid_texts(len(keys)), seats, strict=True)
        ),
    )


def write_marks(marks: Marks, lead_import: LeadImport, label: str, now: datetime) -> None:
    """New memberships and signals; the days of known ones that moved."""
    held = [(parcel, found) for parcel, found in marks.all.items() if parcel.id is not None]
    _insert_memberships(marks, held, lead_import, label, now)
    _insert_signals(marks, held, lead_import, now)
    moved = [
        (parcel, item)
        for parcel, found in held
        for item in found.memberships.values()
        if item.before and item.id
    ]
    _keep_before(
        lead_import,
        ImportBefore.What.MEMBERSHIPS,
        [
            (parcel, [[item.id, *(day and day.isoformat() for day in item.before or ())]])
            for parcel, item in moved
        ],
    )
    update_rows(
        ListMembership,
        ["listed_on", "last_seen_on"],
        [[item.listed_on, item.last_seen_on, item.id] for _, item in moved],
    )
    changed = [
        (parcel, sign) for parcel, found in held for sign in found.signs if sign.before and sign.id
    ]
    _keep_before(
        lead_import,
        ImportBefore.What.SIGNALS,
        [(parcel, [[sign.id, *map(plain, sign.before or ())]]) for parcel, sign in changed],
    )
    update_rows(
        Signal,
        ["ended_on", "reference"],
        [[sign.ended_on, sign.reference, sign.id] for _, sign in changed],
    )


def _insert_memberships(
    marks: Marks,
    held: Sequence[tuple[Parcel, ParcelMarks]],
    lead_import: LeadImport,
    label: str,
    now: datetime,
) -> None:
    new = [
        (parcel, item)
        for parcel, found in held
        for item in found.memberships.values()
        if item.id is None
    ]
    lists = {
        key: find_or_create_list(marks.workspace_id, name, marks.source)
        for key, name in marks.names.items()
    }
    keys = reserve_ids(ListMembership, len(new))
    insert_rows(
        ListMembership,
        ["id", "public_id", "workspace_id", "created_at", "lead_list_id", "property_id",
         "listed_on", "first_seen_on", "last_seen_on", "source", "lead_import_id"],
        [
            [key, public_id, marks.workspace_id, now, lists[item.key].pk, parcel.id,  # type: ignore[union-attr]
             item.listed_on, item.first_seen_on, item.last_seen_on, label, lead_import.pk]
            for key, public_id, (parcel, item) in zip(
                keys, new_uuid_texts(len(keys)), new, strict=True
            )
        ],
    )  # fmt: skip


def _insert_signals(
    marks: Marks,
    held: Sequence[tuple[Parcel, ParcelMarks]],
    lead_import: LeadImport,
    now: datetime,
) -> None:
    new = [(parcel, sign) for parcel, found in held for sign in found.signs if sign.id is None]
    keys = reserve_ids(Signal, len(new))
    insert_rows(
        Signal,
        ["id", "public_id", "workspace_id", "created_at", "property_id", "kind", "observed_on",
         "ended_on", "amount", "detail", "source", "reference", "as_of", "lead_import_id"],
        [
            [key, public_id, marks.workspace_id, now, parcel.id, sign.kind, sign.observed_on,
             sign.ended_on, sign.amount, sign.detail, sign.source, sign.reference, sign.as_of,
             lead_import.pk]
            for key, public_id, (parcel, sign) in zip(
                keys, new_uuid_texts(len(keys)), new, strict=True
            )
        ],
    )  # fmt: skip


def _keep_before(
    lead_import: LeadImport, what: str, found: Sequence[tuple[Parcel, list[Any]]]
) -> None:
    """What stood there before this import, each row of a property as it was seen first."""
    rows: dict[int, list[Any]] = {}
    for parcel, stored in found:
        if parcel.id is not None:
            rows.setdefault(parcel.id, []).extend(stored)
    if rows and lead_import.rows_done and what != ImportBefore.What.PARTIES:
        _add_to_before(lead_import, what, rows)
    ImportBefore.objects.bulk_create(
        [
            ImportBefore(lead_import=lead_import, property_id=key, what=what, rows=stored)
            for key, stored in rows.items()
        ],
        ignore_conflicts=True,
    )


def _add_to_before(lead_import: LeadImport, what: str, rows: dict[int, list[Any]]) -> None:
    """An earlier chunk told of the property too and noted other rows of it."""
    kept = ImportBefore.objects.filter(lead_import=lead_import, what=what, property__in=list(rows))
    for before in kept:
        known = {row[0] for row in before.rows}
        before.rows += [row for row in rows.pop(before.property_id) if row[0] not in known]
        before.save(update_fields=["rows"])

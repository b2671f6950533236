"""Deals and their owners for the properties of a chunk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.common.bulk import insert_rows, reserve_ids, update_rows
from apps.deals.ingestion.contact_values import owners_of
from apps.deals.ingestion.owner import Owner
from apps.deals.ingestion.parcels import Parcel
from apps.deals.ingestion.people import People
from apps.deals.ingestion.types import LeadRow
from apps.deals.models import Deal, DealParty, Stage

_PARTS = (DealParty.Part.OWNER.value, DealParty.Part.CO_OWNER.value)


class NoPipeline(RuntimeError):
    """The workspace has no stage for new deals."""


@dataclass(slots=True, eq=False)
class LeadDeal:
    """The deal of a parcel as it stands in this chunk."""

    id: int | None
    public_id: uuid.UUID
    parcel: Parcel
    seller: Owner | None = None
    parties: list[Owner] = field(default_factory=list)
    is_changed: bool = False
    has_new_parties: bool = False


@dataclass
class Pipeline:
    """Opens deals for new parcels and keeps the owners of known ones up to date."""

    workspace_id: int
    new: list[LeadDeal] = field(default_factory=list)
    known: list[LeadDeal] = field(default_factory=list)
    _parties: dict[int, list[int]] = field(default_factory=dict)
    _rows: list[tuple[int, uuid.UUID, int | None, int]] = field(default_factory=list)

    def load(self, parcels: Iterable[Parcel]) -> list[int]:
        """Read the deals of known parcels; returns the contacts standing in them."""
        self._by_property = {parcel.id: parcel for parcel in parcels}
        deals = Deal.objects.in_workspace(self.workspace_id)
        self._rows = list(
            deals.filter(property__in=list(self._by_property)).values_list(
                "id", "public_id", "seller_id", "property_id"
            )
        )
        parties = DealParty.objects.in_workspace(self.workspace_id)
        for deal, contact in (
            parties.filter(deal__in=[row[0] for row in self._rows], part__in=_PARTS)
            .order_by("rank", "id")
            .values_list("deal_id", "contact_id")
        ):
            self._parties.setdefault(deal, []).append(contact)
        sellers = [row[2] for row in self._rows if row[2]]
        return sellers + [contact for found in self._parties.values() for contact in found]

    def seat(self, people: People) -> None:
        """Put the contacts, now read, into the deals."""
        for key, public_id, seller, parcel_id in self._rows:
            deal = LeadDeal(
                key,
                public_id,
                self._by_property[parcel_id],
                people.by_id(seller) if seller else None,
                [people.by_id(contact) for contact in self._parties.get(key, [])],
            )
            deal.parcel.deal = deal
            self.known.append(deal)

    def merge(self, parcel: Parcel, row: LeadRow, people: People) -> dict[str, list[Any]]:
        """Open the parcel's deal, or take over the row's owners; {field: [old, new]}."""
        deal = parcel.deal
        changes: dict[str, list[Any]] = {}
        if deal is None:
            deal = parcel.deal = LeadDeal(None, uuid.uuid4(), parcel)
            self.new.append(deal)
            changes = {} if parcel.is_new else {"deal": ["", "opened"]}
        owners: list[Owner] = []
        for at, name in enumerate(owners_of(row)[: len(_PARTS)]):
            owner = people.find_or_open(name, row, deal.parties)
            if owner not in owners:
                changes |= people.merge(owner, row, is_first=at == 0)
                owners.append(owner)
        # A blank second owner says nothing: the one on record stays.
        if owners != deal.parties[: len(owners)]:
            changes["owners"] = [
                [item.name for item in deal.parties],
                [item.name for item in owners],
            ]
            self._replace_owners(deal, owners)
        deal.is_changed = deal.is_changed or bool(changes)
        return changes

    def _replace_owners(self, deal: LeadDeal, owners: list[Owner]) -> None:
        # A seller chosen by a person from outside the list stays; one who sold the house goes.
        if deal.seller is None or (deal.seller in deal.parties and deal.seller not in owners):
            deal.seller = owners[0]
        deal.parties = owners
        deal.has_new_parties = True

    def write(self, source: str, now: datetime) -> None:
        self._insert_new(source, now)
        changed = self.changed
        update_rows(
            Deal,
            ["seller_id", "search_text"],
            [[item.seller and item.seller.id, search_text(item), item.id] for item in changed],
        )
        moved = [deal for deal in changed if deal.has_new_parties]
        DealParty.objects.in_workspace(self.workspace_id).filter(
            deal__in=[deal.id for deal in moved], part__in=_PARTS
        ).delete()
        self._seat_parties([*self.new, *moved], now)

    def _insert_new(self, source: str, now: datetime) -> None:
        if not self.new:
            return
        stages = Stage.objects.in_workspace(self.workspace_id).filter(kind=Stage.Kind.NEW)
        stage = stages.values_list("pk", flat=True).first()
        if stage is None:
            raise NoPipeline(
                "The workspace has no stage for new deals; lay out its pipeline first."
            )
        for deal, key in zip(self.new, reserve_ids(Deal, len(self.new)), strict=True):
            deal.id = key
        insert_rows(
            Deal,
            ["id", "workspace_id", "public_id", "created_at", "property_id", "stage_id", "status",
             "seller_id", "source", "search_text", "arv_source", "repairs_source",
             "stage_entered_at"],
            [
                [item.id, self.workspace_id, item.public_id, now, item.parcel.id, stage,
                 Deal.Status.OPEN.value, item.seller and item.seller.id, source, search_text(item),
                 "", "", now]
                for item in self.new
            ],
        )  # fmt: skip

    def _seat_parties(self, deals: Sequence[LeadDeal], now: datetime) -> None:
        seats = [
            (deal.id, owner.id, rank) for deal in deals for rank, owner in enumerate(deal.parties)
        ]
        insert_rows(
            DealParty,
            [
                "id",
                "workspace_id",
                "public_id",
                "created_at",
                "deal_id",
                "contact_id",
                "part",
                "rank",
            ],
            [
                [key, self.workspace_id, uuid.uuid4(), now, deal, contact, _PARTS[rank], rank + 1]
                for key, (deal, contact, rank) in zip(
                    reserve_ids(DealParty, len(seats)), seats, strict=True
                )
            ],
        )

    @property
    def changed(self) -> list[LeadDeal]:
        return [deal for deal in self.known if deal.is_changed or deal.parcel.is_renamed]


def search_text(deal: LeadDeal) -> str:
    """All that a person may type to find the deal, in lower case."""
    values = deal.parcel.values
    place = [values[name] for name in ("line", "unit", "city", "state", "zip", "apn")]
    people = [part for owner in deal.parties for part in (owner.name, *owner.phones)]
    return " ".join(str(part) for part in (*place, *people) if part).lower()

"""Deals and the people in them for the properties of a chunk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from apps.common.lookups import Many
from apps.deals.ingestion.contact_values import comparable_name, owners_of
from apps.deals.ingestion.owner import Owner
from apps.deals.ingestion.parcels import Parcel
from apps.deals.ingestion.people import OWNER, People
from apps.deals.ingestion.types import LeadRow
from apps.deals.models import Deal, DealParty

OWNER_PARTS = (DealParty.Part.OWNER.value, DealParty.Part.CO_OWNER.value)
# Room for every owner a list may add before the relatives.
FIRST_OTHER_RANK = 21
Changes = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Seat:
    """A stored party of a deal."""

    id: int
    public_id: uuid.UUID
    contact_id: int
    part: str
    rank: int
    created_at: Any


@dataclass(slots=True, eq=False)
class LeadDeal:
    """The deal of a parcel as it stands in this chunk."""

    id: int | None
    public_id: uuid.UUID
    parcel: Parcel
    seller: Owner | None = None
    owners: list[Owner] = field(default_factory=list)
    others: list[tuple[Owner, str]] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    is_changed: bool = False
    has_new_parties: bool = False

    @property
    def everybody(self) -> list[Owner]:
        if not self.others:
            return self.owners
        return [*self.owners, *(owner for owner, _ in self.others)]

    def parties(self) -> list[tuple[Owner, str, int]]:
        """Who is to stand in the deal, in which part, at which rank."""
        found = [(owner, OWNER_PARTS[min(at, 1)], at + 1) for at, owner in enumerate(self.owners)]
        return found + [
            (owner, part, FIRST_OTHER_RANK + at) for at, (owner, part) in enumerate(self.others)
        ]


@dataclass
class Pipeline:
    """Opens deals for new parcels and keeps the people of known ones up to date."""

    workspace_id: int
    new: list[LeadDeal] = field(default_factory=list)
    known: list[LeadDeal] = field(default_factory=list)
    _seats: dict[int, list[Seat]] = field(default_factory=dict)
    _rows: list[tuple[int, uuid.UUID, int | None, int]] = field(default_factory=list)

    def load(self, parcels: Iterable[Parcel]) -> list[int]:
        """Read the deals of known parcels; returns the contacts standing in them."""
        self._by_property = {parcel.id: parcel for parcel in parcels if parcel.deal is None}
        deals = Deal.objects.keyed_in_workspace(self.workspace_id)
        self._rows = list(
            deals.filter(property_id__any_of=Many(self._by_property)).values_list(
                "id", "public_id", "seller_id", "property_id"
            )
        )
        parties = DealParty.objects.keyed_in_workspace(self.workspace_id)
        for deal, *seat in (
            parties.filter(deal_id__any_of=Many(row[0] for row in self._rows))
            .order_by("rank", "id")
            .values_list("deal_id", "id", "public_id", "contact_id", "part", "rank", "created_at")
        ):
            self._seats.setdefault(deal, []).append(Seat(*seat))
        sellers = [row[2] for row in self._rows if row[2]]
        return sellers + [seat.contact_id for seats in self._seats.values() for seat in seats]

    def seat(self, people: People) -> None:
        """Put the contacts, now read, into the deals."""
        for key, public_id, seller, parcel_id in self._rows:
            seats = self._seats.get(key, [])
            deal = LeadDeal(
                key,
                public_id,
                self._by_property[parcel_id],
                people.by_id(seller) if seller else None,
                [people.by_id(seat.contact_id) for seat in seats if seat.part in OWNER_PARTS],
                [
                    (people.by_id(seat.contact_id), seat.part)
                    for seat in seats
                    if seat.part not in OWNER_PARTS
                ],
                seats,
            )
            deal.parcel.deal = deal
            self.known.append(deal)

    def open(self, parcel: Parcel) -> LeadDeal:
        deal = LeadDeal(None, uuid.uuid4(), parcel)
        parcel.deal = deal
        self.new.append(deal)
        return deal

    def merge(
        self, deal: LeadDeal, row: LeadRow, people: People, *, is_believed: bool, is_fresh: bool
    ) -> Changes:
        """Take over the row's people; {field: [old, new]}.

        `is_believed`: the row may say who owns the property. `is_fresh`: nothing fresher or
        stronger said it, so that the owner's mailing address may follow.
        """
        changes: Changes = {}
        before = [owner.name for owner in deal.owners]
        if is_believed:
            owners = self._owners(deal, row, people)
            for at, owner in enumerate(owners):
                _join(changes, people.merge(owner, row, is_first=at == 0, may_move=is_fresh))
            # A blank second owner says nothing: the one on record stays.
            if owners != deal.owners[: len(owners)]:
                _replace_owners(deal, owners)
        for person in row.people:
            if is_believed or person.part != OWNER:
                owner = people.find_or_open_person(person, row, deal.everybody)
                _join(changes, people.merge_person(owner, person))
                _seat_person(deal, owner, person.part, changes)
        after = [owner.name for owner in deal.owners]
        if before != after:
            changes["owners"] = [before, after]
        deal.is_changed = deal.is_changed or bool(changes)
        return changes

    def _owners(self, deal: LeadDeal, row: LeadRow, people: People) -> list[Owner]:
        names = owners_of(row)
        if deal.owners and not row.owners:
            # Nobody named: the phones belong to whoever is known to own it.
            return deal.owners[:1] if names else []
        found: list[Owner] = []
        for name in names:
            owner = people.find_or_open(name, row, deal.owners)
            if owner not in found:
                found.append(owner)
        return found

    @property
    def changed(self) -> list[LeadDeal]:
        return [deal for deal in self.known if deal.is_changed or deal.parcel.is_renamed]


def owners_claim(deal: LeadDeal | None, row: LeadRow) -> tuple[str, str]:
    """The owners held and those the row names, as texts that are equal where they agree."""
    held = deal.owners if deal else []
    shown = " & ".join(owner.name for owner in held)
    if not row.owners:
        return shown, ""
    names = {comparable_name(name): name.full for name in row.owners[:2]}
    if list(names) == [owner.name_key for owner in held[: len(names)]]:
        return shown, shown
    return shown, " & ".join(names.values())


def _replace_owners(deal: LeadDeal, owners: list[Owner]) -> None:
    # A seller chosen by a person from outside the list stays; one who sold the house goes.
    if deal.seller is None or (deal.seller in deal.owners and deal.seller not in owners):
        deal.seller = owners[0]
    deal.owners = owners
    deal.others = [(other, part) for other, part in deal.others if other not in owners]
    deal.has_new_parties = True


def _seat_person(deal: LeadDeal, owner: Owner, part: str, changes: Changes) -> None:
    """Somebody beside the owners; whoever stands in the deal keeps their part."""
    if owner in deal.owners:
        return
    if part == OWNER:
        deal.others = [(other, held) for other, held in deal.others if other is not owner]
        deal.owners = [*deal.owners, owner]
        deal.seller = deal.seller or owner
    elif any(other is owner for other, _ in deal.others):
        return
    else:
        held = part if part in DealParty.Part.values else DealParty.Part.OTHER.value
        deal.others = [*deal.others, (owner, held)]
        _join(changes, {"people": [[], [owner.name]]})
    deal.has_new_parties = True


def _join(changes: Changes, more: Changes) -> None:
    for name, (old, new) in more.items():
        if name in changes and isinstance(new, list):
            changes[name] = [[*changes[name][0], *old], [*changes[name][1], *new]]
        else:
            changes[name] = [old, new]


def search_text(deal: LeadDeal) -> str:
    """All that a person may type to find the deal, in lower case."""
    values = deal.parcel.values
    place = [values[name] for name in ("line", "unit", "city", "state", "zip", "apn")]
    people = [part for owner in deal.everybody for part in (owner.name, *owner.phones)]
    return " ".join(str(part) for part in (*place, *people) if part).lower()

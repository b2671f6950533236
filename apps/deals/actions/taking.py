"""What another source says of the whole address or the owners, put in place by a person.

No actions of their own: `settle_conflict` calls them inside its transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from apps.common.names import parse_owners
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion.claimed import row_that_said
from apps.deals.ingestion.parcels import read_parcel, row_address
from apps.deals.ingestion.people import People
from apps.deals.ingestion.people_writing import write_people
from apps.deals.ingestion.pipeline import LeadDeal, Pipeline, owners_claim, search_text
from apps.deals.ingestion.places import place_in
from apps.deals.ingestion.types import LeadRow, PostalAddress
from apps.deals.ingestion.writing import write_deals
from apps.deals.models import Deal, Property
from apps.events.actions import Actor, current_scope
from apps.events.history import record_bulk


class ConflictNotTakeable(ValueError):
    """The other value cannot be put in its place by a click; the text says why."""


def take_address(deal: Deal, held: Property, stored: Sequence[Any]) -> None:
    """The other source's address, as its row has it in parts."""
    lead = row_that_said(held, stored, row_address)
    place = lead.place if lead else place_in(str(stored[0]))
    # Without its row only words are left, and a street has a number.
    if not place.key or not (lead or any(letter.isdigit() for letter in place.line)):
        raise ConflictNotTakeable(
            f"“{stored[0]}” cannot be read as an address. Ours is kept; choose *Keep ours* to hear"
            " no more of it."
        )
    _require_free(held, place)
    held.line, held.unit, held.city = place.line, place.unit, place.city
    held.state, held.zip, held.address_key = place.state, place.zip_code, place.key
    held.save()
    refresh_search_text(deal)


def refresh_search_text(deal: Deal) -> None:
    """What a person may type to find the deal, after its place or people changed."""
    standing, _, _ = _standing(deal.property)
    deal.search_text = search_text(standing)
    deal.save(update_fields=["search_text"])


def _require_free(held: Property, place: PostalAddress) -> None:
    """Where one of two has no parcel number, its address is all that tells them apart."""
    there = Property.objects.in_workspace(held.workspace_id).filter(address_key=place.key)
    if held.apn_key:
        there = there.filter(Q(apn_key="") | Q(apn_key=held.apn_key))
    if other := there.exclude(pk=held.pk).first():
        raise ConflictNotTakeable(
            f"You have another property at {other.address}. Ours is kept; look at both before you"
            " give one the other's address."
        )


def take_owners(
    deal: Deal, held: Property, stored: Sequence[Any], actor: Actor, now: datetime
) -> None:
    """The owners that the other source names, with the mailing address and phones of its row.

    Who owned it before leaves the deal and stays a contact. Where the row is gone, the names alone
    are taken.
    """
    lead = row_that_said(held, stored, lambda row: owners_claim(None, row)[1])
    lead = lead or LeadRow(
        0, _place_of(held), held.county, held.apn, held.county_key, held.apn_key,
        owners=tuple(parse_owners(str(stored[0]))),
    )  # fmt: skip
    if not lead.owners:
        raise ConflictNotTakeable(
            f"“{stored[0]}” cannot be read as a name. Ours is kept; add the owner by hand."
        )
    standing, people, pipeline = _standing(held, lead)
    pipeline.merge(standing, lead, people, is_believed=True, is_fresh=False)
    source = str(stored[1])[:80]
    written = write_people(people, source, now)
    write_deals(pipeline, None, source, now)
    scope = current_scope()
    reason = scope.name if scope else ""
    for model, keys, kind in (
        (Contact, written.contacts, "+"),
        (Contact, written.changed_contacts, "~"),
        (Phone, written.phones, "+"),
        (Phone, written.changed_phones, "~"),
        (EmailAddress, written.emails, "+"),
        (Deal, [deal.pk], "~"),
    ):
        record_bulk(model, keys, kind=kind, reason=reason, actor=actor, now=now)
    deal.refresh_from_db(fields=["seller", "search_text"])


def _standing(held: Property, *rows: LeadRow) -> tuple[LeadDeal, People, Pipeline]:
    """The property's deal with its people, as an import reads them."""
    parcel = read_parcel(held)
    pipeline, people = Pipeline(held.workspace_id), People(held.workspace_id)
    people.load(rows, pipeline.load([parcel]), {})
    pipeline.seat(people)
    return parcel.deal, people, pipeline


def _place_of(held: Property) -> PostalAddress:
    return PostalAddress(held.line, held.unit, held.city, held.state, held.zip, held.address_key)

"""Where the properties of a person lie: quiet hours take the strictest place of all."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from apps.channels.places import time_zones_of
from apps.contacts.types import PostalAddress
from apps.deals.models import Deal, DealParty


def owned_places(workspace_id: int, contact_ref: UUID) -> tuple[frozenset[str], frozenset[str]]:
    """(states, time zones) of every property the contact is a party to; empty for none."""
    rows = DealParty.objects.in_workspace(workspace_id).filter(contact__public_id=contact_ref)
    homes = rows.exclude(deal__property__state="").values_list(
        "deal__property__state", "deal__property__zip"
    )
    states: set[str] = set()
    zones: set[str] = set()
    for state, postal_code in homes.distinct():
        states.add(state)
        zones |= time_zones_of(state, postal_code)
    return frozenset(states), frozenset(zones)


def owned_address(workspace_id: int, contact_ref: UUID) -> PostalAddress | None:
    """The property a skip trace is asked about: of several, the one of the newest open deal."""
    owns = Q(
        parties__contact__public_id=contact_ref,
        parties__part__in=[DealParty.Part.OWNER, DealParty.Part.CO_OWNER],
    )
    rows = Deal.objects.in_workspace(workspace_id).filter(owns | Q(seller__public_id=contact_ref))
    rows = rows.exclude(property__line="").select_related("property").distinct()
    deal = max(rows[:100], key=lambda row: (row.status == "open", row.pk), default=None)
    if deal is None:
        return None
    home = deal.property
    line = " ".join(part for part in (home.line, home.unit) if part)
    return PostalAddress(line, home.city, home.state, home.zip)

"""Where the properties of a person lie: quiet hours take the strictest place of all."""

from __future__ import annotations

from uuid import UUID

from apps.channels.places import time_zones_of
from apps.deals.models import DealParty


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

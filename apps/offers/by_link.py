"""The one look-up without a workspace: a seller's link is the key to a single offer."""

from __future__ import annotations

from datetime import datetime

from apps.common.ids import digest
from apps.offers.models import Offer
from apps.offers.types import OfferState


def find_public_offer(token: str, *, now: datetime) -> Offer | None:
    """The offer behind a seller's link: open, or accepted. None for anything else, alike."""
    rows = Offer.across_workspaces.select_related(
        "workspace", "deal__property", "seller", "strategy"
    )
    offer = rows.filter(token_hash=digest(token)).first()
    if offer is None:
        return None
    is_open = offer.state == OfferState.READY and offer.expires_at > now
    return offer if is_open or offer.state == OfferState.ACCEPTED else None

"""Deals, contacts, offers and the log, to read."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.api.filters import ContactFilter, DealFilter, EventFilter
from apps.api.pagination import FeedPages
from apps.api.serializers import (
    ContactSerializer,
    DealSerializer,
    EventSerializer,
    OfferSerializer,
)
from apps.api.views.base import Endpoint, ListEndpoint
from apps.contacts.queries import browse_contacts, get_contact
from apps.deals.queries import get_deal
from apps.deals.queries.browse import browse_deals
from apps.events.queries import browse_sealed
from apps.offers.queries import get_offer, offers_of


@extend_schema(parameters=[DealFilter], tags=["Deals"])
class DealList(ListEndpoint):
    """Deals, newest first."""

    scopes = {"GET": ("deals:read",)}
    serializer_class = DealSerializer
    filter_class = DealFilter

    def get_queryset(self) -> Any:
        return browse_deals(self.workspace, **self.filters())


class DealDetail(Endpoint):
    scopes = {"GET": ("deals:read",)}

    @extend_schema(responses=DealSerializer, tags=["Deals"])
    def get(self, request: Any, deal_id: UUID) -> Response:
        """One deal."""
        return Response(DealSerializer(self.one("deal", get_deal, deal_id)).data)


@extend_schema(parameters=[ContactFilter], tags=["Contacts"])
class ContactList(ListEndpoint):
    """People, companies, trusts and estates, newest first."""

    scopes = {"GET": ("contacts:read",)}
    serializer_class = ContactSerializer
    filter_class = ContactFilter

    def get_queryset(self) -> Any:
        return browse_contacts(self.workspace, **self.filters())


class ContactDetail(Endpoint):
    scopes = {"GET": ("contacts:read",)}

    @extend_schema(responses=ContactSerializer, tags=["Contacts"])
    def get(self, request: Any, contact_id: UUID) -> Response:
        """One contact. The id of a merged one answers with the contact it became part of."""
        return Response(ContactSerializer(self.one("contact", get_contact, contact_id)).data)


class OfferDetail(Endpoint):
    scopes = {"GET": ("offers:read",)}

    @extend_schema(responses=OfferSerializer, tags=["Offers"])
    def get(self, request: Any, offer_id: UUID) -> Response:
        """One offer."""
        return Response(OfferSerializer(self.one("offer", get_offer, offer_id)).data)


def narrowed_offers(workspace: Any, filters: dict[str, Any]) -> Any:
    rows = offers_of(workspace)
    if "state" in filters:
        rows = rows.filter(state=filters["state"])
    if "deal" in filters:
        rows = rows.filter(deal__public_id=filters["deal"])
    return rows


@extend_schema(parameters=[EventFilter], tags=["Events"])
class EventList(ListEndpoint):
    """The log of facts, oldest first: read it once, then go on with `after`."""

    scopes = {"GET": ("events:read",)}
    serializer_class = EventSerializer
    filter_class = EventFilter
    pagination_class = FeedPages

    def get_queryset(self) -> Any:
        return browse_sealed(self.workspace.pk, **self.filters())

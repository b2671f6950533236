"""The properties of one contact, as a panel on the contact's page."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.contacts.queries import find_contact
from apps.deals.queries.portfolio import list_portfolio
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_GET
@member_required
def portfolio_panel(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    contact = find_contact(workspace, contact_id)
    if contact is None:
        raise Http404
    deals = list_portfolio(workspace, contact_id)
    context = {
        "contact": contact,
        "deals": deals,
        "property_count": len({deal.property_id for deal in deals}),
    }
    return render(request, "deals/panels/portfolio.html", context)

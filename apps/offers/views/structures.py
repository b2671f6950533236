"""Every way of buying a deal side by side, and the seller's loan as a file."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.common.csv_export import stream_csv
from apps.offers.comparing import NoSchedule, compare_deal, list_payments
from apps.offers.views.deal import deal_or_404
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def structures_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    deal = deal_or_404(request, deal_id)
    context = {"deal": deal, "comparison": compare_deal(workspace, deal)}
    return render(request, "offers/panels/structures.html", context)


@require_safe
@member_required
def seller_finance_schedule(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Payment by payment; the balloon stands in the last row."""
    workspace = cast(WorkspaceRequest, request).workspace
    try:
        payments = list_payments(workspace, deal_or_404(request, deal_id))
    except NoSchedule as error:
        raise Http404(str(error)) from error
    rows = ([p.number, p.amount, p.interest, p.principal, p.balance] for p in payments)
    header = ["Payment", "Amount", "Interest", "Principal", "Balance"]
    response = StreamingHttpResponse(stream_csv(header, rows), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="seller-finance-schedule.csv"'
    return cast(HttpResponse, response)

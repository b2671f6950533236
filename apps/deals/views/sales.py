"""Sending recorded sales in and watching them arrive."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from apps.common.clock import now
from apps.common.csv_export import csv_response
from apps.common.htmx import is_htmx
from apps.deals.models import SaleImport
from apps.deals.sales import queries
from apps.deals.sales.actions import end_sale_import, start_sale_import
from apps.deals.sales.forms import SalesUploadForm
from apps.deals.sales.tasks import wake_sale_importer
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.permissions import may_work_sellers


@require_safe
@member_required
def sale_list(request: HttpRequest) -> HttpResponse:
    return _show_list(request, SalesUploadForm())


@require_POST
@seller_side_required
def sale_upload(request: HttpRequest) -> HttpResponse:
    """A refused file gives the page again, with the reason beside the field."""
    form = SalesUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_list(request, form, status=422)
    held = start_sale_import(
        workspace=cast(WorkspaceRequest, request).workspace,
        actor=actor_of(request),
        file_name=form.cleaned_data["file"].name,
        sale_file=form.sale_file,
        default_state=form.cleaned_data["state"],
        now=now(),
    )
    wake_sale_importer()
    return redirect("deals:sale_import", import_id=held.public_id)


@require_safe
@member_required
def sale_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Progress, then the result; htmx gets the live part alone, which stops asking at the end."""
    context = _detail(request, _find(request, import_id))
    template = "deals/panels/sale_live.html" if is_htmx(request) else "deals/sale_import.html"
    return render(request, template, context)


@require_POST
@seller_side_required
def sale_cancel(request: HttpRequest, import_id: UUID) -> HttpResponse:
    held = end_sale_import(
        workspace=cast(WorkspaceRequest, request).workspace,
        actor=actor_of(request),
        sale_import=_find(request, import_id),
        state=SaleImport.State.CANCELED,
        now=now(),
    )
    if is_htmx(request):
        return render(request, "deals/panels/sale_live.html", _detail(request, held))
    return redirect("deals:sale_import", import_id=import_id)


@require_GET
@member_required
def sale_rejects(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Rows that became no sale, as they came, each with its row number and reason in front."""
    held = _find(request, import_id)
    header = ["Row", "Outcome", "Reason", *held.header]
    rows = (
        [row.row_no, row.outcome, row.reason, *row.raw] for row in queries.stream_odd_rows(held)
    )
    return csv_response(f"sales-left-out-{held.public_id.hex[:8]}.csv", header, rows)


def _show_list(request: HttpRequest, form: SalesUploadForm, status: int = 200) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    context = {
        "form": form,
        "imports": queries.list_sale_imports(scoped.workspace, now()),
        "held": queries.count_sales(scoped.workspace),
        "may_import": may_work_sellers(scoped.membership.role),
    }
    return render(request, "deals/sale_list.html", context, status=status)


def _find(request: HttpRequest, import_id: UUID) -> SaleImport:
    try:
        return queries.get_sale_import(cast(WorkspaceRequest, request).workspace, import_id)
    except queries.SaleImportNotFound as error:
        raise Http404 from error


def _detail(request: HttpRequest, held: SaleImport) -> dict[str, Any]:
    progress = queries.sale_progress(held, now())
    return {
        "sale_import": held,
        "progress": progress,
        "rows": [] if progress.is_open else queries.list_odd_rows(held),
        "may_import": may_work_sellers(cast(WorkspaceRequest, request).membership.role),
    }

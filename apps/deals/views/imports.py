"""Sending a list in, watching it arrive, and taking its rejects away."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from apps.common.clock import now
from apps.common.csv_export import csv_response
from apps.common.htmx import is_htmx
from apps.deals.import_forms import UploadForm
from apps.deals.ingestion import queries
from apps.deals.ingestion.actions import cancel_import
from apps.deals.ingestion.tasks import wake_importer
from apps.deals.ingestion.types import Outcome
from apps.deals.ingestion.undo import UNDOABLE, NotUndoable, undo_import
from apps.deals.models import LeadImport
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.permissions import may_work_sellers


@require_safe
@member_required
def import_list(request: HttpRequest) -> HttpResponse:
    return show_list(request, UploadForm())


@require_safe
@member_required
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Progress, then the result; htmx gets further rows of the table alone."""
    lead_import = find_import(request, import_id)
    if lead_import.state == LeadImport.State.DRAFT:
        return redirect("deals:import_preview", import_id)
    context = _detail(request, lead_import)
    template = "deals/panels/import_rows.html" if is_htmx(request) else "deals/import_detail.html"
    return render(request, template, context)


@require_GET
@member_required
def import_progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The live part. Once the import is over it comes without a trigger, so polling ends."""
    context = _detail(request, find_import(request, import_id))
    return render(request, "deals/panels/import_live.html", context)


@require_POST
@seller_side_required
def cancel(request: HttpRequest, import_id: UUID) -> HttpResponse:
    lead_import = cancel_import(
        workspace=cast(WorkspaceRequest, request).workspace,
        actor=actor_of(request),
        lead_import=find_import(request, import_id),
        now=now(),
    )
    if is_htmx(request):
        return render(request, "deals/panels/import_live.html", _detail(request, lead_import))
    return redirect("deals:import_detail", import_id=import_id)


@require_POST
@seller_side_required
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    lead_import = find_import(request, import_id)
    try:
        lead_import = undo_import(
            workspace=cast(WorkspaceRequest, request).workspace,
            actor=actor_of(request),
            lead_import=lead_import,
            now=now(),
        )
    except NotUndoable as refusal:
        messages.warning(request, str(refusal))
    else:
        wake_importer()
    if is_htmx(request):
        return render(request, "deals/panels/import_live.html", _detail(request, lead_import))
    return redirect("deals:import_detail", import_id=import_id)


@require_GET
@member_required
def rejects(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The rejected rows as they came, each with its row number and reason in front."""
    lead_import = find_import(request, import_id)
    header = ["Row", "Reason", *lead_import.header]
    rows = ([row.row_no, row.reason, *row.raw] for row in queries.stream_refused(lead_import))
    return csv_response(f"rejects-{lead_import.public_id.hex[:8]}.csv", header, rows)


def show_list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    context = {
        "form": form,
        "imports": queries.list_recent_imports(scoped.workspace),
        "may_import": may_work_sellers(scoped.membership.role),
    }
    return render(request, "deals/import_list.html", context, status=status)


def find_import(request: HttpRequest, import_id: UUID) -> LeadImport:
    try:
        return queries.get_import(cast(WorkspaceRequest, request).workspace, import_id)
    except queries.ImportNotFound as error:
        raise Http404 from error


def _detail(request: HttpRequest, lead_import: LeadImport) -> dict[str, Any]:
    progress = queries.progress_of(lead_import, now())
    chosen = request.GET.get("outcome", "")
    outcome = next((one for one in Outcome if one.value == chosen), None)
    after = request.GET.get("after", "")
    rows: tuple[list[Any], int | None] = ([], None)
    if not progress.is_busy:
        place = int(after) if after.isdecimal() and len(after) < 10 else 0
        rows = queries.list_rows(lead_import, outcome, place)
    return {
        "progress": progress,
        "lead_import": lead_import,
        "rows": rows[0],
        "next_row": rows[1],
        "outcome": outcome,
        "outcomes": list(Outcome),
        "step": 4 if progress.is_open else 5,
        "is_undoable": lead_import.state in UNDOABLE and bool(lead_import.rows_done),
        "kept_rows": queries.list_kept(lead_import)[0] if lead_import.kept_count else [],
        "may_import": may_work_sellers(cast(WorkspaceRequest, request).membership.role),
    }

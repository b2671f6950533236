"""From a dropped file to the word to go: its columns, its preview."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from apps.common.clock import now
from apps.deals.import_forms import UploadForm
from apps.deals.ingestion import looking, queries
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.drafts import NotADraft, confirm_import, discard_import, map_import
from apps.deals.ingestion.mapping import Detection, check_mapping
from apps.deals.ingestion.presets import remember_mapping
from apps.deals.ingestion.previewing import renew_preview
from apps.deals.ingestion.tasks import wake_importer, wake_previewer
from apps.deals.mapping_forms import MappingForm
from apps.deals.models import LeadImport
from apps.deals.views.imports import find_import, show_list
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.permissions import may_work_sellers

TOP_FIELDS = 12


@require_POST
@seller_side_required
def upload(request: HttpRequest) -> HttpResponse:
    """A refused file gives the page again, with the reason beside the field.

    A header that is known goes on to the preview, any other to the meaning of its columns.
    """
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_list(request, form, status=422)
    lead_import = start_import(
        **_who(request),
        file_name=form.cleaned_data["file"].name,
        list_file=form.list_file,
        as_of=form.cleaned_data["as_of"],
        is_draft=True,
    )
    detection = looking.get_detection(lead_import)
    lead_import = map_import(
        **_who(request),
        lead_import=lead_import,
        mapping=lead_import.mapping,
        lead_list_name=form.cleaned_data["list_name"],
    )
    wake_previewer()
    is_known = (detection.is_exact or detection.is_remembered) and not _problems(lead_import)
    step = "deals:import_preview" if is_known else "deals:import_columns"
    return redirect(step, lead_import.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What each column means; POST keeps it and leads to the preview."""
    lead_import = find_import(request, import_id)
    if lead_import.state != LeadImport.State.DRAFT:
        return redirect("deals:import_detail", import_id)
    detection = looking.get_detection(lead_import)
    if request.method == "POST":
        return _keep_columns(request, lead_import, detection)
    lead_list = lead_import.lead_list
    form = MappingForm(
        columns=detection.columns,
        mapping=lead_import.mapping,
        initial={"list_name": lead_list.name if lead_list else ""},
    )
    return _show_columns(request, lead_import, detection, form)


@seller_side_required
def _keep_columns(
    request: HttpRequest, lead_import: LeadImport, detection: Detection
) -> HttpResponse:
    form = MappingForm(request.POST, columns=detection.columns, mapping=lead_import.mapping)
    if not form.is_valid():
        return _show_columns(request, lead_import, detection, form, status=422)
    try:
        map_import(
            **_who(request),
            lead_import=lead_import,
            mapping=form.mapping,
            lead_list_name=form.cleaned_data["list_name"],
        )
    except NotADraft as refusal:
        messages.warning(request, str(refusal))
        return redirect("deals:import_detail", lead_import.public_id)
    wake_previewer()
    if form.cleaned_data["remember"]:
        remember_mapping(
            **_who(request),
            header=lead_import.header,
            mapping=form.mapping,
            label=form.cleaned_data["list_name"],
            is_person_rows=lead_import.is_person_rows,
            is_surname_first=lead_import.is_surname_first,
        )
        messages.success(request, "Remembered: the next list with this header maps itself.")
    return redirect("deals:import_preview", lead_import.public_id)


@require_safe
@member_required
def preview(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What importing would do, before anything is done."""
    lead_import = find_import(request, import_id)
    if lead_import.state != LeadImport.State.DRAFT:
        return redirect("deals:import_detail", import_id)
    if _problems(lead_import):
        return redirect("deals:import_columns", import_id)
    shown = looking.get_preview(lead_import, now=now())
    return render(request, "deals/import_preview.html", _shown(request, lead_import, shown))


@require_GET
@member_required
def preview_counted(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The live part of a long draft's preview: 204 while there is nothing new to show."""
    lead_import = find_import(request, import_id)
    if lead_import.state != LeadImport.State.DRAFT:
        # Somebody started it or threw it away: htmx goes to the page that says so.
        page = reverse("deals:import_detail", args=[import_id])
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    shown = looking.get_counted(lead_import)
    if shown is None:
        return HttpResponse(status=204)
    panel = "deals/panels/import_preview_live.html"
    return render(request, panel, _shown(request, lead_import, shown))


@require_POST
@seller_side_required
def look_again(request: HttpRequest, import_id: UUID) -> HttpResponse:
    lead_import = find_import(request, import_id)
    try:
        renew_preview(**_who(request), lead_import=lead_import)
    except NotADraft as refusal:
        messages.warning(request, str(refusal))
        return redirect("deals:import_detail", import_id)
    wake_previewer()
    return redirect("deals:import_preview", import_id)


@require_POST
@seller_side_required
def start(request: HttpRequest, import_id: UUID) -> HttpResponse:
    lead_import = find_import(request, import_id)
    if lead_import.state == LeadImport.State.DRAFT and _problems(lead_import):
        messages.warning(request, "Say what the columns mean first.")
        return redirect("deals:import_columns", import_id)
    try:
        confirm_import(**_who(request), lead_import=lead_import)
    except NotADraft as refusal:
        messages.warning(request, str(refusal))
    else:
        wake_importer()
    return redirect("deals:import_detail", import_id)


@require_POST
@seller_side_required
def discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    lead_import = find_import(request, import_id)
    try:
        discard_import(**_who(request), lead_import=lead_import)
    except NotADraft as refusal:
        messages.warning(request, str(refusal))
        return redirect("deals:import_detail", import_id)
    messages.success(request, f"{lead_import.file_name} was thrown away. Nothing was imported.")
    return redirect("deals:import_list")


def _who(request: HttpRequest) -> dict[str, Any]:
    return {
        "workspace": cast(WorkspaceRequest, request).workspace,
        "actor": actor_of(request),
        "now": now(),
    }


def _problems(lead_import: LeadImport) -> list[str]:
    return check_mapping(lead_import.header, lead_import.mapping)


def _shown(
    request: HttpRequest, lead_import: LeadImport, shown: looking.ShownPreview
) -> dict[str, Any]:
    return {
        **_draft_context(request, lead_import, step=3),
        "shown": shown,
        "layout": queries.progress_of(lead_import, now()).layout,
        "samples": [(name, rows) for name, rows in shown.preview.samples.items() if rows],
        "top_fields": shown.preview.changed_fields.most_common(TOP_FIELDS),
    }


def _draft_context(request: HttpRequest, lead_import: LeadImport, *, step: int) -> dict[str, Any]:
    return {
        "lead_import": lead_import,
        "step": step,
        "may_import": may_work_sellers(cast(WorkspaceRequest, request).membership.role),
    }


def _show_columns(
    request: HttpRequest,
    lead_import: LeadImport,
    detection: Detection,
    form: MappingForm,
    status: int = 200,
) -> HttpResponse:
    rows = list(form.rows())
    context = {
        **_draft_context(request, lead_import, step=2),
        "detection": detection,
        "form": form,
        "mapped": [row for row in rows if not row.is_left_out],
        "left_out": [row for row in rows if row.is_left_out],
    }
    return render(request, "deals/import_columns.html", context, status=status)

"""Sources of leads: the list, one source, entering, trying, stopping."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.deals.feeds import queries
from apps.deals.feeds.actions import (
    pause_source,
    request_run,
    resume_source,
)
from apps.deals.feeds.calls.queries import count_calls, list_calls
from apps.deals.feeds.calls.secrets import CURRENT, PREVIOUS
from apps.deals.feeds.calls.settings import SettingsInvalid, settings_of
from apps.deals.feeds.reporting import guide_of, read_up_to
from apps.deals.models import LeadSource, WebhookCall
from apps.workspaces.access import actor_of, configurer_required, member_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.vault import KeyMissing, unseal

RUNS, IMPORTS = 50, 10
_SHOWN_ONCE = "source_secret"
TYPES = {
    "webhook": (
        "bolt",
        "Web forms, Zapier, BatchLeads and BatchDialer send each lead as it comes.",
    ),
    "reso": ("building", "Listings of your MLS that expire, are withdrawn or change their price."),
    "batchdata": ("database", "Properties by place and quick list, with owners and loans."),
    "reapi": ("database", "Properties by place and criteria."),
    "rentcast": ("database", "Properties and listings with rents."),
    "socrata": ("building-bank", "Sales, tax liens and violations that a county publishes."),
    "folder": ("file-spreadsheet", "List files that another program puts into a folder."),
}


@require_safe
@member_required
def source_list(request: HttpRequest) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    figures = queries.source_figures(workspace, now=now())
    rows = [
        (one, TYPES[one.source.type][0], read_up_to(one.source.watermark, workspace.time_zone))
        for one in figures
    ]
    return render(request, "deals/source_list.html", {"rows": rows})


@require_safe
@member_required
def source_detail(request: HttpRequest, source_id: UUID) -> HttpResponse:
    source = find_source(request, source_id)
    context = {
        "source": source,
        "figures": _figures(request, source),
        "icon": TYPES[source.type][0],
        "read_up_to": read_up_to(source.watermark, source.workspace.time_zone),
        "runs": queries.list_runs(source, RUNS),
        "imports": queries.list_imports_of(source, IMPORTS),
    }
    if source.type == LeadSource.Type.WEBHOOK:
        context |= _webhook(request, source)
    if is_htmx(request) and "cursor" in request.GET:
        return render(request, "deals/panels/source_calls.html", context)
    return render(request, "deals/source_detail.html", context)


@require_POST
@configurer_required
def source_action(request: HttpRequest, source_id: UUID, verb: str) -> HttpResponse:
    """`verb`: pause, resume or run."""
    act, told = {
        "pause": (pause_source, "Paused. What was read stays; resume to go on from there."),
        "resume": (resume_source, "Resumed."),
        "run": (request_run, "It is read now."),
    }[verb]
    source = find_source(request, source_id)
    act(workspace=source.workspace, actor=actor_of(request), source=source, now=now())
    messages.success(request, told)
    return redirect("deals:source_detail", source_id=source_id)


def show_once(request: HttpRequest, source: LeadSource, secret: str) -> None:
    """Keep a new secret for the next page; sessions lie in the database, never in a cookie."""
    request.session[_SHOWN_ONCE] = [str(source.public_id), secret]


def find_source(request: HttpRequest, source_id: UUID) -> LeadSource:
    try:
        return queries.get_source(cast(WorkspaceRequest, request).workspace, source_id)
    except LeadSource.DoesNotExist as error:
        raise Http404 from error


def _figures(request: HttpRequest, source: LeadSource) -> queries.SourceFigures:
    found = queries.source_figures(source.workspace, now=now())
    return next(one for one in found if one.source.pk == source.pk)


def _webhook(request: HttpRequest, source: LeadSource) -> dict[str, Any]:
    shown = request.session.get(_SHOWN_ONCE)
    secret = ""
    if shown and shown[0] == str(source.public_id):
        secret = request.session.pop(_SHOWN_ONCE)[1]
    try:
        guide = guide_of(source, settings_of(source.settings))
        held = unseal(source.credentials)
        trouble = ""
    except (SettingsInvalid, ValueError, KeyMissing) as error:
        guide, held, trouble = None, {}, str(error)
    state = request.GET.get("state", "")
    return {
        "guide": guide,
        "trouble": trouble,
        "secret": secret,
        "has_secret": bool(held.get(CURRENT)),
        "is_rotating": bool(held.get(PREVIOUS)),
        "counts": count_calls(source),
        "calls": list_calls(source, state=state, cursor=request.GET.get("cursor", "")),
        "state": state,
        "states": WebhookCall.State.choices,
    }

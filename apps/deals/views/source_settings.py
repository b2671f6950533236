"""Entering a source: choosing its type, its settings, trying it out."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.deals.feeds.actions import SourceNotUsable, save_source
from apps.deals.feeds.calls.secrets import CURRENT, new_secret
from apps.deals.feeds.testing import test_source
from apps.deals.models import LeadSource
from apps.deals.source_forms import SourceForm
from apps.deals.views.sources import TYPES, find_source, show_once
from apps.workspaces.access import actor_of, configurer_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@configurer_required
def source_types(request: HttpRequest) -> HttpResponse:
    types = [(kind, *TYPES[kind.value]) for kind in LeadSource.Type]
    types.sort(key=lambda entry: list(TYPES).index(entry[0].value))
    return render(request, "deals/source_types.html", {"types": types})


@require_http_methods(["GET", "HEAD", "POST"])
@configurer_required
def source_new(request: HttpRequest, source_type: str) -> HttpResponse:
    if source_type not in LeadSource.Type.values:
        raise Http404
    scoped = cast(WorkspaceRequest, request)
    return _edit(request, LeadSource(workspace=scoped.workspace, type=source_type))


@require_http_methods(["GET", "HEAD", "POST"])
@configurer_required
def source_edit(request: HttpRequest, source_id: UUID) -> HttpResponse:
    return _edit(request, find_source(request, source_id))


def _edit(request: HttpRequest, source: LeadSource) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    form = SourceForm(request.POST or None, workspace=workspace, source=source)
    context: dict[str, Any] = {
        "form": form,
        "source": source,
        "label": LeadSource.Type(source.type).label,
        "icon": TYPES[source.type][0],
        "can_test": source.type != LeadSource.Type.WEBHOOK,
    }
    status = 200
    if request.method == "POST":
        status = 422
        is_valid = form.is_valid()
        if "test" in request.POST:
            return _try(request, context, is_valid=is_valid)
        if is_valid and (saved := _save(request, form)):
            return redirect("deals:source_detail", source_id=saved.public_id)
    return render(request, "deals/source_form.html", context, status=status)


def _save(request: HttpRequest, form: SourceForm) -> LeadSource | None:
    source = form.source
    is_new_hook = source.pk is None and source.type == LeadSource.Type.WEBHOOK
    secrets = {CURRENT: new_secret()} if is_new_hook else form.secrets
    try:
        saved = save_source(
            workspace=cast(WorkspaceRequest, request).workspace,
            actor=actor_of(request),
            source=source,
            secrets=secrets,
            now=now(),
        )
    except SourceNotUsable as problem:
        form.add_error(None, str(problem))
        return None
    if is_new_hook:
        show_once(request, saved, secrets[CURRENT])
    messages.success(request, f"{saved.name} is saved.")
    return saved


def _try(request: HttpRequest, context: dict[str, Any], *, is_valid: bool) -> HttpResponse:
    """Ask the source for one record with what stands in the form; nothing is stored."""
    form: SourceForm = context["form"]
    if is_valid:
        context["test"] = test_source(form.source, form.secrets)
    if is_htmx(request):
        return render(request, "deals/panels/source_test.html", context)
    return render(request, "deals/source_form.html", context, status=200 if is_valid else 422)

"""What a person does to a deal from its page."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.deals import actions
from apps.deals.forms import AssignForm, MoveForm, ValueForm
from apps.deals.models import Deal
from apps.deals.queries import get_deal
from apps.deals.views.detail import deal_or_404, header_context, page_context, tab_context
from apps.workspaces.access import actor_of, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest


@require_POST
@seller_side_required
def move(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    deal = deal_or_404(request, deal_id)
    form = MoveForm(request.POST, deal=deal)
    if not form.is_valid():
        return _header(request, deal, status=422, move_form=form)
    moved = actions.move_deal(
        **_who(request),
        deal=deal,
        to=form.cleaned_data["stage"],
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, f"The deal stands in “{moved.stage.label}” now.")
    return _header(request, deal)


@require_POST
@seller_side_required
def assign(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    deal = deal_or_404(request, deal_id)
    scoped = cast(WorkspaceRequest, request)
    form = AssignForm(request.POST, workspace=scoped.workspace, deal=deal)
    if not form.is_valid():
        return _header(request, deal, status=422, assign_form=form)
    actions.assign_deal(**_who(request), deal=deal, user=form.chosen())
    messages.success(request, f"In charge: {form.chosen() or 'nobody'}.")
    return _header(request, deal)


@require_POST
@seller_side_required
def value(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """ARV and repairs by hand; the score follows by itself within seconds."""
    deal = deal_or_404(request, deal_id)
    form = ValueForm(request.POST)
    if not form.is_valid():
        return _numbers(request, deal, form, status=422)
    try:
        actions.value_deal(**_who(request), deal=deal, **form.cleaned_data)
    except actions.ValueRefused as refusal:
        form.add_error(None, str(refusal))
        return _numbers(request, deal, form, status=422)
    messages.success(request, "Values kept. The score follows in a moment.")
    return _numbers(request, _again(request, deal), None)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {
        "workspace": cast(WorkspaceRequest, request).workspace,
        "actor": actor_of(request),
        "now": now(),
    }


def _again(request: HttpRequest, deal: Deal) -> Deal:
    return get_deal(cast(WorkspaceRequest, request).workspace, deal.public_id)


def _header(request: HttpRequest, deal: Deal, status: int = 200, **forms: Any) -> HttpResponse:
    """The header for htmx; else the page again, by redirect when all went well."""
    if is_htmx(request):
        fresh = _again(request, deal) if status == 200 else deal
        context = {**header_context(request, fresh), **forms}
        return render(request, "deals/panels/header.html", context, status=status)
    if status == 200:
        return redirect("deals:deal_detail", deal.public_id)
    context = {**page_context(request, deal), **tab_context(request, deal, "why"), **forms}
    return render(request, "deals/deal_detail.html", context, status=status)


def _numbers(
    request: HttpRequest, deal: Deal, form: ValueForm | None, status: int = 200
) -> HttpResponse:
    context = tab_context(request, deal, "numbers", form)
    if is_htmx(request):
        response = render(request, "deals/panels/tab.html", context, status=status)
        if status == 200:
            response["HX-Trigger"] = "deal-changed"
        return response
    if status == 200:
        return redirect(f"{reverse('deals:deal_detail', args=[deal.public_id])}?tab=numbers")
    context = {**page_context(request, deal), **context}
    return render(request, "deals/deal_detail.html", context, status=status)

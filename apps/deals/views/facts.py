"""Facts of a property: edited in place, and conflicts of sources settled."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.common.htmx import is_htmx, with_event
from apps.deals import actions
from apps.deals.fact_forms import FactForm
from apps.deals.ingestion.property_values import OWNERS
from apps.deals.known import BY_COLUMN
from apps.deals.models import Deal
from apps.deals.queries import get_deal
from apps.deals.views.detail import deal_or_404, facts_context, page_context, tab_context
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def facts_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    deal = deal_or_404(request, deal_id)
    return render(request, "deals/panels/facts.html", facts_context(request, deal))


@require_POST
@seller_side_required
def edit_fact(request: HttpRequest, deal_id: UUID, column: str) -> HttpResponse:
    """One fact by hand. What is wrong with it is said beside it, and nothing is changed."""
    deal = deal_or_404(request, deal_id)
    if column not in BY_COLUMN:
        raise Http404
    form = FactForm(BY_COLUMN[column], request.POST, held=deal.property)
    if form.is_valid():
        try:
            actions.edit_property(
                **_who(request), deal=deal, changes={column: form.cleaned_data["value"]}
            )
        except actions.EditRefused as refusal:
            form.add_error("value", str(refusal))
        else:
            messages.success(request, f"{BY_COLUMN[column].label} kept. No list overwrites it now.")
            return _answer(request, deal)
    return _answer(request, deal, form, status=422)


@require_POST
@seller_side_required
def settle_fact(request: HttpRequest, deal_id: UUID, column: str) -> HttpResponse:
    """Take the other source's value (`take` is yes), or keep ours."""
    deal = deal_or_404(request, deal_id)
    take = request.POST.get("take") == "yes"
    try:
        actions.settle_conflict(**_who(request), deal=deal, column=column, take=take)
    except (actions.NoSuchConflict, actions.ConflictNotTakeable) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _settled(column) if take else "Ours is kept.")
    return _answer(request, deal)


def _settled(column: str) -> str:
    if column == OWNERS:
        return (
            "Taken over. The former owners stay contacts; a follow-up that runs to one of them goes"
            " on until you stop it under Follow-up."
        )
    return "Taken over."


def _who(request: HttpRequest) -> dict[str, Any]:
    return {
        "workspace": cast(WorkspaceRequest, request).workspace,
        "actor": actor_of(request),
        "now": now(),
    }


def _answer(
    request: HttpRequest, deal: Deal, form: FactForm | None = None, status: int = 200
) -> HttpResponse:
    """The panel for htmx; else the page again, by redirect when all went well."""
    if form is None and not is_htmx(request):
        return redirect("deals:deal_detail", deal.public_id)
    deal = get_deal(cast(WorkspaceRequest, request).workspace, deal.public_id)
    context = facts_context(request, deal, form)
    if is_htmx(request):
        page = render(request, "deals/panels/facts.html", context, status=status)
        return page if form else with_event(page, "deal-changed")
    context = {**page_context(request, deal), **tab_context(request, deal, "why"), **context}
    return render(request, "deals/deal_detail.html", context, status=status)

"""One screen for a deal."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.common.htmx import is_htmx
from apps.deals.fact_forms import FactForm
from apps.deals.forms import AssignForm, MoveForm, ValueForm
from apps.deals.known import KNOWN
from apps.deals.models import Deal, Stage
from apps.deals.permissions import may_move_deal, may_value_deal
from apps.deals.queries import (
    explain_deal,
    get_deal,
    get_property_panel,
    list_computed_facts,
    list_parties,
    list_timeline,
)
from apps.deals.types import DealRow
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest

TABS = {
    "why": ("target", "Why"),
    "numbers": ("calculator", "Numbers"),
    "offers": ("report-money", "Offers"),
    "messages": ("message", "Messages"),
    "sequences": ("route", "Follow-up"),
    "timeline": ("timeline", "Timeline"),
}
NEXT_ACTIONS = {
    Stage.Kind.NEW: ("why", "Look at why it has its score"),
    Stage.Kind.QUALIFIED: ("offers", "Make an offer"),
    Stage.Kind.OFFERED: ("sequences", "Follow up on the offer"),
    Stage.Kind.IN_CONVERSATION: ("messages", "Answer the seller"),
    Stage.Kind.UNDER_CONTRACT: ("timeline", "Find a buyer and close"),
}


def deal_or_404(request: HttpRequest, deal_id: UUID) -> Deal:
    try:
        return get_deal(cast(WorkspaceRequest, request).workspace, deal_id)
    except Deal.DoesNotExist as error:
        raise Http404 from error


@require_safe
@member_required
def deal_detail(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The page; htmx asking for a tab gets the tab alone."""
    deal = deal_or_404(request, deal_id)
    tab = request.GET.get("tab", "why")
    if tab not in TABS:
        raise Http404
    context = tab_context(request, deal, tab)
    if is_htmx(request):
        return render(request, "deals/panels/tab.html", context)
    return render(request, "deals/deal_detail.html", {**page_context(request, deal), **context})


@require_safe
@member_required
def header_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Stage, score and person in charge; asked again after something changed them."""
    deal = deal_or_404(request, deal_id)
    return render(request, "deals/panels/header.html", header_context(request, deal))


@require_safe
@member_required
def timeline_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Older entries: `before` is the position to go on from."""
    deal = deal_or_404(request, deal_id)
    before = request.GET.get("before", "0")
    if not before.isdecimal() or len(before) > 18:
        raise Http404
    workspace = cast(WorkspaceRequest, request).workspace
    page = list_timeline(workspace, deal, before=int(before))
    return render(request, "deals/panels/timeline.html", {"deal": deal, "timeline": page})


def header_context(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    scoped = cast(WorkspaceRequest, request)
    tab, words = NEXT_ACTIONS.get(Stage.Kind(deal.stage.kind), ("", ""))
    return {
        "deal": deal,
        "row": DealRow(deal, getattr(deal, "score", None), getattr(deal, "metrics", None), None),
        "move_form": MoveForm(deal=deal),
        "assign_form": AssignForm(workspace=scoped.workspace, deal=deal),
        "may_move": may_move_deal(scoped.membership.role),
        "next_tab": tab,
        "next_action": words,
    }


def page_context(request: HttpRequest, deal: Deal) -> dict[str, Any]:
    workspace = cast(WorkspaceRequest, request).workspace
    return {
        **header_context(request, deal),
        **facts_context(request, deal),
        "parties": list_parties(workspace, deal),
    }


def facts_context(
    request: HttpRequest, deal: Deal, fact_form: FactForm | None = None
) -> dict[str, Any]:
    """The left column; each fact with its form for those who may edit it."""
    scoped = cast(WorkspaceRequest, request)
    panel = get_property_panel(scoped.workspace, deal)
    forms = {}
    if may_value_deal(scoped.membership.role):
        forms = {known.column: FactForm(known, held=deal.property) for known in KNOWN}
    if fact_form:
        forms[fact_form.known.column] = fact_form
    return {
        "deal": deal,
        "panel": panel,
        "computed": list_computed_facts(deal),
        "fact_forms": forms,
        "may_edit": bool(forms),
    }


def tab_context(
    request: HttpRequest, deal: Deal, tab: str, value_form: ValueForm | None = None
) -> dict[str, Any]:
    """What one tab needs and no other's queries."""
    scoped = cast(WorkspaceRequest, request)
    context: dict[str, Any] = {"deal": deal, "tab": tab, "tabs": TABS}
    if tab == "why":
        context["explanation"] = explain_deal(scoped.workspace, deal)
    elif tab == "numbers":
        context["metrics"] = getattr(deal, "metrics", None)
        context["may_value"] = may_value_deal(scoped.membership.role)
        context["value_form"] = value_form or ValueForm(
            initial={"arv_amount": deal.arv_amount, "repairs_amount": deal.repairs_amount}
        )
    elif tab == "messages":
        context["parties"] = list_parties(scoped.workspace, deal)
    elif tab == "timeline":
        context["timeline"] = list_timeline(scoped.workspace, deal)
    return context

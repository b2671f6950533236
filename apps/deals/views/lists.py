"""Lists and how they stack."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.deals.actions import ListNameRefused, rename_list
from apps.deals.forms import ListNameForm
from apps.deals.models import LeadList
from apps.deals.queries import lists
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.permissions import may_work_sellers


@require_safe
@member_required
def list_index(request: HttpRequest) -> HttpResponse:
    """Every list in figures, how properties stack, and what distress is known."""
    scoped = cast(WorkspaceRequest, request)
    cursor = request.GET.get("cursor", "")
    context = {
        "page": lists.list_lists(scoped.workspace, cursor=cursor),
        "is_first": not cursor,
        "may_import": may_work_sellers(scoped.membership.role),
    }
    if not cursor:
        context["stacks"] = lists.count_stacks(scoped.workspace)
        context["signals"] = lists.count_signals(scoped.workspace)
    return render(request, "deals/list_index.html", context)


@require_safe
@member_required
def list_detail(request: HttpRequest, list_id: UUID) -> HttpResponse:
    return _show(request, _find(request, list_id))


@require_POST
@seller_side_required
def list_rename(request: HttpRequest, list_id: UUID) -> HttpResponse:
    lead_list = _find(request, list_id)
    form = ListNameForm(request.POST)
    if form.is_valid():
        try:
            renamed = rename_list(
                workspace=cast(WorkspaceRequest, request).workspace,
                actor=actor_of(request),
                lead_list=lead_list,
                name=form.cleaned_data["name"],
                now=now(),
            )
        except ListNameRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"The list is called “{renamed.name}” now.")
            return redirect("deals:list_detail", list_id)
    return _show(request, lead_list, form, status=422)


def _find(request: HttpRequest, list_id: UUID) -> LeadList:
    try:
        return lists.get_list(cast(WorkspaceRequest, request).workspace, list_id)
    except LeadList.DoesNotExist as error:
        raise Http404 from error


def _show(
    request: HttpRequest, lead_list: LeadList, form: ListNameForm | None = None, status: int = 200
) -> HttpResponse:
    scoped = cast(WorkspaceRequest, request)
    cursor = request.GET.get("cursor", "")
    context = {
        "row": lists.count_list(scoped.workspace, lead_list),
        "lead_list": lead_list,
        "page": lists.list_members(scoped.workspace, lead_list, cursor=cursor),
        "is_first": not cursor,
        "form": form or ListNameForm(initial={"name": lead_list.name}),
        "may_rename": may_work_sellers(scoped.membership.role),
    }
    return render(request, "deals/list_detail.html", context, status=status)

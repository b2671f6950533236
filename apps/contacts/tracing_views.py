"""Look-ups: orders with their progress, what they cost, and what was bought about one person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from apps.common.clock import now
from apps.common.csv_export import csv_response
from apps.common.htmx import is_htmx
from apps.contacts.actions import batching
from apps.contacts.models import TraceBatch, TraceBatchItem
from apps.contacts.queries import batches as orders
from apps.contacts.queries import browse_contacts, get_contact, list_lookups, list_traces
from apps.contacts.queries.vendors import list_ledger, list_vendor_states
from apps.contacts.rules import month_start
from apps.contacts.tasks import wake_tracer
from apps.contacts.vendors import vendor_label
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.models import Workspace
from apps.workspaces.types import Capability


@require_safe
@member_required
def trace_list(request: HttpRequest) -> HttpResponse:
    """Orders, the vendors as they stand, and what each gave for its money this month."""
    workspace = _workspace(request)
    at = now()
    since = _month(request.GET.get("month", ""), workspace, at)
    until = month_start(since + timedelta(days=40), workspace.time_zone)
    cursor = request.GET.get("cursor", "")
    lines = list_ledger(workspace, since=since, until=until)
    context = {
        "page": orders.list_batches(workspace, cursor=cursor),
        "is_first": not cursor,
        "vendors": [(vendor, vendor.why_not(at)) for vendor in _vendors(workspace, at)],
        "ledger": lines,
        "spent": sum((line.cost for line in lines), start=0),
        "month": since,
        "month_before": month_start(since - timedelta(days=1), workspace.time_zone),
        "month_after": until if until <= at else None,
    }
    return render(request, "contacts/trace_list.html", context)


@require_safe
@member_required
def trace_new(request: HttpRequest) -> HttpResponse:
    """What an order for the people found by `q` would do and cost."""
    search = _search(request.GET.get("q", ""))
    return show_plan(
        request,
        contact_ids=found_contacts(_workspace(request), search),
        title=f"Contacts: {search}" if search else "All contacts",
        action=reverse("contacts:trace_start"),
        hidden={"q": search},
        back=reverse("contacts:contact_list"),
    )


@require_POST
@seller_side_required
def trace_start(request: HttpRequest) -> HttpResponse:
    search = _search(request.POST.get("q", ""))
    return start_order(
        request,
        contact_ids=found_contacts(_workspace(request), search),
        title=f"Contacts: {search}" if search else "All contacts",
        back=reverse("contacts:trace_new") + (f"?q={search}" if search else ""),
    )


@require_POST
@seller_side_required
def trace_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """An order for one person, by hand."""
    contact = _contact(request, contact_id)
    return start_order(
        request,
        contact_ids=[contact.public_id],
        title=contact.name or "Unnamed",
        back=reverse("contacts:contact_detail", args=[contact_id]),
        forward=reverse("contacts:contact_detail", args=[contact_id]),
    )


def show_plan(
    request: HttpRequest,
    *,
    contact_ids: list[UUID],
    title: str,
    action: str,
    hidden: dict[str, str],
    back: str,
) -> HttpResponse:
    """The page before an order: who is looked up, who is not and why, for at most how much."""
    context = {
        "plan": orders.plan_traces(_workspace(request), contact_ids, now=now()),
        "is_cut": len(contact_ids) > orders.MOST_OWNERS,
        "most": orders.MOST_OWNERS,
        "title": title,
        "action": action,
        "hidden": hidden,
        "back": back,
    }
    return render(request, "contacts/trace_new.html", context)


def start_order(
    request: HttpRequest, *, contact_ids: list[UUID], title: str, back: str, forward: str = ""
) -> HttpResponse:
    """Start an order and show it, or go back with the reason why there is none."""
    try:
        batch = batching.start_trace_batch(
            workspace=_workspace(request),
            actor=actor_of(request),
            contact_ids=contact_ids,
            title=title,
            now=now(),
        )
    except batching.NothingToTrace as error:
        messages.error(request, str(error))
        return redirect(back)
    wake_tracer()
    return redirect(forward or reverse("contacts:trace_detail", args=[batch.public_id]))


def found_contacts(workspace: Workspace, search: str) -> list[UUID]:
    """Public ids of the people a search finds, one more than an order takes."""
    rows = browse_contacts(workspace, search=search).order_by("name", "id")
    return list(rows.values_list("public_id", flat=True)[: orders.MOST_OWNERS + 1])


@require_safe
@member_required
def trace_detail(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    return render(
        request, "contacts/trace_detail.html", _detail(request, _batch(request, batch_id))
    )


@require_GET
@member_required
def trace_progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The live part. Once the order is over it comes without a trigger, so polling ends."""
    context = _detail(request, _batch(request, batch_id))
    return render(request, "contacts/panels/trace_live.html", context)


@require_POST
@seller_side_required
def trace_cancel(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    batch = batching.cancel_trace_batch(
        workspace=_workspace(request),
        actor=actor_of(request),
        batch=_batch(request, batch_id),
        now=now(),
    )
    return _answer(request, batch)


@require_POST
@seller_side_required
def trace_resume(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    batch = batching.resume_trace_batch(
        workspace=_workspace(request),
        actor=actor_of(request),
        batch=_batch(request, batch_id),
        now=now(),
    )
    wake_tracer()
    return _answer(request, batch)


@require_GET
@member_required
def trace_result(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One line per owner, with the phones they have now."""
    batch = _batch(request, batch_id)
    name = f"look-ups-{batch.public_id.hex[:8]}.csv"
    return csv_response(name, orders.RESULT_HEADER, orders.stream_result(batch))


@require_GET
@member_required
def look_ups(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """What was bought about one person, and what could be bought next."""
    contact, workspace, at = _contact(request, contact_id), _workspace(request), now()
    plan = orders.plan_traces(workspace, [contact_id], now=at)
    traces = list_traces(workspace, contact)
    context = {
        "contact": contact,
        "traces": [(trace, vendor_label(trace.provider)) for trace in traces],
        "lookups": [(row, vendor_label(row.provider)) for row in list_lookups(workspace, contact)],
        "plan": plan,
        "left_out": plan.left_out[0][1] if plan.left_out else "",
        "price": plan.most_cost_amount,
        "lookup_vendors": _vendors(workspace, at, Capability.PHONE_LOOKUP),
        "is_waiting": orders.is_ordered(workspace, contact),
    }
    template = "contacts/panels/look_ups.html" if is_htmx(request) else "contacts/look_ups.html"
    return render(request, template, context)


def _answer(request: HttpRequest, batch: TraceBatch) -> HttpResponse:
    if is_htmx(request):
        return render(request, "contacts/panels/trace_live.html", _detail(request, batch))
    return redirect("contacts:trace_detail", batch_id=batch.public_id)


def _detail(request: HttpRequest, batch: TraceBatch) -> dict[str, Any]:
    state, cursor = request.GET.get("state", ""), request.GET.get("cursor", "")
    progress = orders.batch_progress(batch, now=now())
    labels = TraceBatchItem.State.labels
    counts = list(zip(TraceBatchItem.State.values, labels, strict=True))
    return {
        "batch": batch,
        "progress": progress,
        "counts": [(value, label, progress.counts[value]) for value, label in counts],
        "page": orders.list_items(batch, state=state, cursor=cursor),
        "state": state,
        "is_first": not cursor,
        "may_resume": progress.counts["waiting"] + progress.counts["failed"] > 0,
    }


def _vendors(workspace: Workspace, at: datetime, *capabilities: Capability) -> list[Any]:
    kinds = capabilities or (Capability.SKIP_TRACE, Capability.PHONE_LOOKUP)
    return [vendor for kind in kinds for vendor in list_vendor_states(workspace, kind, now=at)]


def _month(text: str, workspace: Workspace, at: datetime) -> datetime:
    """The first moment of the month `2026-11`; of this one where the text is none."""
    try:
        chosen = datetime.strptime(text, "%Y-%m").replace(day=15, tzinfo=at.tzinfo)
    except ValueError:
        chosen = at
    return month_start(min(chosen, at) if chosen.year > 2000 else at, workspace.time_zone)


def _search(text: str) -> str:
    return text.replace("\x00", "").strip()[:100]


def _batch(request: HttpRequest, batch_id: UUID) -> TraceBatch:
    try:
        return orders.get_batch(_workspace(request), batch_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _contact(request: HttpRequest, contact_id: UUID) -> Any:
    try:
        return get_contact(_workspace(request), contact_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _workspace(request: HttpRequest) -> Workspace:
    return cast(WorkspaceRequest, request).workspace

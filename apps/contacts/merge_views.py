"""Making two contacts one: the suggestions, the two side by side, and taking it back."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.common.clock import now
from apps.contacts.actions.merging import CannotMerge, merge_contacts
from apps.contacts.actions.suggesting import dismiss_suggestion
from apps.contacts.actions.unmerging import LaterMergeStands, unmerge_contacts
from apps.contacts.forms import MergeForm
from apps.contacts.models import Contact
from apps.contacts.queries import get_contact, list_contacts
from apps.contacts.queries.merges import (
    compare_sides,
    describe_side,
    find_suggestion,
    get_merge,
    list_suggestions,
)
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.models import Workspace


@require_GET
@member_required
def merge_list(request: HttpRequest) -> HttpResponse:
    cursor = request.GET.get("cursor", "")
    page = list_suggestions(_workspace(request), cursor=cursor)
    context = {"page": page, "is_first": not cursor}
    return render(request, "contacts/merge_list.html", context)


@require_POST
@seller_side_required
def dismiss(request: HttpRequest, suggestion_id: UUID) -> HttpResponse:
    try:
        row = dismiss_suggestion(
            workspace=_workspace(request),
            actor=actor_of(request),
            suggestion_id=suggestion_id,
            now=now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(
        request, f"{row.first.name} and {row.second.name} stay two. New evidence alone asks again."
    )
    return redirect("contacts:merge_list")


@require_http_methods(["GET", "POST"])
@seller_side_required
def merge(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """GET: find the other one, or both side by side. POST: make them one."""
    contact = _contact(request, str(contact_id))
    if request.method == "POST":
        return _merge(request, contact)
    if request.GET.get("other"):
        return _side_by_side(request, contact, _contact(request, request.GET["other"]))
    search = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = list_contacts(_workspace(request), search=search, size=20) if search else None
    found = [row for row in page.rows if row.pk != contact.pk] if page else []
    context = {"contact": contact, "search": search, "found": found}
    return render(request, "contacts/merge_search.html", context)


def _merge(request: HttpRequest, contact: Contact) -> HttpResponse:
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _side_by_side(
            request, contact, _contact(request, request.POST.get("other", "")), status=422
        )
    other = _contact(request, str(form.cleaned_data["other"]))
    # Whose page survives is itself a choice: the older link may be the better known one.
    is_swapped = form.cleaned_data["keep"] == "other"
    survivor, joined = (other, contact) if is_swapped else (contact, other)
    try:
        merge_contacts(
            workspace=_workspace(request),
            actor=actor_of(request),
            survivor=survivor,
            other=joined,
            choices=form.choices(is_swapped=is_swapped),
            now=now(),
        )
    except CannotMerge as refusal:
        messages.error(request, str(refusal))
        return _side_by_side(request, contact, other, status=422)
    messages.success(
        request, f"{joined.name} and {survivor.name} are one now. You can undo it on this page."
    )
    return redirect("contacts:contact_detail", contact_id=survivor.public_id)


def _side_by_side(
    request: HttpRequest, contact: Contact, other: Contact, status: int = 200
) -> HttpResponse:
    if contact.pk == other.pk:
        messages.info(request, f"{contact.name} is one contact already.")
        return redirect("contacts:contact_detail", contact_id=contact.public_id)
    workspace = _workspace(request)
    context = {
        "sides": [describe_side(workspace, contact), describe_side(workspace, other)],
        "contact": contact,
        "other": other,
        "differences": compare_sides(contact, other),
        "suggestion": find_suggestion(workspace, contact, other),
    }
    return render(request, "contacts/merge_compare.html", context, status=status)


@require_POST
@seller_side_required
def unmerge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    workspace = _workspace(request)
    try:
        row = get_merge(workspace, merge_id)
        unmerge_contacts(workspace=workspace, actor=actor_of(request), merge=row, now=now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except LaterMergeStands as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"{row.other.name} stands alone again with what was theirs."
            " What came since the merge stays here; refusals stay with both.",
        )
    return redirect("contacts:contact_detail", contact_id=row.survivor.public_id)


def _contact(request: HttpRequest, public_id: str) -> Contact:
    try:
        return get_contact(_workspace(request), UUID(public_id))
    except (ObjectDoesNotExist, ValueError, ValidationError) as error:
        raise Http404 from error


def _workspace(request: HttpRequest) -> Workspace:
    return cast(WorkspaceRequest, request).workspace

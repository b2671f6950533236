"""People: the list, one person, and the panel other pages load."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.channels.queries import list_consents, list_suppressions
from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.contacts.actions import checking
from apps.contacts.forms import MARKS, ContactFilterForm
from apps.contacts.models import Contact
from apps.contacts.queries import (
    get_contact,
    list_contacts,
    list_history,
)
from apps.contacts.queries.merges import (
    count_suggestions,
    list_merges_of,
    list_suggestions_of,
)
from apps.contacts.registry import count_properties
from apps.contacts.rules import history_line
from apps.contacts.tasks import wake_checker
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest


@require_GET
@member_required
def contact_list(request: HttpRequest) -> HttpResponse:
    workspace = _scoped(request).workspace
    wanted = ContactFilterForm(request.GET)
    chosen = wanted.chosen()
    cursor = request.GET.get("cursor", "")
    page = list_contacts(workspace, cursor=cursor, **chosen)
    counts = count_properties(workspace.pk, [contact.pk for contact in page.rows])
    for contact in page.rows:
        contact.property_count = counts.get(contact.pk, 0)
    context = {
        "page": page,
        **chosen,
        "kinds": Contact.Kind.choices,
        "is_first": not cursor,
        "is_narrowed": any(chosen.values()),
        "suggestion_count": count_suggestions(workspace),
    }
    return render(request, "contacts/contact_list.html", context)


@require_GET
@member_required
def contact_detail(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    context = _panel_context(request, contact_id)
    if context["contact"].public_id != contact_id:
        # Links to a merged contact lead on to the one it became part of.
        return redirect("contacts:contact_detail", contact_id=context["contact"].public_id)
    facts = list_history(_scoped(request).workspace, contact_id)
    workspace = _scoped(request).workspace
    context["merges"] = list_merges_of(workspace, context["contact"])
    context["twins"] = list_suggestions_of(workspace, context["contact"])
    context["consents"] = list_consents(workspace, contact_id)
    context["history"] = [(fact, *history_line(fact.name, fact.payload)) for fact in facts]
    return render(request, "contacts/contact_detail.html", context)


@require_GET
@member_required
def contact_panel(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    return _panel(request, contact_id)


@require_POST
@seller_side_required
def check_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    workspace = _scoped(request).workspace
    _contact_or_404(request, contact_id)
    due = checking.request_checks(
        workspace=workspace,
        actor=actor_of(request),
        contact_ids=[contact_id],
        reason="by hand",
        is_forced=True,
        now=now(),
    )
    if due:
        wake_checker()
    return answer(request, contact_id, "Checking phones and e-mails.")


def answer(request: HttpRequest, contact_id: UUID, text: str) -> HttpResponse:
    messages.success(request, text)
    if is_htmx(request):
        return _panel(request, contact_id)
    return redirect("contacts:contact_detail", contact_id=contact_id)


def _panel(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    context = _panel_context(request, contact_id) | {"is_fragment": is_htmx(request)}
    return render(request, "contacts/panels/contact.html", context)


def _panel_context(request: HttpRequest, contact_id: UUID) -> dict[str, Any]:
    contact = _contact_or_404(request, contact_id)
    workspace = _scoped(request).workspace
    return {
        "contact": contact,
        "suppressions": list_suppressions(workspace, contact_id),
        "marks": MARKS,
    }


def _contact_or_404(request: HttpRequest, contact_id: UUID) -> Contact:
    try:
        return get_contact(_scoped(request).workspace, contact_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _scoped(request: HttpRequest) -> WorkspaceRequest:
    return cast(WorkspaceRequest, request)

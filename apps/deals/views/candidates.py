"""Taking over somebody whom a look-up found beside the owner, as a contact of a deal."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.common.clock import now
from apps.contacts.candidates import Candidate, CandidateUnusable, get_candidate
from apps.contacts.queries import get_contact
from apps.deals.actions import take_candidate
from apps.deals.candidate_forms import CandidateForm
from apps.deals.queries.portfolio import list_portfolio
from apps.workspaces.access import actor_of, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest


@require_http_methods(["GET", "HEAD", "POST"])
@seller_side_required
def candidate(request: HttpRequest, contact_id: UUID, trace_id: UUID, number: int) -> HttpResponse:
    """Who was found and for which deal, as what; a POST adds them."""
    workspace = cast(WorkspaceRequest, request).workspace
    try:
        owner = get_contact(workspace, contact_id)
        found = get_candidate(workspace, trace_id, number)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    deals = list_portfolio(workspace, contact_id)
    form = CandidateForm(request.POST or None, deals=deals)
    if request.method == "POST" and form.is_valid():
        try:
            person = take_candidate(
                workspace=workspace,
                actor=actor_of(request),
                deal=form.deal(),
                trace_id=trace_id,
                number=number,
                part=form.cleaned_data["part"],
                now=now(),
            )
        except CandidateUnusable as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{person.name} stands in the deal now.")
            return redirect("contacts:contact_detail", contact_id=person.public_id)
    context = {"owner": owner, "found": found, "form": form, "deals": deals}
    context["taken"] = _taken(request, found)
    status = 422 if form.errors else 200
    return render(request, "deals/candidate.html", context, status=status)


def _taken(request: HttpRequest, found: Candidate) -> UUID | None:
    """Whom they became; nobody where that contact is gone again."""
    workspace = cast(WorkspaceRequest, request).workspace
    if found.contact_id is None:
        return None
    try:
        return get_contact(workspace, found.contact_id).public_id
    except ObjectDoesNotExist:
        return None

"""The follow-up panel of a deal: start, look, pause, resume, stop, run now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from apps.common.clock import now
from apps.common.htmx import is_htmx
from apps.deals.models import Deal
from apps.deals.queries import get_deal
from apps.sequences import actions
from apps.sequences.forms import EnrollForm
from apps.sequences.models import Enrollment
from apps.sequences.queries import (
    get_enrollment,
    list_active_sequences,
    list_cards,
)
from apps.workspaces.access import actor_of, member_required, seller_side_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.models import Workspace


def _workspace(request: HttpRequest) -> Workspace:
    return cast(WorkspaceRequest, request).workspace


@require_GET
@member_required
def deal_panel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The whole panel; `?part=list` only the running follow-ups, which the page polls."""
    deal = _deal(request, deal_id)
    if request.GET.get("part") == "list":
        context = {"deal": deal, "cards": list_cards(_workspace(request), deal)}
        return render(request, "sequences/panels/enrollments.html", context)
    return _panel(request, deal)


@require_POST
@seller_side_required
def enroll(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    deal = _deal(request, deal_id)
    form = _form(request, deal, request.POST)
    if form.is_valid():
        try:
            actions.enroll_contact(
                workspace=_workspace(request),
                actor=actor_of(request),
                sequence=form.cleaned_data["sequence"],
                deal=deal,
                contact=form.cleaned_data["contact"],
                now=now(),
            )
        except actions.CannotEnroll as refusal:
            form.add_error(None, str(refusal))
    return _answer(request, deal, form)


def _steer(verb: Callable[..., Any], done: str) -> Callable[..., HttpResponse]:
    """A view that does one thing to one enrollment and shows the panel again."""

    @require_POST
    @seller_side_required
    def view(request: HttpRequest, enrollment_id: UUID) -> HttpResponse:
        enrollment = _enrollment(request, enrollment_id)
        try:
            verb(
                workspace=_workspace(request),
                actor=actor_of(request),
                enrollment=enrollment,
                now=now(),
            )
            messages.success(request, done)
        except actions.NothingToRunNow as refusal:
            messages.warning(request, str(refusal))
        return _answer(request, enrollment.deal, None)

    return view


pause = _steer(actions.pause_enrollment, "The follow-up is paused.")
resume = _steer(actions.resume_enrollment, "The follow-up goes on.")
stop = _steer(actions.stop_enrollment, "The follow-up is stopped.")
run_now = _steer(actions.run_next_step_now, "The next step runs now.")


def _deal(request: HttpRequest, deal_id: UUID) -> Deal:
    try:
        return get_deal(_workspace(request), deal_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _enrollment(request: HttpRequest, enrollment_id: UUID) -> Enrollment:
    try:
        return get_enrollment(_workspace(request), enrollment_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _form(request: HttpRequest, deal: Deal, data: Any = None) -> EnrollForm:
    contacts = [party.contact for party in deal.parties.select_related("contact").order_by("rank")]
    sequences = list_active_sequences(_workspace(request))
    return EnrollForm(data, contacts=contacts, sequences=sequences)


def _answer(request: HttpRequest, deal: Deal, form: EnrollForm | None) -> HttpResponse:
    """After a POST: the panel for htmx, the deal's page otherwise; an invalid form is a 422."""
    is_invalid = form is not None and not form.is_valid()
    if is_htmx(request):
        return _panel(request, deal, form if is_invalid else None)
    if form is not None and is_invalid:
        for problem in form.non_field_errors():
            messages.error(request, str(problem))
    return redirect("deals:deal_detail", deal.public_id)


def _panel(request: HttpRequest, deal: Deal, form: EnrollForm | None = None) -> HttpResponse:
    cards = list_cards(_workspace(request), deal)
    context = {
        "deal": deal,
        "cards": cards,
        "has_open": any(card.is_open for card in cards),
        "form": form or _form(request, deal),
        "is_answer": request.method == "POST",
    }
    status = 422 if form is not None else 200
    return render(request, "sequences/panels/deal.html", context, status=status)

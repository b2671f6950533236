"""Rules that wait for a second person."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.common.clock import now
from apps.deals.actions import PublishRefused, approve_proposal, decline_proposal
from apps.deals.models import RuleProposal, RuleSet
from apps.deals.qualification.tellings import tell_rules
from apps.deals.qualification.versions import row_of
from apps.deals.queries import rule_sets as queries
from apps.deals.rule_forms import DeclineForm
from apps.deals.views.rules import common, find_rule_set
from apps.workspaces.access import actor_of, configurer_required, member_required
from apps.workspaces.middleware import WorkspaceRequest


def _find(
    request: HttpRequest, rule_set_id: UUID, proposal_id: UUID
) -> tuple[RuleSet, RuleProposal]:
    rule_set = find_rule_set(request, rule_set_id)
    try:
        return rule_set, queries.get_proposal(rule_set, proposal_id)
    except RuleProposal.DoesNotExist as error:
        raise Http404 from error


@require_safe
@member_required
def proposal(request: HttpRequest, rule_set_id: UUID, proposal_id: UUID) -> HttpResponse:
    rule_set, held = _find(request, rule_set_id, proposal_id)
    return _show(request, rule_set, held)


@require_POST
@configurer_required
def approve(request: HttpRequest, rule_set_id: UUID, proposal_id: UUID) -> HttpResponse:
    rule_set, held = _find(request, rule_set_id, proposal_id)
    try:
        version = approve_proposal(
            workspace=cast(WorkspaceRequest, request).workspace,
            actor=actor_of(request),
            proposal=held,
            now=now(),
        )
    except PublishRefused as refusal:
        return _show(request, rule_set, held, refusal=str(refusal), status=422)
    messages.success(request, f"Version {version.number} is published; deals are judged by it now.")
    return redirect("deals:rule_set", rule_set_id)


@require_POST
@configurer_required
def decline(request: HttpRequest, rule_set_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Withdrawn by the one who proposed it, declined by anybody else."""
    rule_set, held = _find(request, rule_set_id, proposal_id)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            closed = decline_proposal(
                workspace=cast(WorkspaceRequest, request).workspace,
                actor=actor_of(request),
                proposal=held,
                reason=form.cleaned_data["reason"],
                now=now(),
            )
        except PublishRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, f"{closed.get_state_display()}. The draft is kept.")
            return redirect("deals:rule_set", rule_set_id)
    return _show(request, rule_set, held, form, status=422)


def _show(
    request: HttpRequest,
    rule_set: RuleSet,
    held: RuleProposal,
    form: DeclineForm | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    row = row_of(held.content)
    context = {
        **common(request, rule_set),
        "proposal": held,
        "form": form or DeclineForm(),
        "refusal": refusal,
        "changes": queries.changes_of(rule_set, row),
        "rules": tell_rules(row),
        "is_waiting": held.state == RuleProposal.State.WAITING,
        "is_own": held.proposed_by_id == request.user.pk,
        "next_number": rule_set.version + 1,
    }
    return render(request, "deals/rules/proposal.html", context, status=status)

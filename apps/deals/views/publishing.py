"""Publishing a draft: the changes, their impact, the reason, and the judging that follows."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.clock import now
from apps.deals.actions import PublishRefused, propose_rule_set, publish_rule_set
from apps.deals.models import RuleSet
from apps.deals.qualification.rows import needs_second_person
from apps.deals.qualification.versions import draft_digest
from apps.deals.queries import rule_sets as queries
from apps.deals.rule_forms import PublishForm
from apps.deals.views.rules import common, find_rule_set
from apps.workspaces.access import actor_of, configurer_required, member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_http_methods(["GET", "HEAD", "POST"])
@configurer_required
def publish_rules(request: HttpRequest, rule_set_id: UUID) -> HttpResponse:
    """What would change, with its impact; then it is published, or another person is asked."""
    held = find_rule_set(request, rule_set_id)
    if request.method != "POST":
        return _show(request, held, PublishForm(initial={"seen": _digest(held)}))
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            return _publish(request, held, form)
        except PublishRefused as refusal:
            form.add_error(None, str(refusal))
    # What is shown again is what is there now: another try is about that.
    form.data = {**form.data.dict(), "seen": _digest(held)}  # type: ignore[attr-defined]
    return _show(request, held, form, status=422)


def _digest(rule_set: RuleSet) -> str:
    """Empty for a draft with too many rules: it is refused with a sentence."""
    try:
        return draft_digest(rule_set)
    except ValueError:
        return ""


def _publish(request: HttpRequest, rule_set: RuleSet, form: PublishForm) -> HttpResponse:
    workspace, actor = cast(WorkspaceRequest, request).workspace, actor_of(request)
    note, seen = form.cleaned_data["note"], form.cleaned_data["seen"]
    if request.POST.get("ask"):
        proposal = propose_rule_set(
            workspace=workspace,
            actor=actor,
            rule_set=rule_set,
            note=note,
            seen_digest=seen,
            now=now(),
        )
        messages.success(request, "Another owner or admin can approve it now.")
        return redirect("deals:rule_proposal", rule_set.public_id, proposal.public_id)
    version = publish_rule_set(
        workspace=workspace, actor=actor, rule_set=rule_set, note=note, seen_digest=seen, now=now()
    )
    messages.success(request, f"Version {version.number} is published; deals are judged by it now.")
    return redirect("deals:rule_set", rule_set.public_id)


def _show(
    request: HttpRequest, rule_set: RuleSet, form: PublishForm, status: int = 200
) -> HttpResponse:
    changes = queries.draft_changes(rule_set)
    context = {
        **common(request, rule_set),
        "form": form,
        "changes": changes,
        "can_publish": bool(changes) or not rule_set.is_active,
        "needs_second_person": needs_second_person(rule_set),
        "next_number": rule_set.version + 1,
    }
    return render(request, "deals/rules/publish.html", context, status=status)


@require_safe
@member_required
def progress(request: HttpRequest, rule_set_id: UUID) -> HttpResponse:
    """How far the deals are judged; the panel asks again until they all are."""
    held = find_rule_set(request, rule_set_id)
    context = {**common(request, held), "progress": queries.judging_progress(held)}
    return render(request, "deals/rules/panels/progress.html", context)

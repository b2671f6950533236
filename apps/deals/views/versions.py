"""A published version in words, and the way back to it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.clock import now
from apps.deals.actions import PublishRefused, roll_back_rule_set
from apps.deals.models import RuleSet, RuleSetVersion
from apps.deals.qualification.tellings import UNKNOWN_WORDS, tell_changes, tell_rules
from apps.deals.qualification.versions import (
    find_version,
    has_draft_changes,
    is_only_tried,
    next_number,
    row_of,
)
from apps.deals.queries import rule_sets as queries
from apps.deals.rule_forms import RollBackForm
from apps.deals.views.rules import common, find_rule_set, rules_file
from apps.workspaces.access import actor_of, configurer_required, member_required
from apps.workspaces.middleware import WorkspaceRequest


def _find(request: HttpRequest, rule_set_id: UUID, number: int) -> tuple[RuleSet, RuleSetVersion]:
    rule_set = find_rule_set(request, rule_set_id)
    found = find_version(rule_set, number) if number < 2**31 else None
    if found is None:
        raise Http404
    return rule_set, found


@require_safe
@member_required
def version(request: HttpRequest, rule_set_id: UUID, number: int) -> HttpResponse:
    rule_set, found = _find(request, rule_set_id, number)
    row, before = row_of(found.content), find_version(rule_set, number - 1)
    shared = common(request, rule_set)
    trial = shared["running_trial"]
    context = {
        **shared,
        "version": found,
        "row": row,
        "unknown_words": UNKNOWN_WORDS.get(row.unknown_policy, row.unknown_policy),
        "rules": tell_rules(row),
        "before": before,
        "changes": tell_changes(row_of(before.content), row) if before else [],
        "is_in_use": rule_set.is_active and rule_set.published_id == found.pk,
        "is_on_trial": trial is not None and trial.challenger_id == found.pk,
        "is_only_tried": is_only_tried(found),
    }
    return render(request, "deals/rules/version.html", context)


@require_safe
@member_required
def export(request: HttpRequest, rule_set_id: UUID, number: int) -> HttpResponse:
    rule_set, found = _find(request, rule_set_id, number)
    return rules_file(row_of(found.content), f"rules-{rule_set.public_id.hex[:8]}-v{number}.yaml")


@require_http_methods(["GET", "HEAD", "POST"])
@configurer_required
def roll_back(request: HttpRequest, rule_set_id: UUID, number: int) -> HttpResponse:
    """What going back would change, with its impact; then it is done."""
    rule_set, found = _find(request, rule_set_id, number)
    form = RollBackForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _roll_back(request, rule_set, number, form.cleaned_data["note"])
            except PublishRefused as refusal:
                form.add_error(None, str(refusal))
    changes = queries.changes_of(rule_set, row_of(found.content))
    context = {
        **common(request, rule_set),
        "form": form,
        "version": found,
        "changes": changes,
        "is_only_tried": is_only_tried(found),
        "can_roll_back": bool(changes) or not rule_set.is_active,
        "keeps_draft": has_draft_changes(rule_set),
        "next_number": next_number(rule_set),
    }
    return render(request, "deals/rules/roll_back.html", context, status=status)


def _roll_back(request: HttpRequest, rule_set: RuleSet, number: int, note: str) -> HttpResponse:
    keeps_draft = has_draft_changes(rule_set)
    made = roll_back_rule_set(
        workspace=cast(WorkspaceRequest, request).workspace,
        actor=actor_of(request),
        rule_set=rule_set,
        to=number,
        note=note,
        now=now(),
    )
    draft = "Your unpublished draft is kept." if keeps_draft else "The draft says the same now."
    messages.success(
        request, f"Version {made.number} brings back what version {number} said. {draft}"
    )
    return redirect("deals:rule_set", rule_set.public_id)

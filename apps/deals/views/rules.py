"""Rule sets to look at: what is in use, what the draft changes, what was published."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.deals.models import RuleProposal, RuleSet
from apps.deals.permissions import may_edit_rules
from apps.deals.qualification.rows import draft_row
from apps.deals.qualification.shipped import RuleSetRow, write_rule_set
from apps.deals.qualification.tellings import UNKNOWN_WORDS, tell_rules
from apps.deals.queries import rule_sets as queries
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


def find_rule_set(request: HttpRequest, rule_set_id: UUID) -> RuleSet:
    try:
        return queries.get_rule_set(cast(WorkspaceRequest, request).workspace, rule_set_id)
    except RuleSet.DoesNotExist as error:
        raise Http404 from error


def common(request: HttpRequest, rule_set: RuleSet) -> dict[str, Any]:
    """What every page of a set shows."""
    role = cast(WorkspaceRequest, request).membership.role
    may_publish = may_edit_rules(role)
    return {
        "rule_set": rule_set,
        "may_publish": may_publish,
        "may_admin": may_publish and bool(getattr(request.user, "is_staff", False)),
    }


@require_safe
@member_required
def rule_set_list(request: HttpRequest) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    role = cast(WorkspaceRequest, request).membership.role
    context = {
        "glances": queries.list_rule_sets(workspace),
        "may_admin": may_edit_rules(role) and request.user.is_staff,
    }
    return render(request, "deals/rules/list.html", context)


@require_safe
@member_required
def rule_set(request: HttpRequest, rule_set_id: UUID) -> HttpResponse:
    """The draft beside the published version, and the history."""
    held = find_rule_set(request, rule_set_id)
    row = draft_row(held)
    proposals = queries.list_proposals(held)
    context = {
        **common(request, held),
        "changes": queries.draft_changes(held),
        "rules": tell_rules(row),
        "row": row,
        "unknown_words": UNKNOWN_WORDS.get(row.unknown_policy, row.unknown_policy),
        "versions": queries.list_versions(held),
        "proposals": proposals,
        "waiting": next((p for p in proposals if p.state == RuleProposal.State.WAITING), None),
        "progress": queries.judging_progress(held),
    }
    return render(request, "deals/rules/rule_set.html", context)


@require_safe
@member_required
def export_draft(request: HttpRequest, rule_set_id: UUID) -> HttpResponse:
    held = find_rule_set(request, rule_set_id)
    return rules_file(draft_row(held), f"rules-{held.public_id.hex[:8]}-draft.yaml")


def rules_file(row: RuleSetRow, name: str) -> HttpResponse:
    """The set as `manage.py rules import` reads it."""
    answer = HttpResponse(write_rule_set(row), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

"""What a draft, a proposal or an older version would do to the deals, before it judges any."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.common.htmx import is_htmx
from apps.deals.models import RuleProposal, RuleSet
from apps.deals.qualification.shipped import usable_spec
from apps.deals.qualification.types import RuleSetSpec
from apps.deals.qualification.versions import draft_spec, find_version, row_of, spec_of
from apps.deals.queries import impact_shown as shown
from apps.deals.queries import rule_sets as queries
from apps.deals.queries.impact import list_flips, list_missed_contracts, measure_impact
from apps.deals.views.rules import common, find_rule_set
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest

PAGE = 10
MISSED = 20


@require_safe
@member_required
def impact_panel(request: HttpRequest, rule_set_id: UUID) -> HttpResponse:
    """The panel alone for htmx, else a page around it. `version` or `proposal` name what is
    weighed, else it is the draft."""
    held = find_rule_set(request, rule_set_id)
    context = {**common(request, held), **_measured(request, held)}
    name = "panels/impact" if is_htmx(request) else "impact"
    return render(request, f"deals/rules/{name}.html", context)


@require_safe
@member_required
def flips_panel(request: HttpRequest, rule_set_id: UUID) -> HttpResponse:
    """The next deals that would change their verdict; the whole page without htmx."""
    held = find_rule_set(request, rule_set_id)
    if not is_htmx(request):
        context = {**common(request, held), **_measured(request, held)}
        return render(request, "deals/rules/impact.html", context)
    try:
        spec = _candidate(request, held)
    except ValueError as error:
        return render(request, "deals/rules/panels/flips.html", {"refusal": str(error)})
    context = {**common(request, held), **_flips(request, held, spec)}
    return render(request, "deals/rules/panels/flips.html", context)


def _candidate(request: HttpRequest, rule_set: RuleSet) -> RuleSetSpec:
    """Raises ValueError for rules that cannot judge."""
    number, proposal_id = request.GET.get("version", ""), request.GET.get("proposal", "")
    if number:
        usable = number.isdecimal() and len(number) < 10
        version = find_version(rule_set, int(number)) if usable else None
        if version is None:
            raise Http404
        return spec_of(version)
    if proposal_id:
        try:
            return usable_spec(row_of(queries.get_proposal(rule_set, UUID(proposal_id)).content))
        except (RuleProposal.DoesNotExist, ValueError) as error:
            raise Http404 from error
    return draft_spec(rule_set)


def _measured(request: HttpRequest, rule_set: RuleSet) -> dict[str, Any]:
    try:
        spec = _candidate(request, rule_set)
    except ValueError as error:
        return {"refusal": str(error)}
    workspace = cast(WorkspaceRequest, request).workspace
    measured = measure_impact(workspace, spec, queries.spec_in_use(workspace, rule_set))
    found = shown.ways(measured)
    missed = list_missed_contracts(workspace, spec, limit=MISSED)
    return {
        "impact": measured,
        "verdicts": shown.verdict_rows(measured),
        "ways": found,
        "bands": shown.band_rows(measured),
        "rates": shown.rule_rows(measured),
        "missed": missed,
        "choices": shown.filter_choices(found),
        "progress": queries.judging_progress(rule_set),
        **_flips(request, rule_set, spec),
    }


def _flips(request: HttpRequest, rule_set: RuleSet, spec: RuleSetSpec) -> dict[str, Any]:
    after = request.GET.get("after", "0")
    if not after.isdecimal() or len(after) > 18:
        raise Http404
    way = request.GET.get("way", "")
    now, then = shown.way_of(way)
    rows = list_flips(
        cast(WorkspaceRequest, request).workspace,
        spec,
        verdict_now=now,
        verdict_then=then,
        after=int(after),
        limit=PAGE + 1,
    )
    asked = QueryDict(mutable=True)
    for name in ("version", "proposal"):
        if request.GET.get(name):
            asked[name] = request.GET[name]
    return {
        "flips": [
            (flip, shown.label_of(flip.verdict_now), shown.label_of(flip.verdict_then))
            for flip in rows[:PAGE]
        ],
        "next_after": rows[PAGE - 1].key if len(rows) > PAGE else None,
        "way": way,
        "asked": asked,
    }

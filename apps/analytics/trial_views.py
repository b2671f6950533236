"""Trials of rules: two versions side by side, and what came of each."""

from __future__ import annotations

import secrets
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.analytics.comparison import compare, told
from apps.analytics.forms import DRAFT, EndTrialForm, StartTrialForm
from apps.common import clock
from apps.deals.actions import PublishRefused, end_trial, start_trial
from apps.deals.models import RuleSet, RuleTrial
from apps.deals.permissions import may_edit_rules
from apps.deals.qualification.arms import MOST_SALT
from apps.deals.qualification.rows import find_active_rule_set, needs_second_person
from apps.deals.qualification.versions import draft_digest, row_of
from apps.deals.queries.rule_sets import draft_changes, judging_progress, list_versions
from apps.deals.queries.trials import TrialFigures, figures_of, find_trial, list_trials
from apps.workspaces.access import actor_of, configurer_required, member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_safe
@member_required
def trial_list(request: HttpRequest) -> HttpResponse:
    """The running trial or a way to start one, and those before."""
    return _show_list(request, _active(request))


@require_http_methods(["GET", "HEAD", "POST"])
@configurer_required
def trial_start(request: HttpRequest) -> HttpResponse:
    """Starts; who only looks, as after a reload of a refused form, is led to the form."""
    if request.method != "POST":
        return redirect("analytics:trial_list")
    rule_set = _active(request)
    if rule_set is None:
        raise Http404
    form = StartTrialForm(request.POST, choices=_choices(rule_set))
    if form.is_valid():
        try:
            trial = start_trial(
                workspace=cast(WorkspaceRequest, request).workspace,
                actor=actor_of(request),
                rule_set=rule_set,
                challenger=form.number(),
                share=form.cleaned_data["share"],
                salt=secrets.randbelow(MOST_SALT) + 1,
                note=form.cleaned_data["note"],
                seen_digest=form.cleaned_data["seen"],
                now=clock.now(),
            )
        except PublishRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The trial runs; deals are shared out and judged now.")
            return redirect("analytics:trial", trial.public_id)
    # What is shown again is what is there now: another try is about that.
    form.data = {**form.data.dict(), "seen": _digest(rule_set)}  # type: ignore[attr-defined]
    return _show_list(request, rule_set, form, status=422)


@require_safe
@member_required
def trial(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    """Both sides step by step, what may be said of them, and the decision."""
    return _show(request, _find(request, trial_id), EndTrialForm())


@require_http_methods(["GET", "HEAD", "POST"])
@configurer_required
def trial_end(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    """Ends; who only looks is led to the trial."""
    if request.method != "POST":
        return redirect("analytics:trial", trial_id)
    held, form = _find(request, trial_id), EndTrialForm(request.POST)
    adopt = request.POST.get("decision") == "adopt"
    if form.is_valid():
        try:
            end_trial(
                workspace=cast(WorkspaceRequest, request).workspace,
                actor=actor_of(request),
                trial=held,
                adopt=adopt,
                note=form.cleaned_data["note"],
                now=clock.now(),
            )
        except PublishRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            which = "the challenger" if adopt else "the champion"
            messages.success(request, f"The trial is over; {which} judges all deals now.")
            return redirect("analytics:trial", held.public_id)
    return _show(request, _find(request, trial_id), form, status=422)


def _active(request: HttpRequest) -> RuleSet | None:
    rule_set = find_active_rule_set(cast(WorkspaceRequest, request).workspace)
    return rule_set if rule_set and rule_set.published else None


def _find(request: HttpRequest, trial_id: UUID) -> RuleTrial:
    found = find_trial(cast(WorkspaceRequest, request).workspace, trial_id)
    if found is None:
        raise Http404
    return found


def _choices(rule_set: RuleSet) -> list[tuple[str, str]]:
    """The draft, if it says something new and may be tried, and the versions that say another."""
    changes = 0 if needs_second_person(rule_set) else len(draft_changes(rule_set))
    in_use = row_of(rule_set.published.content) if rule_set.published else None
    drafts = [(DRAFT, f"The draft: {changes} change{'' if changes == 1 else 's'}")]
    others = [
        (str(version.number), f"Version {version.number}: {version.note}"[:80])
        for version in list_versions(rule_set)
        if row_of(version.content) != in_use
    ]
    return (drafts if changes else []) + others


def _digest(rule_set: RuleSet) -> str:
    """Empty for a draft with too many rules: it is refused with a sentence."""
    try:
        return draft_digest(rule_set)
    except ValueError:
        return ""


def _show_list(
    request: HttpRequest,
    rule_set: RuleSet | None,
    form: StartTrialForm | None = None,
    status: int = 200,
) -> HttpResponse:
    trials = list_trials(cast(WorkspaceRequest, request).workspace)
    choices = _choices(rule_set) if rule_set else []
    if rule_set and form is None:
        form = StartTrialForm(choices=choices, initial={"seen": _digest(rule_set)})
    context = {
        "rule_set": rule_set,
        "trials": trials,
        "running": next((each for each in trials if each.ended_at is None), None),
        "form": form,
        "has_choice": bool(choices),
        "may_decide": may_edit_rules(cast(WorkspaceRequest, request).membership.role),
    }
    return render(request, "analytics/trial_list.html", context, status=status)


def _show(
    request: HttpRequest, held: RuleTrial, form: EndTrialForm, status: int = 200
) -> HttpResponse:
    is_running = held.ended_at is None
    if is_running:
        figures = figures_of(held, until=clock.now())
    else:
        figures = TrialFigures.from_plain(held.figures)
    comparisons = compare(figures)
    context: dict[str, Any] = {
        "trial": held,
        "is_running": is_running,
        "figures": figures,
        "comparisons": comparisons,
        "sentences": [told(each, held.challenger.number) for each in comparisons],
        "progress": judging_progress(held.rule_set) if is_running else None,
        "form": form,
        "may_decide": may_edit_rules(cast(WorkspaceRequest, request).membership.role),
    }
    return render(request, "analytics/trial.html", context, status=status)

"""Whether the score deserves trust, from what became of the deals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.analytics.calibration import BAND_LEAST, calibrate
from apps.analytics.forms import DEFAULT_PATIENCE, ScoreCheckForm
from apps.analytics.queries.scores import CONTRACT, REPLY, ScoreHistory, read_scores
from apps.analytics.wording import Words, sentences
from apps.common import clock
from apps.events.sequels import Fate
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest
from apps.workspaces.models import Workspace

OUTCOMES = (
    (REPLY, "Replies", Words("replied", "a reply", "Replied")),
    (CONTRACT, "Contracts", Words("came under contract", "a contract", "Signed")),
)


@require_safe
@member_required
def score_check(request: HttpRequest) -> HttpResponse:
    """Score bands against reply and contract rates. `?days=`, `?since=`, `?version=` narrow."""
    workspace = cast(WorkspaceRequest, request).workspace
    form = ScoreCheckForm({"days": DEFAULT_PATIENCE, **request.GET.dict()})
    form.is_valid()
    days = form.patience()
    history = read_scores(
        workspace,
        since=_midnight(workspace, form.cleaned_data.get("since")),
        until=clock.now(),
        within=timedelta(days=days),
    )
    asked = request.GET.get("version", "")
    version = asked if asked in {known.key for known in history.versions} else ""
    shown = history.narrowed(version)
    context = {
        "form": form,
        "days": days,
        "version": version,
        "versions": history.versions,
        "is_version_gone": bool(asked) and not version,
        "contacted": shown.contacted,
        "fresh": shown.count(Fate.FRESH),
        "early": shown.count(Fate.EARLY),
        "unjudged": shown.count(Fate.UNJUDGED),
        "ripe": shown.count(Fate.RIPE),
        "parts": [_part(shown, *outcome) for outcome in OUTCOMES],
        "band_least": BAND_LEAST,
    }
    return render(request, "analytics/score_check.html", context)


def _midnight(workspace: Workspace, day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(workspace.time_zone)) if day else None


def _part(history: ScoreHistory, key: str, title: str, words: Words) -> dict[str, Any]:
    found = calibrate(history.tallies(key))
    return {
        "key": key,
        "title": title,
        "words": words,
        "found": found,
        "sentences": sentences(found, words),
    }

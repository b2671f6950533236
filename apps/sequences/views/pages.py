"""Sequences with their health, and one sequence with its steps and people."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.sequences.queries import (
    get_sequence,
    list_health,
    list_open_enrollments,
    list_step_cards,
)
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_GET
@member_required
def sequence_list(request: HttpRequest) -> HttpResponse:
    context = {"rows": list_health(cast(WorkspaceRequest, request).workspace)}
    return render(request, "sequences/sequence_list.html", context)


@require_GET
@member_required
def sequence_detail(request: HttpRequest, sequence_id: UUID) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    try:
        sequence = get_sequence(workspace, sequence_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    context = {
        "sequence": sequence,
        "steps": list_step_cards(workspace, sequence),
        "enrollments": list_open_enrollments(workspace, sequence),
    }
    return render(request, "sequences/sequence_detail.html", context)

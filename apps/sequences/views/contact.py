"""The follow-ups of one person, as a panel on the person's page."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.contacts.queries import find_contact
from apps.sequences.queries.rows import list_enrollments_of_contact
from apps.workspaces.access import member_required
from apps.workspaces.middleware import WorkspaceRequest


@require_GET
@member_required
def contact_panel(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    workspace = cast(WorkspaceRequest, request).workspace
    contact = find_contact(workspace, contact_id)
    if contact is None:
        raise Http404
    enrollments = list_enrollments_of_contact(workspace, contact_id)
    context = {"contact": contact, "enrollments": enrollments}
    return render(request, "sequences/panels/contact.html", context)

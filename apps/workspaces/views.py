"""Choosing the workspace to work in."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.workspaces.access import member_required
from apps.workspaces.middleware import SESSION_KEY, WorkspaceRequest


@require_POST
@member_required
def switch(request: HttpRequest) -> HttpResponse:
    slug = request.POST.get("workspace", "")
    for membership in cast(WorkspaceRequest, request).memberships:
        if membership.workspace.slug == slug:
            request.session[SESSION_KEY] = membership.workspace.pk
            return redirect("analytics:today")
    raise Http404

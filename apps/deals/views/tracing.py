"""Ordering look-ups of the owners behind the filtered deals."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.contacts.queries.batches import MOST_OWNERS
from apps.contacts.tracing_views import show_plan, start_order
from apps.deals.forms import DealFilterForm
from apps.deals.queries.sellers import list_seller_refs
from apps.workspaces.access import seller_side_required
from apps.workspaces.middleware import WorkspaceRequest


@require_http_methods(["GET", "HEAD", "POST"])
@seller_side_required
def trace_sellers(request: HttpRequest) -> HttpResponse:
    """The filters stand in the URL, as on the list; a POST carries them as fields."""
    workspace = cast(WorkspaceRequest, request).workspace
    given: QueryDict = request.POST if request.method == "POST" else request.GET
    form = DealFilterForm(given, workspace=workspace)
    owners = list_seller_refs(workspace, form.filters(), limit=MOST_OWNERS + 1)
    hidden = {name: value for name in form.fields if (value := str(given.get(name, ""))[:200])}
    hidden.pop("sort", None)
    title = f"Deals: {', '.join(_words(form, hidden))}" if hidden else "All deals"
    query = f"?{urlencode(hidden)}" if hidden else ""
    if request.method == "POST":
        here = reverse("deals:trace_sellers") + query
        return start_order(request, contact_ids=owners, title=title, back=here)
    return show_plan(
        request,
        contact_ids=owners,
        title=title,
        action=reverse("deals:trace_sellers"),
        hidden=hidden,
        back=reverse("deals:deal_list") + query,
    )


def _words(form: DealFilterForm, hidden: dict[str, str]) -> list[str]:
    """The filters as a person reads them: the label of a choice, not its key."""
    words = []
    for name, value in hidden.items():
        choices = dict(getattr(form.fields[name], "choices", ()))
        label = str(form.fields[name].label or name.replace("_", " ").capitalize())
        shown = str(choices.get(value, value))
        words.append(shown if choices or name == "q" else f"{label.lower()} {shown}")
    return words

"""Small answers that htmx understands."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def is_htmx(request: HttpRequest) -> bool:
    """True when htmx asked for a fragment (not for boosted or history-restored pages)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def hx_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`, with or without JavaScript."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def with_event(response: HttpResponse, name: str) -> HttpResponse:
    """Let the page hear `name` (an event on the body) when the answer is in."""
    response["HX-Trigger"] = name
    return response


def with_toast(response: HttpResponse, text: str, level: str = "success") -> HttpResponse:
    """Add a toast (`level`: success, info, warning or danger) to an htmx answer."""
    response["HX-Trigger"] = json.dumps({"toast": {"level": level, "text": text}})
    return response

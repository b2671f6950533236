"""The description of the API, for programs and for people."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authentication import SessionAuthentication

from apps.api.authentication import ApiKeyAuthentication
from apps.api.errors import problem
from apps.api.permissions import HasKeyOrMembership
from apps.common.markdown import render_markdown
from apps.workspaces.access import member_required

_METHODS = ("get", "post", "put", "patch", "delete")


class Schema(SpectacularAPIView):
    """OpenAPI 3, for any valid key and for signed-in members."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [HasKeyOrMembership]


@require_GET
@member_required
def docs(request: HttpRequest) -> HttpResponse:
    """The same description as a page that needs no script."""
    return render(request, "api/docs.html", {"sections": _sections()})


@csrf_exempt  # nothing is carried out here; a partner's program deserves a 404 and not a form
def not_found(request: HttpRequest) -> HttpResponse:
    body = problem(404, "not_found", {"detail": f"There is nothing at {request.path}."})
    return JsonResponse(body, status=404)


@lru_cache(maxsize=1)
def _sections() -> dict[str, list[dict[str, Any]]]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    sections: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                operation = methods[method]
                words = render_markdown(operation["description"])
                row = {**operation, "method": method.upper(), "path": path, "description": words}
                sections.setdefault(operation["tags"][0], []).append(row)
    return sections

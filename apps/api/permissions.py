"""A key may do what its scopes name, and nothing that a view forgot to name."""

from typing import Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission


class HasScope(BasePermission):
    """The view's `scopes` maps a method to scopes of which one is needed.

    Raises MethodNotAllowed for a method that the view does not name.
    """

    message = "This key does not have the scope the request needs."

    def has_permission(self, request: Any, view: Any) -> bool:
        if request.auth is None:
            return False
        method = "GET" if request.method in {"HEAD", "OPTIONS"} else request.method
        named = getattr(view, "scopes", {})
        if method not in named:
            raise MethodNotAllowed(request.method)
        wanted = named[method]
        return any(scope in request.auth.scopes for scope in wanted)


class HasKeyOrMembership(BasePermission):
    """Any valid key or any signed-in member: who may read the schema."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if request.auth is not None:
            return True
        return getattr(request._request, "workspace", None) is not None

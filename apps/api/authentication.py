"""Keys of partners: `Authorization: Bearer dw_…`."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from apps.common.clock import now
from apps.workspaces.actions import note_key_use
from apps.workspaces.queries import find_api_key

_SCHEME = "bearer"


class Partner:
    """Whoever holds the key. What they may do hangs on the key's scopes, not on a user."""

    is_authenticated = True
    is_active = True
    pk = None


class ApiKeyAuthentication(BaseAuthentication):
    """`request.auth` becomes the key. Unknown, revoked and expired keys get the same 401."""

    def authenticate(self, request: Any) -> tuple[Partner, Any] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != _SCHEME:
            return None
        moment = now()
        token = token.strip()
        # PostgreSQL refuses to look for text with a NUL in it.
        key = find_api_key(token, now=moment) if token.isprintable() else None
        if key is None:
            raise AuthenticationFailed("This key is unknown, revoked or expired.")
        note_key_use(key=key, now=moment)
        return Partner(), key

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ApiKeyAuthentication
    name = "partnerKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": _SCHEME,
            "description": "A key issued in the admin. It is shown once and acts in one workspace.",
        }

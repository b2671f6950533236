"""A limit per key, so that one partner's loop does not slow down another's."""

from typing import Any

from rest_framework.throttling import SimpleRateThrottle


class KeyThrottle(SimpleRateThrottle):
    """Answers 429 with Retry-After. Counted in the cache: per process without Redis."""

    scope = "key"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        if request.auth is None:
            return None
        return f"api-rate:{request.auth.workspace_id}:{request.auth.pk}"

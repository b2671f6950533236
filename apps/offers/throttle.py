"""How often one address may knock at public offer links."""

from datetime import datetime
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

REQUESTS_PER_MINUTE = 60


def client_address(request: HttpRequest) -> str:
    """The caller's address: the proxy's word is taken only as many hops deep as configured."""
    hops = cast(int, settings.REST_FRAMEWORK["NUM_PROXIES"])
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if hops and len(forwarded) >= hops and forwarded[-hops].strip():
        return forwarded[-hops].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def is_too_fast(address: str, token: str, *, now: datetime) -> bool:
    """Count this request for its address and for its link; True beyond the limit of either."""
    minute = int(now.timestamp()) // 60
    return any(
        _count(f"offers.public:{kind}:{value}:{minute}") > REQUESTS_PER_MINUTE
        for kind, value in (("address", address), ("link", token[:64]))
    )


def _count(key: str) -> int:
    cache.add(key, 0, timeout=120)
    try:
        return int(cache.incr(key))
    except ValueError:  # evicted between the two calls: the count starts over
        return 1

"""Vendors of look-ups by the name a connection carries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from apps.contacts.providers.base import KeyRefused, PhoneLookupProvider, SkipTraceProvider
from apps.contacts.providers.batchdata import BatchDataV1, BatchDataV3
from apps.contacts.providers.realestateapi import RealEstateApi
from apps.contacts.providers.sandbox import SandboxSkipTrace
from apps.contacts.providers.sandbox_lookup import SandboxLookup
from apps.contacts.providers.twilio_lookup import TwilioLookup

_PROVIDERS: dict[str, SkipTraceProvider] = {"sandbox": SandboxSkipTrace()}
_LOOKUPS: dict[str, PhoneLookupProvider] = {"sandbox": SandboxLookup()}
_KEYED: dict[str, type[BatchDataV1] | type[BatchDataV3] | type[RealEstateApi]] = {
    "batchdata_v1": BatchDataV1,
    "batchdata_v3": BatchDataV3,
    "realestateapi": RealEstateApi,
}


def make_tracer(
    name: str, *, secrets: dict[str, str], settings: dict[str, Any], price: Decimal
) -> SkipTraceProvider | None:
    """The vendor of a connection; None for a name nobody knows. Raises KeyRefused without a key."""
    if name in _PROVIDERS:
        return _PROVIDERS[name]
    kind = _KEYED.get(name)
    if kind is None:
        return None
    key = secrets.get("key", "")
    if not key:
        raise KeyRefused("This connection has no key yet. Enter it in the admin.")
    return kind(key=key, base_url=str(settings.get("base_url") or ""), price=price)


def make_lookup(
    name: str, *, secrets: dict[str, str], settings: dict[str, Any], price: Decimal
) -> PhoneLookupProvider | None:
    """Like `make_tracer`, for number look-ups."""
    if name in _LOOKUPS:
        return _LOOKUPS[name]
    if name != TwilioLookup.name:
        return None
    sid, token = secrets.get("account_sid", ""), secrets.get("key", "")
    if not sid or not token:
        raise KeyRefused("This connection has no account SID and token yet. Enter them.")
    return TwilioLookup(
        account_sid=sid,
        auth_token=token,
        base_url=str(settings.get("base_url") or ""),
        price=price,
        fields=str(settings.get("fields") or ""),
    )

"""Vendors of look-ups a connection can name: what they are called, need and cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.workspaces.types import Capability


@dataclass(frozen=True)
class Vendor:
    """`price` in dollars per match, where the connection does not say otherwise.

    `secrets`: name in the vault -> label of the field. `family`: names of one company, whose
    answers are paid once whatever version is asked. `per_minute`: None for no limit of our own.
    """

    name: str
    label: str
    capability: str
    price: Decimal
    family: str
    secrets: dict[str, str] = field(default_factory=dict)
    per_minute: int | None = None


_KEY = {"key": "API key"}
VENDORS = (
    Vendor("sandbox", "Sandbox", Capability.SKIP_TRACE, Decimal("0.10"), "sandbox"),
    Vendor(
        "batchdata_v3", "BatchData v3", Capability.SKIP_TRACE, Decimal("0.10"), "batchdata", _KEY
    ),
    Vendor(
        "batchdata_v1", "BatchData v1", Capability.SKIP_TRACE, Decimal("0.10"), "batchdata", _KEY
    ),
    Vendor(
        "realestateapi",
        "RealEstateAPI",
        Capability.SKIP_TRACE,
        Decimal("0.12"),
        "realestateapi",
        _KEY,
        per_minute=120,
    ),
    Vendor("sandbox", "Sandbox", Capability.PHONE_LOOKUP, Decimal("0.008"), "sandbox"),
    Vendor(
        "twilio",
        "Twilio Lookup",
        Capability.PHONE_LOOKUP,
        Decimal("0.008"),
        "twilio",
        {"account_sid": "Account SID", "key": "Auth token"},
    ),
)
_BY_NAME = {(vendor.capability, vendor.name): vendor for vendor in VENDORS}


def find_vendor(capability: str, name: str) -> Vendor | None:
    return _BY_NAME.get((capability, name))


def family_names(name: str) -> list[str]:
    """All names of the company that stands behind one: asking v3 after v1 pays twice."""
    families = {vendor.family for vendor in VENDORS if vendor.name == name}
    return sorted({vendor.name for vendor in VENDORS if vendor.family in families} | {name})


def vendor_label(name: str) -> str:
    return next((vendor.label for vendor in VENDORS if vendor.name == name), name)


def price_of(capability: str, name: str, settings: dict[str, Any]) -> Decimal:
    """Dollars per match: what the connection says, else the vendor's usual price."""
    vendor = find_vendor(capability, name)
    told = amount(settings.get("price"))
    return told if told is not None else (vendor.price if vendor else Decimal(0))


def amount(value: Any) -> Decimal | None:
    """A non-negative amount out of settings; None where nothing usable stands."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None

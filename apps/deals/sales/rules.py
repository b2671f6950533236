"""Which sales tell a market price, and what kind of property was sold.

A sale is at arm's length when two unrelated parties agreed on it, neither pressed (Fannie Mae
Selling Guide B4-1.1-01, definition of market value). Assessors mark the others: Connecticut by its
non-use codes (Office of Policy and Management, real estate sales listing).
"""

from __future__ import annotations

import re
from decimal import Decimal

from apps.deals.sales.types import SaleRow

# Deeds for $1, $10 or $100 are gifts and corrections whatever else they say.
LOWEST_PRICE = Decimal(1000)
_NOT_FREE = re.compile(
    r"\b(FAMILY (?:TRANSFER|SALE|MEMBER)|RELATED|RELATIVES?|FORECLOS\w*|SHORT SALE"
    r"|QUIT ?CLAIM|PART(?:IAL)? INTEREST|DIVORCE|LOVE AND AFFECTION|NON[- ]?ARMS?|NOT ARMS"
    r"|NOT (?:A )?VALID|INVALID|(?:ESTATE|TAX|BANK|AUCTION|HARDSHIP) SALE|IN LIEU|LIFE USE"
    r"|INTER ?-?COMPANY|MULTI(?:PLE)?[- ]PARCELS?)\b"
)
_UNITS = {1: "single_family", 2: "two_family", 3: "three_family", 4: "four_family"}
# The first word that is found decides: 'Two Family' is no single family, a condo may be both.
_KINDS = (
    ("condo", r"CONDO|CO-?OP\b|TOWN ?HOUSE UNIT"),
    ("land", r"VACANT|\bLAND\b|\bLOT\b"),
    ("two_family", r"\b(TWO|2)[- ]?FAMILY|DUPLEX|\b2 UNITS?"),
    ("three_family", r"\b(THREE|3)[- ]?FAMILY|TRIPLEX|\b3 UNITS?"),
    ("four_family", r"\b(FOUR|4)[- ]?FAMILY|QUAD|FOURPLEX|\b4 UNITS?"),
    ("apartments", r"APARTMENT|MULTI|RENTALS?\b|\b5\+|WALK-?UP|ELEVATOR"),
    ("single_family", r"SINGLE|\b(ONE|1)[- ]?FAMILY|\bSFR\b|RESIDENTIAL\b|TOWN ?HOUSE|MOBILE"),
    ("commercial", r"COMMERCIAL|INDUSTRIAL|OFFICE|STORE|RETAIL|WAREHOUSE|FACTOR|GARAGE|HOTEL"),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)


def kind_of(text: str, units: int | None = None) -> str:
    """A `SaleKind` value from a list's or an assessor's words; '' when they tell nothing."""
    words = text.upper()
    found = next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(words)), "")
    if found in ("single_family", "apartments", "") and units:
        return _UNITS.get(units, "apartments") if units != 1 or found else "single_family"
    return found


def why_not_arms_length(row: SaleRow) -> str:
    """The reason to leave a sale out of every valuation; '' for a sale at arm's length."""
    amount = row.amount or Decimal(0)
    if row.non_use:
        return f"The assessor does not use it: {row.non_use}."[:200]
    if amount < LOWEST_PRICE:
        return "The price is zero or nominal."
    if match := _NOT_FREE.search(row.remarks.upper()):
        return f"The remarks say “{match[0].lower()}”."
    if row.usual_ratio and row.assessed_amount:
        ratio = row.assessed_amount / amount
        low, high = row.usual_ratio
        if not low <= ratio <= high:
            return f"Assessed at {ratio:.0%} of the price; {low:.0%} to {high:.0%} is usual."
    return ""

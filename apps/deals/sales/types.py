"""What a row of a sales file says, in the product's own terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Outcome(StrEnum):
    """How a row of a sales file ended. Every row has exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class SaleRow:
    """One sale; None and '' mean that the source says nothing. Amounts are dollars.

    `external_id` is the source's own name of the sale; `non_use` is the source's reason not to
    use it for valuation. `usual_ratio` bounds assessed ÷ price where the level of assessment is
    known. A row with a `rejection` (a sentence) is not stored.
    """

    row_no: int
    external_id: str
    line: str
    sold_on: date | None
    amount: Decimal | None
    unit: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    assessed_amount: Decimal | None = None
    building_sqft: int | None = None
    lot_sqft: int | None = None
    bedrooms: Decimal | None = None
    bathrooms: Decimal | None = None
    year_built: int | None = None
    kind: str = ""
    non_use: str = ""
    remarks: str = ""
    usual_ratio: tuple[Decimal, Decimal] | None = None
    rejection: str = ""

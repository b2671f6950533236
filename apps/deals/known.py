"""Facts of a property as people read and write them: words, values and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import models

from apps.deals.models.property import Property, Strength


class Shape(StrEnum):
    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    AREA = "area"
    YEAR = "year"
    MONEY = "money"
    PERCENT = "percent"
    DAY = "day"
    FLAG = "flag"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Known:
    """A column of a property on the page of its deal."""

    column: str
    label: str
    group: str
    shape: Shape = Shape.TEXT
    is_estimate: bool = False


_S = Shape
KNOWN = (
    Known("property_type", "Type", "House"),
    Known("bedrooms", "Bedrooms", "House", _S.NUMBER),
    Known("bathrooms", "Bathrooms", "House", _S.NUMBER),
    Known("building_sqft", "Living area", "House", _S.AREA),
    Known("lot_sqft", "Lot", "House", _S.AREA),
    Known("year_built", "Year built", "House", _S.YEAR),
    Known("effective_year_built", "Effective year built", "House", _S.YEAR),
    Known("units", "Units", "House", _S.COUNT),
    Known("is_vacant", "Vacant", "House", _S.FLAG),
    Known("est_value_amount", "Estimated value", "Value", _S.MONEY, is_estimate=True),
    Known("assessed_amount", "Assessed value", "Value", _S.MONEY),
    Known("rent_amount", "Monthly rent", "Value", _S.MONEY),
    Known("last_sale_on", "Last sold", "Value", _S.DAY),
    Known("last_sale_amount", "Last sale price", "Value", _S.MONEY),
    Known("open_loans", "Open loans", "Loans and liens", _S.COUNT),
    Known("loan_balance_amount", "Loan balance", "Loans and liens", _S.MONEY),
    Known("loan_rate_pct", "Loan rate", "Loans and liens", _S.PERCENT),
    Known("loan_payment_amount", "Loan payment", "Loans and liens", _S.MONEY),
    Known("lien_amount", "Liens", "Loans and liens", _S.MONEY),
    Known("mls_status", "MLS status", "Listing"),
    Known("mls_on", "MLS date", "Listing", _S.DAY),
    Known("mls_amount", "MLS price", "Listing", _S.MONEY),
    Known("is_owner_occupied_by_vendor", "Owner-occupied", "Owner", _S.FLAG),
    Known("is_do_not_mail", "Do not mail", "Owner", _S.WARNING),
)
BY_COLUMN = {known.column: known for known in KNOWN}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who says it, of which day, and how far that source is trusted, in words."""

    source: str
    as_of: date | None
    trust: str
    is_hand: bool = False

    @property
    def short_source(self) -> str:
        """The vendor without the name of its file."""
        return self.source.partition(": ")[0]


def provenance(source: str, as_of: date | str | None, strength: int) -> Provenance:
    day = date.fromisoformat(as_of) if isinstance(as_of, str) and as_of else as_of or None
    known = strength in Strength.values
    return Provenance(
        source=source or "Unnamed source",
        as_of=day,  # type: ignore[arg-type]
        trust=Strength(strength).label if known else "Source",
        is_hand=strength == Strength.HAND,
    )


def provenance_of(held: Property, column: str) -> Provenance:
    """A column's own source, else the property's."""
    stored = held.provenance.get(column)
    return provenance(*stored) if stored else provenance(held.source, held.as_of, held.strength)


def shown(known: Known, value: Any) -> str:
    """The value as a person reads it; '' for unknown."""
    if value is None or value == "":
        return ""
    match known.shape:
        case Shape.FLAG | Shape.WARNING:
            return "yes" if value else "no"
        case Shape.DAY:
            return f"{value:%b} {value.day}, {value.year}"
        case Shape.PERCENT:
            return f"{(value * 100).normalize():f}%"
        case Shape.MONEY:
            return f"${value:,.2f}".removesuffix(".00")
        case Shape.AREA:
            return f"{value:,} sq ft"
        case Shape.COUNT:
            return f"{value:,}"
        case Shape.NUMBER:
            return f"{Decimal(value).normalize():f}"
    return str(value)


def read_stored(column: str, value: Any) -> Any:
    """A value of a conflict, kept as JSON, in the column's own type."""
    field: models.Field[Any, Any] = Property._meta.get_field(column)  # type: ignore[assignment]
    return field.to_python(value)

"""The columns of a property and what a row puts into them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from apps.deals.ingestion.types import LeadRow

PLACE = ("line", "unit", "city", "state", "zip")
PARCEL = ("county", "apn", "county_key", "apn_key")
VALUES = (
    "property_type",
    "bedrooms",
    "bathrooms",
    "building_sqft",
    "lot_sqft",
    "year_built",
    "effective_year_built",
    "assessed_amount",
    "last_sale_on",
    "last_sale_amount",
    "open_loans",
    "loan_balance_amount",
    "est_value_amount",
    "lien_amount",
    "mls_status",
    "mls_on",
    "mls_amount",
    "is_owner_occupied_by_vendor",
    "is_mailing_same",
    "is_do_not_mail",
    "list_count",
    "fips",
    "latitude",
    "longitude",
    "units",
    "rent_amount",
    "loan_rate_pct",
    "loan_payment_amount",
    "is_vacant",
)
COLUMNS = (*PLACE, "address_key", *PARCEL, *VALUES)
# What has an origin of its own, besides columns: the whole address, for street and city of two
# sources would make a third place, and who owns it.
ADDRESS, OWNERS = "address", "owners"
TRACKED = (ADDRESS, OWNERS, *(name for name in VALUES if name != "is_do_not_mail"))
_CLAIMED = tuple(name for name in VALUES if name != "is_do_not_mail")
_TEXTS = ("property_type", "mls_status", "fips")
_TENTH = Decimal("0.1")


def values_of(row: LeadRow) -> dict[str, Any]:
    """The columns of a property as the row has them."""
    return {
        "line": row.place.line,
        "unit": row.place.unit,
        "city": row.place.city,
        "state": row.place.state,
        "zip": row.place.zip_code,
        "address_key": row.place.key,
        "county": row.county,
        "apn": row.apn,
        "county_key": row.county_key,
        "apn_key": row.apn_key,
        "property_type": row.property_type,
        "bedrooms": None if row.bedrooms is None else Decimal(row.bedrooms),
        "bathrooms": None if row.bathrooms is None else row.bathrooms.quantize(_TENTH),
        "building_sqft": row.building_sqft,
        "lot_sqft": row.lot_sqft,
        "year_built": row.year_built or row.effective_year_built,
        "effective_year_built": row.effective_year_built,
        "assessed_amount": row.assessed_amount,
        "last_sale_on": row.last_sale_on,
        "last_sale_amount": row.last_sale_amount,
        "open_loans": row.open_loans,
        "loan_balance_amount": row.loan_balance_amount,
        "est_value_amount": row.estimated_value_amount,
        "lien_amount": row.lien_amount,
        "mls_status": row.mls_status,
        "mls_on": row.mls_on,
        "mls_amount": row.mls_amount,
        "is_owner_occupied_by_vendor": row.is_owner_occupied_by_vendor,
        "is_mailing_same": None if row.is_absentee is None else not row.is_absentee,
        "is_do_not_mail": row.is_do_not_mail,
        "list_count": row.marketing_lists,
        "fips": row.fips,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "units": row.units,
        "rent_amount": row.rent_amount,
        "loan_rate_pct": row.loan_rate_pct,
        "loan_payment_amount": row.loan_payment_amount,
        "is_vacant": row.is_vacant,
    }


def said_by(row: LeadRow) -> dict[str, Any]:
    """The columns the row says something of; warnings are not claims and stand apart."""
    values = values_of(row)
    said = {name: value for name in _CLAIMED if (value := values[name]) is not None}
    for name in _TEXTS:
        if not values[name]:
            del said[name]
    return said

"""One listing of the RESO Data Dictionary 2.0 in the importer's words."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.deals.feeds.providers.answers import at, day_at, positive_at, text_at

WANTED = (
    "ListingKey", "ListingId", "ModificationTimestamp", "StandardStatus", "MlsStatus",
    "PropertyType", "PropertySubType", "ListPrice", "ClosePrice", "CloseDate", "UnparsedAddress",
    "StreetNumber", "StreetDirPrefix", "StreetName", "StreetSuffix", "StreetDirSuffix",
    "UnitNumber", "City", "StateOrProvince", "PostalCode", "CountyOrParish", "ParcelNumber",
    "Latitude", "Longitude", "TaxAssessedValue", "BedroomsTotal", "BathroomsTotalInteger",
    "BathroomsTotalDecimal", "BathroomsFull", "BathroomsHalf", "LivingArea", "LivingAreaUnits",
    "BuildingAreaTotal", "BuildingAreaUnits", "LotSizeSquareFeet", "LotSizeAcres", "LotSizeArea",
    "LotSizeUnits", "YearBuilt", "YearBuiltEffective", "NumberOfUnitsTotal", "OwnerName",
    "SpecialListingConditions", "StatusChangeTimestamp", "ListingContractDate", "OnMarketDate",
    "ExpirationDate", "WithdrawnDate", "CancellationDate",
)  # fmt: skip
_SQFT_OF_SQUARE_METER = Decimal("10.7639104")
_STATUS_DATES = {
    "Closed": "CloseDate",
    "Expired": "ExpirationDate",
    "Withdrawn": "WithdrawnDate",
    "Canceled": "CancellationDate",
}
_FAILED = frozenset({"Expired", "Withdrawn", "Canceled"})
# Lookup SpecialListingConditions, without its spaces.
_CONDITIONS = {
    "Auction": "auction",
    "BankruptcyProperty": "bankruptcy",
    "InForeclosure": "foreclosure",
    "NoticeOfDefault": "pre_foreclosure",
    "ProbateListing": "probate",
}
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def cells_of(raw: Any) -> dict[str, str]:
    """Nulls and local fields leave no cell."""
    status = spaced(text_at(raw, "StandardStatus") or text_at(raw, "MlsStatus"))
    status_on = _status_on(raw, status)
    cells = {
        "external_id": text_at(raw, "ListingKey"),
        "as_of": day_at(raw, "ModificationTimestamp"),
        "mls_status": status,
        "mls_on": status_on,
        "mls_amount": positive_at(raw, "ListPrice"),
        "apn": text_at(raw, "ParcelNumber"),
        "owner_name": text_at(raw, "OwnerName"),
        "property_type": spaced(text_at(raw, "PropertySubType") or text_at(raw, "PropertyType")),
        "assessed_amount": positive_at(raw, "TaxAssessedValue"),
        "bedrooms": text_at(raw, "BedroomsTotal"),
        "bathrooms": _bathrooms(raw),
        "year_built": positive_at(raw, "YearBuilt"),
        "effective_year_built": positive_at(raw, "YearBuiltEffective"),
        "units": positive_at(raw, "NumberOfUnitsTotal"),
        "building_sqft": _area(raw, "LivingArea")
        or _area(raw, "BuildingArea", "BuildingAreaTotal"),
        "signals": "|".join(_signals(raw, status, status_on)),
        **_place(raw),
        **_lot(raw),
    }
    if status == "Closed":
        cells["last_sale_on"] = day_at(raw, "CloseDate")
        cells["last_sale_amount"] = positive_at(raw, "ClosePrice")
    return {name: value for name, value in cells.items() if value}


def _place(raw: Any) -> dict[str, str]:
    parts = ("StreetNumber", "StreetDirPrefix", "StreetName", "StreetSuffix", "StreetDirSuffix")
    line = " ".join(filter(None, (text_at(raw, part) for part in parts)))
    place = {
        "city": text_at(raw, "City"),
        "state": text_at(raw, "StateOrProvince"),
        "zip": text_at(raw, "PostalCode"),
        "county": text_at(raw, "CountyOrParish"),
        "unit": text_at(raw, "UnitNumber"),
        "latitude": text_at(raw, "Latitude"),
        "longitude": text_at(raw, "Longitude"),
    }
    if text_at(raw, "StreetNumber") and text_at(raw, "StreetName"):
        return place | {"line": line}
    return place | {"address": text_at(raw, "UnparsedAddress"), "line": ""}


def _status_on(raw: Any, status: str) -> str:
    own = day_at(raw, _STATUS_DATES[status]) if status in _STATUS_DATES else ""
    later = ("StatusChangeTimestamp", "OnMarketDate", "ListingContractDate")
    return own or next(filter(None, (day_at(raw, name) for name in later)), "")


def _bathrooms(raw: Any) -> str:
    full, half = text_at(raw, "BathroomsFull"), text_at(raw, "BathroomsHalf")
    if full.isdigit() and half.isdigit():
        return str(Decimal(full) + Decimal(half) / 2)
    return text_at(raw, "BathroomsTotalDecimal") or text_at(raw, "BathroomsTotalInteger")


def _area(raw: Any, name: str, field: str = "") -> str:
    """In square feet; square meters are converted."""
    text = positive_at(raw, field or name)
    if spaced(text_at(raw, f"{name}Units")) != "Square Meters":
        return text
    try:
        return str(round(Decimal(text) * _SQFT_OF_SQUARE_METER))
    except InvalidOperation:
        return ""


def _lot(raw: Any) -> dict[str, str]:
    if found := positive_at(raw, "LotSizeSquareFeet"):
        return {"lot_sqft": found}
    if found := positive_at(raw, "LotSizeAcres"):
        return {"lot_acres": found}
    units = spaced(text_at(raw, "LotSizeUnits"))
    if units == "Acres":
        return {"lot_acres": positive_at(raw, "LotSizeArea")}
    return {"lot_sqft": _area(raw, "LotSize", "LotSizeArea")} if units else {}


def _signals(raw: Any, status: str, status_on: str) -> list[str]:
    told = [_signal("failed_listing", status_on)] if status in _FAILED else []
    conditions = at(raw, "SpecialListingConditions")
    for condition in conditions if isinstance(conditions, list) else [conditions]:
        kind = _CONDITIONS.get(str(condition).replace(" ", ""))
        if kind:
            told.append(_signal(kind, ""))
    return told


def _signal(kind: str, day: str) -> str:
    return f"{kind}:{day}" if day else kind


def spaced(text: str) -> str:
    """'ActiveUnderContract' and 'Active Under Contract' are the same."""
    return " ".join(_INNER_CAPITAL.sub(" ", text).split())

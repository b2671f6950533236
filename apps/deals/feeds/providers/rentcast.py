"""RentCast: GET /v1/properties and /v1/listings/sale, paged by limit and offset.

Neither knows a time of change: every reading goes through the whole result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.providers.answers import (
    ask,
    at,
    base_of,
    clock_of,
    day_at,
    json_of,
    offset_of,
    page_size_of,
    positive_at,
    records_of,
    text_at,
)
from apps.deals.feeds.types import FeedPage, FeedUnavailable

HOST = "https://api.rentcast.io"
MOST = 500
_PATHS = {"properties": "/v1/properties", "listings": "/v1/listings/sale"}


class RentCast:
    """Reads property records or listings for sale."""

    def read_page(
        self,
        source_settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        watermark: Mapping[str, Any],
        page_token: str,
    ) -> FeedPage:
        offset, limit = offset_of(page_token), min(page_size_of(source_settings, MOST), MOST)
        criteria = source_settings.get("criteria") or {}
        # Nothing found is told with 404.
        answer = ask(
            "GET",
            base_of(source_settings, HOST) + _PATHS[str(source_settings.get("what"))],
            good=(404,),
            headers={"X-Api-Key": secrets.get("api_key", ""), "Accept": "application/json"},
            params={
                **{name: _param(value) for name, value in criteria.items()},
                "limit": str(limit),
                "offset": str(offset),
            },
        )
        rows = json_of(answer) if answer.status != 404 else []
        if not isinstance(rows, list):
            raise FeedUnavailable("it holds no list of records.")
        is_last = len(rows) < limit
        mark = dict(watermark)
        clock = clock_of(answer)
        if is_last and clock:
            mark["read_at"] = clock.isoformat()
        records = records_of(
            rows, lambda row: text_at(row, "id"), lambda row: self.map_record(source_settings, row)
        )
        return FeedPage(records, "" if is_last else str(offset + len(rows)), mark)

    def map_record(self, source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
        is_listing = source_settings.get("what") == "listings"
        cells = _house(raw) | (_listing(raw) if is_listing else _record(raw))
        return {name: value for name, value in cells.items() if value}


def _param(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _house(raw: Any) -> dict[str, str]:
    state_fips, county_fips = text_at(raw, "stateFips"), text_at(raw, "countyFips")
    is_whole = state_fips and county_fips
    return {
        "external_id": text_at(raw, "id"),
        "line": text_at(raw, "addressLine1"),
        "unit": text_at(raw, "addressLine2"),
        "city": text_at(raw, "city"),
        "state": text_at(raw, "state"),
        "zip": text_at(raw, "zipCode"),
        "county": text_at(raw, "county"),
        "fips": state_fips.zfill(2) + county_fips.zfill(3) if is_whole else "",
        "latitude": text_at(raw, "latitude"),
        "longitude": text_at(raw, "longitude"),
        "property_type": text_at(raw, "propertyType"),
        "bedrooms": text_at(raw, "bedrooms"),
        "bathrooms": text_at(raw, "bathrooms"),
        "building_sqft": positive_at(raw, "squareFootage"),
        "lot_sqft": positive_at(raw, "lotSize"),
        "year_built": positive_at(raw, "yearBuilt"),
    }


def _record(raw: Any) -> dict[str, str]:
    names = at(raw, "owner", "names")
    names = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    mailing = at(raw, "owner", "mailingAddress")
    return {
        "apn": text_at(raw, "assessorID"),
        "owner_name": names[0] if names else "",
        "co_owner_name": names[1] if len(names) > 1 else "",
        "mailing_line": text_at(mailing, "addressLine1"),
        "mailing_unit": text_at(mailing, "addressLine2"),
        "mailing_city": text_at(mailing, "city"),
        "mailing_state": text_at(mailing, "state"),
        "mailing_zip": text_at(mailing, "zipCode"),
        "owner_occupied": text_at(raw, "ownerOccupied"),
        "assessed_amount": _latest_assessment(raw),
        "units": positive_at(raw, "features", "unitCount"),
        "last_sale_on": day_at(raw, "lastSaleDate"),
        "last_sale_amount": positive_at(raw, "lastSalePrice"),
    }


def _latest_assessment(raw: Any) -> str:
    years = at(raw, "taxAssessments")
    if not isinstance(years, Mapping) or not years:
        return ""
    return positive_at(years, max(map(str, years)), "value")


def _listing(raw: Any) -> dict[str, str]:
    """An inactive listing was sold or taken back; RentCast does not say which."""
    status = text_at(raw, "status")
    is_removed = status == "Inactive"
    return {
        "mls_status": "Removed" if is_removed else status,
        "mls_on": (day_at(raw, "removedDate") if is_removed else "") or day_at(raw, "listedDate"),
        "mls_amount": positive_at(raw, "price"),
        "as_of": day_at(raw, "lastSeenDate"),
    }

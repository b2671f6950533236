"""RealEstateAPI property search: POST /v2/PropertySearch, paged by resultIndex.

The search knows no time of change: every reading goes through the whole result.
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

HOST = "https://api.realestateapi.com"
MOST = 250
_SIGNALS: dict[str, tuple[str, str]] = {
    "preForeclosure": ("pre_foreclosure", "preForeclosureDate"),
    "foreclosure": ("foreclosure", "foreclosureDate"),
    "auction": ("auction", "auctionDate"),
    "taxLien": ("tax_lien", ""),
    "inherited": ("probate", ""),
    "mlsFailed": ("failed_listing", "mlsLastStatusDate"),
    "mlsCancelled": ("failed_listing", "mlsLastStatusDate"),
}


class RealEstateApi:
    """Reads one property search."""

    def read_page(
        self,
        source_settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        watermark: Mapping[str, Any],
        page_token: str,
    ) -> FeedPage:
        begin, size = offset_of(page_token), min(page_size_of(source_settings, 100), MOST)
        # A search that finds nothing is told with 404.
        answer = ask(
            "POST",
            f"{base_of(source_settings, HOST)}/v2/PropertySearch",
            good=(404,),
            headers={"x-api-key": secrets.get("api_key", "")},
            json={**(source_settings.get("criteria") or {}), "size": size, "resultIndex": begin},
        )
        body = json_of(answer)
        rows = at(body, "data") if answer.status != 404 else []
        if not isinstance(rows, list):
            raise FeedUnavailable("it holds no list of properties.")
        found = at(body, "resultCount")
        end = begin + len(rows)
        is_last = not rows or (end >= found if isinstance(found, int) else len(rows) < size)
        mark = dict(watermark)
        clock = clock_of(answer)
        if is_last and clock:
            mark["read_at"] = clock.isoformat()
        records = records_of(rows, _id, cells_of)
        return FeedPage(records, "" if is_last else str(end), mark)

    def map_record(self, source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
        return cells_of(raw)


def _id(raw: Any) -> str:
    return text_at(raw, "propertyId") or text_at(raw, "id")


def cells_of(raw: Any) -> dict[str, str]:
    cells = {
        "external_id": _id(raw),
        "as_of": day_at(raw, "lastUpdateDate"),
        "line": text_at(raw, "address", "street"),
        "city": text_at(raw, "address", "city"),
        "state": text_at(raw, "address", "state"),
        "zip": text_at(raw, "address", "zip"),
        "county": text_at(raw, "address", "county"),
        "address": "" if text_at(raw, "address", "street") else text_at(raw, "address", "address"),
        "apn": text_at(raw, "apn"),
        "fips": text_at(raw, "fips") or text_at(raw, "address", "fips"),
        "latitude": text_at(raw, "latitude"),
        "longitude": text_at(raw, "longitude"),
        "owner_first": text_at(raw, "owner1FirstName"),
        "owner_last": text_at(raw, "owner1LastName"),
        "company": text_at(raw, "companyName"),
        "co_owner_first": text_at(raw, "owner2FirstName"),
        "co_owner_last": text_at(raw, "owner2LastName"),
        "mailing_line": text_at(raw, "mailAddress", "street"),
        "mailing_city": text_at(raw, "mailAddress", "city"),
        "mailing_state": text_at(raw, "mailAddress", "state"),
        "mailing_zip": text_at(raw, "mailAddress", "zip"),
        "owner_occupied": text_at(raw, "ownerOccupied"),
        "deceased": text_at(raw, "death") if at(raw, "death") is True else "",
        "property_type": text_at(raw, "propertyUse") or text_at(raw, "propertyType"),
        "bedrooms": text_at(raw, "bedrooms"),
        "bathrooms": text_at(raw, "bathrooms"),
        "building_sqft": positive_at(raw, "squareFeet"),
        "lot_sqft": positive_at(raw, "lotSquareFeet"),
        "year_built": positive_at(raw, "yearBuilt"),
        "units": positive_at(raw, "unitsCount"),
        "assessed_amount": positive_at(raw, "assessedValue"),
        "est_value_amount": positive_at(raw, "estimatedValue"),
        "rent_amount": positive_at(raw, "rentAmount") or positive_at(raw, "suggestedRent"),
        "last_sale_on": day_at(raw, "lastSaleDate"),
        "last_sale_amount": positive_at(raw, "lastSaleAmount"),
        "loan_balance_amount": text_at(raw, "openMortgageBalance"),
        "mls_status": text_at(raw, "mlsStatus"),
        "mls_on": day_at(raw, "mlsLastStatusDate"),
        "mls_amount": positive_at(raw, "mlsListingPrice"),
        "vacant": text_at(raw, "vacant"),
        "signals": "|".join(_signals(raw)),
    }
    return {name: value for name, value in cells.items() if value}


def _signals(raw: Any) -> list[str]:
    told: dict[str, str] = {}
    for name, (kind, date_field) in _SIGNALS.items():
        if at(raw, name) is True:
            told[kind] = told.get(kind) or (day_at(raw, date_field) if date_field else "")
    return [f"{kind}:{day}" if day else kind for kind, day in told.items()]

"""BatchData property search: POST /api/v1/property/search, paged by skip and take.

The search knows no time of change. Every reading goes through the whole result; what says the same
as the last time is left out where the page is accepted.
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
from apps.deals.feeds.types import (
    FeedPage,
    FeedRejected,
    FeedThrottled,
    FeedUnauthorized,
    FeedUnavailable,
)

HOST = "https://api.batchdata.com"
# Quick list -> (signal, where its date stands).
_SIGNALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "preforeclosure": ("pre_foreclosure", ("foreclosure", "recordingDate")),
    "noticeOfDefault": ("pre_foreclosure", ("foreclosure", "recordingDate")),
    "noticeOfLisPendens": ("pre_foreclosure", ("foreclosure", "recordingDate")),
    "noticeOfSale": ("auction", ("foreclosure", "auctionDate")),
    "activeAuction": ("auction", ("foreclosure", "auctionDate")),
    "involuntaryLien": ("lien", ()),
    "inherited": ("probate", ()),
    "tiredLandlord": ("tired_landlord", ()),
    "expiredListing": ("failed_listing", ("listing", "failedListingDate")),
    "canceledListing": ("failed_listing", ("listing", "failedListingDate")),
    "failedListing": ("failed_listing", ("listing", "failedListingDate")),
}


class BatchData:
    """Reads one property search."""

    def read_page(
        self,
        source_settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        watermark: Mapping[str, Any],
        page_token: str,
    ) -> FeedPage:
        skip, take = offset_of(page_token), page_size_of(source_settings, 100)
        criteria: dict[str, Any] = {"query": str(source_settings.get("query") or "")}
        if source_settings.get("quick_lists"):
            criteria["quickLists"] = list(source_settings["quick_lists"])
        criteria |= source_settings.get("criteria") or {}
        answer = ask(
            "POST",
            f"{base_of(source_settings, HOST)}/api/v1/property/search",
            headers={"Authorization": f"Bearer {secrets.get('api_key', '')}"},
            json={"searchCriteria": criteria, "options": {"skip": skip, "take": take}},
        )
        body = json_of(answer)
        _check_status(body)
        rows = at(body, "results", "properties")
        if rows is None:
            rows = []
        if not isinstance(rows, list):
            raise FeedUnavailable("it holds no list of properties.")
        following = _following(body, skip, take, len(rows))
        mark = dict(watermark)
        clock = clock_of(answer)
        if not following and clock:
            mark["read_at"] = clock.isoformat()
        records = records_of(rows, lambda row: text_at(row, "_id"), cells_of)
        return FeedPage(records, following, mark)

    def map_record(self, source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
        return cells_of(raw)


def _check_status(body: Any) -> None:
    """Some refusals come with HTTP 200 and tell themselves in the body."""
    code = at(body, "status", "code")
    if not isinstance(code, int) or 200 <= code < 300:
        return
    told = text_at(body, "status", "message") or text_at(body, "status", "text")
    if code in (401, 403):
        raise FeedUnauthorized(str(code))
    if code == 429:
        raise FeedThrottled("429")
    if code >= 500:
        raise FeedUnavailable(f"it answered {code} {told}")
    raise FeedRejected(f"{told} ({code})")


def _following(body: Any, skip: int, take: int, count: int) -> str:
    found = at(body, "results", "meta", "results", "resultsFound")
    if not count or (isinstance(found, int) and skip + count >= found):
        return ""
    return str(skip + count) if isinstance(found, int) or count >= take else ""


def cells_of(raw: Any) -> dict[str, str]:
    owners = at(raw, "owner", "names")
    cells = {
        "external_id": text_at(raw, "_id"),
        "as_of": day_at(raw, "meta", "propertyDateModified"),
        "line": text_at(raw, "address", "street"),
        "city": text_at(raw, "address", "city"),
        "state": text_at(raw, "address", "state"),
        "zip": text_at(raw, "address", "zip"),
        "county": text_at(raw, "address", "county"),
        "latitude": text_at(raw, "address", "latitude"),
        "longitude": text_at(raw, "address", "longitude"),
        "apn": text_at(raw, "ids", "apn"),
        "fips": text_at(raw, "ids", "fipsCode"),
        **_owner(raw, owners if isinstance(owners, list) else []),
        "mailing_line": text_at(raw, "owner", "mailingAddress", "street"),
        "mailing_city": text_at(raw, "owner", "mailingAddress", "city"),
        "mailing_state": text_at(raw, "owner", "mailingAddress", "state"),
        "mailing_zip": text_at(raw, "owner", "mailingAddress", "zip"),
        "owner_occupied": text_at(raw, "owner", "ownerOccupied"),
        "property_type": text_at(raw, "general", "propertyTypeDetail")
        or text_at(raw, "general", "propertyTypeCategory"),
        "bedrooms": text_at(raw, "building", "bedroomCount"),
        "bathrooms": text_at(raw, "building", "bathroomCount"),
        "building_sqft": positive_at(raw, "building", "livingAreaSquareFeet"),
        "lot_sqft": positive_at(raw, "lot", "lotSizeSquareFeet"),
        "year_built": positive_at(raw, "building", "yearBuilt"),
        "effective_year_built": positive_at(raw, "building", "effectiveYearBuilt"),
        "assessed_amount": positive_at(raw, "assessment", "totalAssessedValue"),
        "est_value_amount": positive_at(raw, "valuation", "estimatedValue"),
        "last_sale_on": day_at(raw, "sale", "lastSale", "saleDate"),
        "last_sale_amount": positive_at(raw, "sale", "lastSale", "price"),
        "open_loans": text_at(raw, "openLien", "totalOpenLienCount"),
        "loan_balance_amount": text_at(raw, "openLien", "totalOpenLienBalance"),
        "mls_status": text_at(raw, "listing", "status"),
        "mls_amount": positive_at(raw, "listing", "price"),
        "mls_on": day_at(raw, "listing", "statusUpdatedAt")
        or day_at(raw, "listing", "originalListingDate"),
        "vacant": text_at(raw, "quickLists", "vacant"),
        "tax_delinquent": text_at(raw, "quickLists", "taxDefault"),
        "signals": "|".join(_signals(raw)),
    }
    return {name: value for name, value in cells.items() if value}


def _owner(raw: Any, names: list[Any]) -> dict[str, str]:
    """A company's whole name stands where a person's last name does."""
    cells: dict[str, str] = {}
    for prefix, name in zip(("owner", "co_owner"), names, strict=False):
        first, last = text_at(name, "first"), text_at(name, "last")
        if first and last:
            cells |= {f"{prefix}_first": first, f"{prefix}_last": last}
        else:
            cells[f"{prefix}_name"] = text_at(name, "full") or last or first
    return cells or {"owner_name": text_at(raw, "owner", "fullName")}


def _signals(raw: Any) -> list[str]:
    """One signal of a kind, with its date where one of its quick lists has one."""
    told: dict[str, str] = {}
    for name, (kind, path) in _SIGNALS.items():
        if at(raw, "quickLists", name) is True:
            told[kind] = told.get(kind) or (day_at(raw, *path) if path else "")
    return [f"{kind}:{day}" if day else kind for kind, day in told.items()]

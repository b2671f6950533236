"""BatchData, RealEstateAPI and RentCast: real payloads over HTTP, paging, refusals."""

from __future__ import annotations

import csv
import json

import pytest

from apps.deals.feeds.providers import provider_of
from apps.deals.feeds.providers.batchdata import _SIGNALS as BATCHDATA_SIGNALS
from apps.deals.feeds.types import FeedRejected, FeedThrottled, FeedUnauthorized, FeedUnavailable
from tests.conftest import SHARED_DATA
from tests.deals.feeds.conftest import Said

APIS = SHARED_DATA / "property_apis"
KEY = {"api_key": "k1"}
OPTIONS = {
    "batchdata": {"query": "New Haven, CT", "quick_lists": ["vacant"]},
    "reapi": {"criteria": {"state": "CT", "vacant": True}},
    "rentcast": {"what": "properties", "criteria": {"city": "Austin", "bedrooms": "1:3"}},
}


def load(name):
    return json.loads((APIS / name).read_text())


def read_all(vendor, kind, options):
    provider, records, token = provider_of(kind), [], ""
    while True:
        page = provider.read_page({"url": vendor.url, **options}, KEY, {}, token)
        records += page.records
        token = page.next_token
        if not token:
            return records, page


@pytest.fixture
def houses(vendor):
    """houses(kind, n): the vendor serves n records in its own protocol."""

    def serve(kind, count):
        def reply(asked):
            if kind == "rentcast":
                begin, size = int(asked.query["offset"]), int(asked.query["limit"])
                return Said([{"id": f"R{n}"} for n in range(count)][begin : begin + size])
            body = asked.json()
            if kind == "reapi":
                begin, size = body["resultIndex"], body["size"]
                rows = [{"id": f"R{n}"} for n in range(count)][begin : begin + size]
                return Said({"data": rows, "resultCount": count, "statusCode": 200})
            begin, size = body["options"]["skip"], body["options"]["take"]
            rows = [{"_id": f"R{n}"} for n in range(count)][begin : begin + size]
            meta = {"results": {"resultsFound": count, "resultCount": len(rows)}}
            return Said({"status": {"code": 200}, "results": {"properties": rows, "meta": meta}})

        vendor.reply = reply

    return serve


@pytest.mark.parametrize("kind", ["batchdata", "reapi", "rentcast"])
@pytest.mark.parametrize("count, size", [(0, 3), (1, 3), (3, 3), (6, 3), (7, 3), (10, 1)])
def test_every_record_of_every_page_comes_once(vendor, houses, kind, count, size):
    houses(kind, count)
    records, last = read_all(vendor, kind, {**OPTIONS[kind], "page_size": size})
    assert [record.key for record in records] == [f"R{n}" for n in range(count)]
    assert last.watermark == {"read_at": "2026-11-01T00:00:00+00:00"}


def test_what_is_asked_of_each_vendor(vendor, houses):
    for kind, options in OPTIONS.items():
        houses(kind, 0)
        read_all(vendor, kind, {**options, "page_size": 5})
    batchdata, reapi, rentcast = vendor.asked
    assert (batchdata.method, batchdata.path) == ("POST", "/api/v1/property/search")
    assert batchdata.headers["authorization"] == "Bearer k1"
    assert batchdata.json() == {
        "searchCriteria": {"query": "New Haven, CT", "quickLists": ["vacant"]},
        "options": {"skip": 0, "take": 5},
    }
    assert (reapi.method, reapi.path) == ("POST", "/v2/PropertySearch")
    assert reapi.headers["x-api-key"] == "k1"
    assert reapi.json() == {"state": "CT", "vacant": True, "size": 5, "resultIndex": 0}
    assert (rentcast.method, rentcast.path) == ("GET", "/v1/properties")
    assert rentcast.headers["x-api-key"] == "k1"
    assert rentcast.query == {"city": "Austin", "bedrooms": "1:3", "limit": "5", "offset": "0"}


@pytest.mark.parametrize("kind", ["batchdata", "reapi", "rentcast"])
@pytest.mark.parametrize(
    "said, error, detail",
    [
        (Said({"message": "no"}, 401), FeedUnauthorized, "401"),
        (Said({"message": "Rate limit"}, 429, {"Retry-After": "30"}), FeedThrottled, "429"),
        (Said({"message": "Bad city"}, 400), FeedRejected, "Bad city (400)"),
        (Said({}, 502), FeedUnavailable, "it answered 502."),
        (Said(b"\x00\xff"), FeedUnavailable, "the answer is no JSON."),
        (Said("text"), FeedUnavailable, None),
    ],
)
def test_refusals(vendor, kind, said, error, detail):
    vendor.reply = lambda asked: said
    if kind == "batchdata" and said.body == "text":
        # A body without results holds no properties; it is no error of the vendor's.
        assert read_all(vendor, kind, OPTIONS[kind])[0] == []
        return
    with pytest.raises(error) as failed:
        read_all(vendor, kind, OPTIONS[kind])
    assert detail is None or failed.value.detail == detail


@pytest.mark.parametrize(
    "code, error",
    [(401, FeedUnauthorized), (400, FeedRejected), (429, FeedThrottled), (500, FeedUnavailable)],
)
def test_batchdata_may_refuse_inside_a_good_answer(vendor, code, error):
    vendor.reply = lambda asked: Said({"status": {"code": code, "text": "No"}})
    with pytest.raises(error):
        read_all(vendor, "batchdata", OPTIONS["batchdata"])


@pytest.mark.parametrize("kind", ["reapi", "rentcast"])
def test_nothing_found_is_told_with_404_and_is_no_failure(vendor, kind):
    vendor.reply = lambda asked: Said({"statusCode": 404, "data": {}}, 404)
    assert read_all(vendor, kind, OPTIONS[kind])[0] == []


@pytest.mark.parametrize("kind", ["batchdata", "reapi", "rentcast"])
@pytest.mark.parametrize(
    "raw", [None, 7, "x", [], {}, {"address": [1], "owner": "x", "quickLists": 3}]
)
def test_what_is_no_property_still_becomes_a_record(kind, raw):
    cells = provider_of(kind).map_record(OPTIONS[kind], raw)
    assert all(isinstance(value, str) for value in cells.values())
    assert not any(cells.get(name) for name in ("line", "apn", "owner_name", "est_value_amount"))


@pytest.mark.shared_data
def test_the_properties_of_batchdata(vendor):
    vendor.reply = lambda asked: Said(load("batchdata_property_search_response_filled.json"))
    records, _ = read_all(vendor, "batchdata", OPTIONS["batchdata"])
    assert len(records) == 8
    derby, pre, vacant = records[0].cells, records[2].cells, records[3].cells
    assert derby["apn"] == "DERB M:2 B:3 L:10"
    assert derby["fips"] == "09009"
    assert (derby["line"], derby["city"], derby["zip"]) == ("11-13 Krakow St", "Derby", "06418")
    assert derby["owner_name"] == "11-13 Krakow Llc"
    assert (derby["owner_occupied"], derby["vacant"]) == ("No", "No")
    assert (derby["last_sale_on"], derby["last_sale_amount"]) == ("2008-05-08", "252000")
    assert (derby["open_loans"], derby["est_value_amount"]) == ("0", "249037")
    assert pre["signals"] == "pre_foreclosure:2021-02-01"
    assert (vacant["vacant"], vacant["tax_delinquent"]) == ("Yes", "Yes")
    assert (vacant["owner_first"], vacant["co_owner_last"]) == ("Lorri", "Brush")


@pytest.mark.shared_data
def test_the_quick_lists_we_read_exist():
    with (APIS / "batchdata_quick_lists.csv").open() as file:
        known = {row["List Builder Output Field"].partition(".")[2] for row in csv.DictReader(file)}
    assert {*BATCHDATA_SIGNALS, "vacant", "taxDefault"} <= known
    with (APIS / "batchdata_property_fields.csv").open() as file:
        fields = {row["List Builder Output Field"] for row in csv.DictReader(file)}
    dates = {".".join(path) for _, path in BATCHDATA_SIGNALS.values() if path}
    assert dates <= fields, dates - fields


@pytest.mark.shared_data
def test_a_property_of_realestateapi(vendor):
    home = load("reapi_property_search_response.json")
    vendor.reply = lambda asked: Said({"data": [home], "resultCount": 1})
    records, _ = read_all(vendor, "reapi", OPTIONS["reapi"])
    cells = records[0].cells
    assert records[0].key == "253175355"
    assert cells["line"] == "13723 Neil Armstrong Ave Unit 308"
    assert (cells["owner_first"], cells["co_owner_last"]) == ("Quinn", "Sampleson")
    assert (cells["last_sale_on"], cells["last_sale_amount"]) == ("2020-07-23", "418000")
    assert (cells["rent_amount"], cells["loan_balance_amount"]) == ("2070", "313500")
    assert "deceased" not in cells
    assert "lot_sqft" not in cells


@pytest.mark.shared_data
@pytest.mark.parametrize("number", range(5))
def test_the_errors_of_realestateapi(vendor, number):
    body = list(load("reapi_error_responses.json").values())[number]
    vendor.reply = lambda asked: Said(body, body["statusCode"])
    if body["statusCode"] == 404:
        assert read_all(vendor, "reapi", OPTIONS["reapi"])[0] == []
        return
    with pytest.raises(FeedRejected) as failed:
        read_all(vendor, "reapi", OPTIONS["reapi"])
    assert failed.value.detail == f"{body['message']} (400)"


@pytest.mark.shared_data
def test_records_and_listings_of_rentcast(vendor):
    vendor.reply = lambda asked: Said(
        load(
            "rentcast_properties.json"
            if asked.path.endswith("properties")
            else "rentcast_listings_sale.json"
        )
    )
    record = read_all(vendor, "rentcast", OPTIONS["rentcast"])[0][0].cells
    assert (record["fips"], record["apn"]) == ("48029", "05076-103-0500")
    assert (record["owner_name"], record["assessed_amount"]) == ("Avery Sample", "216513")
    assert (record["last_sale_on"], record["owner_occupied"]) == ("2024-11-18", "Yes")
    listing = read_all(vendor, "rentcast", {"what": "listings", "criteria": {}})[0][0].cells
    assert (listing["mls_status"], listing["mls_amount"]) == ("Active", "899000")
    assert (listing["fips"], listing["mls_on"]) == ("48453", "2024-06-24")


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "what, path", [("properties", "/properties"), ("listings", "/listings/sale")]
)
def test_requests_to_rentcast_are_as_its_openapi_says(vendor, what, path):
    spec = load("rentcast_openapi_no_examples.json")
    known = {item["name"]: item["schema"] for item in spec["paths"][path]["get"]["parameters"]}
    scheme = next(iter(spec["components"]["securitySchemes"].values()))
    vendor.reply = lambda asked: Said([])
    criteria = {"city": "Austin", "state": "TX", "radius": 2.5, "propertyType": "Condo"}
    read_all(vendor, "rentcast", {"what": what, "criteria": criteria, "page_size": 900})
    asked = vendor.asked[0]
    assert asked.path == "/v1" + path
    assert spec["servers"][0]["url"].endswith("/v1")
    assert asked.headers[scheme["name"].lower()] == "k1"
    for name, value in asked.query.items():
        kind = known[name]["type"]
        assert kind != "integer" or value.isdigit()
        assert kind != "number" or float(value)
        assert value in known[name].get("enum", [value])
    # "The maximum number of results to return, between 1 and 500."
    assert asked.query["limit"] == "500"

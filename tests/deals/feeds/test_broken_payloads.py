"""Broken records of every feed go the whole way: each ends as a row, none ends the worker."""

from __future__ import annotations

import csv
import json
import random

import pytest

from apps.deals.feeds.providers.county_presets import PRESETS
from apps.deals.feeds.providers.reso_listing import WANTED
from apps.deals.ingestion.worker import run_import
from apps.deals.models import ImportRow, LeadImport, SourceRecord
from tests.conftest import SHARED_DATA
from tests.deals.feeds.conftest import Said
from tests.deals.feeds.mls import edmx
from tests.deals.mutations import deep, mutate

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]
APIS = SHARED_DATA / "property_apis"
KEY = {"api_key": "k1", "token": "t"}
FILES = {
    "nyc_sales": "nyc_dof_sales",
    "nyc_tax_liens": "nyc_dof_tax_lien_sale_list",
    "nyc_hpd_violations": "nyc_hpd_violations",
    "nyc_vacate_orders": "nyc_hpd_vacateorders",
    "nyc_dob_violations": "nyc_dob_violations",
    "nyc_pluto": "nyc_pluto_latest",
    "ct_sales": "ct_real_estate_sales",
}


def api(name):
    return json.loads((APIS / f"{name}.json").read_text())


def county(preset):
    with (SHARED_DATA / f"county/{FILES[preset]}.csv").open(encoding="utf-8-sig") as file:
        return [row for row, _ in zip(csv.DictReader(file), range(40), strict=False)]


def reso():
    pages = json.loads((SHARED_DATA / "reso/reso_property_feed_3_pages.json").read_text())["pages"]
    return [row for page in pages for row in page["value"]]


def broken(records, key, seed, count=150):
    """`count` broken records; their ids stay whole, so that each is one of its own."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        record = mutate(chance.choice(records), chance)
        made.append(record | {key: f"K{number}"} if isinstance(record, dict) else {key: "K"})
    return made


CASES = {
    "batchdata": (
        {"query": "x"},
        lambda: api("batchdata_property_search_response_filled")["results"]["properties"],
        "_id",
        lambda rows: {"results": {"properties": rows, "meta": {"results": {"resultsFound": 150}}}},
    ),
    "reapi": (
        {"criteria": {"state": "CT"}},
        lambda: [api("reapi_property_search_response")],
        "propertyId",
        lambda rows: {"data": rows, "resultCount": len(rows)},
    ),
    "rentcast": (
        {"what": "properties", "criteria": {"state": "TX"}},
        lambda: api("rentcast_properties"),
        "id",
        lambda rows: rows,
    ),
    "rentcast_listings": (
        {"what": "listings", "criteria": {"state": "TX"}},
        lambda: api("rentcast_listings_sale"),
        "id",
        lambda rows: rows,
    ),
    "reso": ({}, reso, "ListingKey", lambda rows: {"value": rows}),
} | {
    preset: (
        {"preset": preset, "page_size": 1000},
        lambda preset=preset: county(preset),
        ":id",
        lambda rows: rows,
    )
    for preset in PRESETS
}


@pytest.mark.parametrize("case", CASES)
def test_every_broken_record_ends_as_a_row(vendor, make_source, poll, laid, now, case):
    options, records, key, around = CASES[case]
    kind = "socrata" if case in PRESETS else case.partition("_")[0]
    rows = broken(records(), key, case)
    body = json.dumps(around(rows)).encode()
    vendor.reply = lambda asked: Said(edmx(*WANTED) if asked.path.endswith("$metadata") else body)
    url = f"{vendor.url}/resource/abcd-1234.json" if kind == "socrata" else vendor.url
    source = make_source(kind, {"url": url, **options}, KEY)
    run = poll()
    assert (run.state, run.record_count) == ("done", len(rows)), run.error
    # What a city closed before we first asked opens no lead; the run counts it.
    told = len(rows) - run.over_count
    assert SourceRecord.objects.filter(source=source).count() == told
    assert told == len(rows) or kind == "socrata"
    held = run_import(LeadImport.objects.in_workspace(laid).get(), clock=lambda: now)
    assert held.state == "done", held.error
    ended = ImportRow.objects.filter(lead_import=held)
    assert ended.count() == held.rows_total == told
    refused = ended.filter(outcome="rejected")
    assert all(row.reason.endswith(".") and any(row.raw) for row in refused)
    assert ended.exclude(outcome="rejected").count() > told / 2


@pytest.mark.parametrize("depth", [300, 900, 3_000, 20_000, 200_000])
def test_a_record_as_deep_as_a_well(vendor, make_source, poll, depth):
    text = json.dumps([{"id": "R1", "addressLine1": "1 Elm St", "x": "DEEP"}])
    well = f"{'[' * depth}{']' * depth}"
    vendor.reply = lambda asked: Said(text.replace('"DEEP"', well).encode())
    make_source("rentcast", {"url": vendor.url, "what": "properties", "criteria": {"a": 1}}, KEY)
    run = poll()
    assert run.state in ("done", "failed")
    assert bool(run.error) == (run.state == "failed")


def test_the_page_itself_broken(vendor, make_source, poll, now):
    whole = api("batchdata_property_search_response_filled")
    source = make_source("batchdata", {"url": vendor.url, "query": "x"}, KEY)
    chance = random.Random(7)
    bodies = [json.dumps(mutate({"results": whole["results"]}, chance, 2)) for _ in range(25)]
    bodies += [json.dumps(deep(50)), "null", "[]", '{"results": {"properties": [null, 7, "x"]}}']
    for body in bodies:
        vendor.reply = lambda asked, body=body: Said(body.encode())
        source.refresh_from_db()
        type(source).objects.in_workspace(source.workspace).filter(pk=source.pk).update(
            next_run_at=now, lease_until=None
        )
        run = poll()
        assert run.state in ("done", "failed", "running")

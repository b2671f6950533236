"""County open data: tables whose rows share one time, tables that move, and the layouts shipped."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.feeds.providers.county_presets import PRESETS, turned_name
from apps.deals.feeds.providers.socrata import Socrata, cells_of
from apps.deals.feeds.remapping import remap_source
from apps.deals.feeds.schemas import COUNTY_LAYOUTS
from apps.deals.feeds.types import FeedUnavailable
from apps.deals.ingestion.due import claim_import
from apps.deals.ingestion.fields import get_field
from apps.deals.ingestion.worker import run_import
from apps.deals.models import Property, Signal
from tests.conftest import SHARED_DATA
from tests.deals.feeds.conftest import Said, imported

COUNTY = SHARED_DATA / "county"
START = datetime(2026, 1, 1, tzinfo=UTC)
TICK = timedelta(minutes=7)
MAPPING = {"addr": "line"}


def stamp(tick):
    return (START + tick * TICK).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Table:
    """A data set in memory: id -> (tick, address)."""

    def __init__(self, rows=None):
        self.rows, self.tick = dict(rows or {}), 0

    def reply(self, asked):
        query = asked.query
        assert query["$order"] == ":updated_at, :id"
        assert query["$select"] == ":*, *"
        since = re.fullmatch(r":updated_at >= '(.*)'", query.get("$where", ":updated_at >= ''"))[1]
        keys = sorted(self.rows, key=lambda key: (self.rows[key][0], key))
        keys = [key for key in keys if stamp(self.rows[key][0]) >= since]
        begin = int(query["$offset"])
        found = [
            {":id": key, ":updated_at": stamp(self.rows[key][0]), "addr": self.rows[key][1]}
            for key in keys[begin : begin + int(query["$limit"])]
        ]
        if asked.path.endswith(".csv"):
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, [":id", ":updated_at", "addr"])
            writer.writeheader()
            writer.writerows(found)
            return Said(
                text.getvalue().encode(), headers={"Content-Type": "text/csv; charset=utf-8"}
            )
        return Said(found)


def options_of(vendor, **more):
    return {"url": f"{vendor.url}/resource/abcd-1234", "mapping": MAPPING, **more}


CHANGES = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from("ABCDEFGHIJ"), st.integers(1, 9)), max_size=4
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 8)), max_size=10),
    between=st.lists(CHANGES, max_size=8),
    size=st.integers(1, 4),
    skew=st.integers(-100, 100),
)
def test_every_row_arrives_whatever_changes_while_we_page(vendor, first, between, size, skew):
    table = Table()
    for number, (step, house) in enumerate(first):
        table.tick += step
        table.rows["ABCDEFGHIJ"[number]] = (table.tick, f"{house} Elm St")
    vendor.reply = table.reply
    changes = iter(between)

    def change():
        for step, key, house in next(changes, []):
            table.tick += step
            table.rows[key] = (table.tick, f"{house} Elm St")
            if house == 9:
                del table.rows[key]
        at = START + table.tick * TICK + timedelta(seconds=skew)
        vendor.clock = at.strftime("%a, %d %b %Y %H:%M:%S GMT")

    change()
    known, watermark = {}, {}
    for turn in range(8):
        token = ""
        while True:
            page = Socrata().read_page(options_of(vendor, page_size=size), {}, watermark, token)
            known |= {record.key: record.cells["line"] for record in page.records}
            watermark, token = json.loads(json.dumps([page.watermark, page.next_token]))
            change()
            if not token or turn % 3 == 1:
                break
    for key, (_, line) in table.rows.items():
        assert known[key] == line


def test_a_million_rows_of_one_time_are_read_by_offset_and_not_again(vendor):
    table = Table({f"row-{n:04}": (5, f"{n} Elm St") for n in range(1, 50)})
    vendor.reply = table.reply
    records, token, watermark = [], "", {}
    while True:
        page = Socrata().read_page(
            options_of(vendor, page_size=10), {"app_token": "t"}, watermark, token
        )
        records += page.records
        watermark, token = page.watermark, page.next_token
        if not token:
            break
    assert {record.key for record in records} == set(table.rows)
    assert len(vendor.asked) <= 7
    assert vendor.asked[0].headers["x-app-token"] == "t"
    assert watermark == {"at": stamp(5)}


def test_a_table_that_never_stands_still_is_given_up_for_now(vendor):
    turn = iter(range(1000))
    vendor.reply = lambda asked: Said(
        [{":id": f"row-{next(turn)}", ":updated_at": stamp(5), "addr": "x"} for _ in range(3)]
    )
    asked = options_of(vendor, page_size=3)

    def read_to_the_end(token=""):
        for _ in range(50):
            token = Socrata().read_page(asked, {}, {}, token).next_token

    with pytest.raises(FeedUnavailable, match="faster"):
        read_to_the_end()


def test_csv_reads_like_json(vendor):
    vendor.reply = Table({"row-1": (1, "1 Elm St"), "row-2": (2, '2 "Elm", St')}).reply
    asked = options_of(vendor)
    rows = Socrata().read_page(asked, {}, {}, "")
    same = Socrata().read_page({**asked, "url": f"{asked['url']}.csv"}, {}, {}, "")
    assert [r.cells for r in same.records] == [r.cells for r in rows.records]
    assert same.watermark == rows.watermark


def test_a_mapping_of_ones_own_with_values_that_are_always_the_same():
    cells = cells_of(
        {
            "mapping": {"Site Address": "line", "TAX_DUE": "tax_delinquent_amount"},
            "fixed": {"state": "CT", "city": "Derby", "signals": "tax_delinquent"},
        },
        {
            ":id": "r1",
            ":updated_at": "2026-03-01T00:00:00.000Z",
            "site_address": "1 Elm St",
            "tax_due": 12.5,
        },
    )
    assert cells == {
        "line": "1 Elm St",
        "tax_delinquent_amount": "12.5",
        "state": "CT",
        "city": "Derby",
        "signals": "tax_delinquent",
        "as_of": "2026-03-01",
        "external_id": "r1",
    }


@pytest.mark.parametrize(
    "name, turned",
    [
        ("RODRIGUEZ, JOSE R", "JOSE R RODRIGUEZ"),
        ("GENOVESE, FRANK R/GUARDIAN", "FRANK R GENOVESE"),
        ("SMITH, JONES & CO LLC", "SMITH, JONES & CO LLC"),
        ("BORSA VINCENZA", "BORSA VINCENZA"),
        ("DOE, JANE, TRUSTEE", "DOE, JANE, TRUSTEE"),
        ("SAMPLE,", "SAMPLE,"),
    ],
)
def test_last_name_first(name, turned):
    assert turned_name(name) == turned


def test_layouts_are_offered_as_they_exist():
    assert {name for name, _ in COUNTY_LAYOUTS if name} == set(PRESETS)


def county(name, preset):
    with (COUNTY / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [cells_of({"preset": preset}, row) for row in csv.DictReader(file)]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name, preset, first",
    [
        (
            "nyc_dof_sales",
            "nyc_sales",
            {
                "apn": "1003740046",
                "fips": "36061",
                "line": "347 EAST 4TH STREET",
                "city": "New York",
                "last_sale_on": "2021-02-09",
                "building_sqft": "4400",
                "lot_sqft": "2116",
            },
        ),
        (
            "nyc_dof_tax_lien_sale_list",
            "nyc_tax_liens",
            {"apn": "1000160003", "line": "401 SOUTH END AVENUE", "signals": "tax_lien:2019-04-01"},
        ),
        (
            "nyc_hpd_violations",
            "nyc_hpd_violations",
            {"apn": "3047040044", "fips": "36047", "line": "5603 SNYDER AVENUE", "zip": "11203"},
        ),
        (
            "nyc_hpd_vacateorders",
            "nyc_vacate_orders",
            {
                "apn": "3013480010",
                "line": "1662 DEAN STREET",
                "signals": "vacate_order#100282:2012-11-23",
            },
        ),
        (
            "nyc_dob_violations",
            "nyc_dob_violations",
            {"apn": "1012010063", "line": "72 WEST 88 STREET", "county": "New York"},
        ),
        (
            "nyc_pluto_latest",
            "nyc_pluto",
            {
                "apn": "2054800111",
                "fips": "36005",
                "owner_name": "JOSE R RODRIGUEZ",
                "zip": "10465",
                "building_sqft": "1683",
                "assessed_amount": "40140",
                "city": "Bronx",
            },
        ),
        (
            "ct_real_estate_sales",
            "ct_sales",
            {
                "line": "618 ROUTE 6",
                "city": "Andover",
                "state": "CT",
                "last_sale_on": "2023-01-30",
                "latitude": "41.728431984",
                "longitude": "-72.343628962",
            },
        ),
    ],
)
def test_county_files(name, preset, first):
    rows = county(name, preset)
    assert first.items() <= rows[0].items()
    told = [item for row in rows for item in row.get("signals", "").split("|")]
    kinds = {item.partition(":")[0].partition("#")[0] for item in told}
    assert kinds - {""} <= set(Signal.Kind.values)
    for row in rows:
        assert all(get_field(field) for field in row)
        assert row["state"] in ("NY", "CT")
        # Some rows of the city have no lot; they go by their address.
        assert re.fullmatch(r"[1-5]\d{9}", row.get("apn", "1000000000"))
        assert "apn" in row or row["line"]


@pytest.mark.shared_data
def test_what_is_over_says_so_with_its_day_and_number():
    rows = county("nyc_hpd_violations", "nyc_hpd_violations")
    assert rows[0]["signals"] == "violation#10000000:2013-10-09/2014-02-10"
    assert any(re.fullmatch(r"violation#\d+:2013-\d\d-\d\d", row["signals"]) for row in rows)
    [dob] = county("nyc_dob_violations", "nyc_dob_violations")[:1]
    assert dob["signals"] == "violation#544483:1998-05-04/2004-07-16"
    orders = county("nyc_hpd_vacateorders", "nyc_vacate_orders")
    assert "/" in orders[1]["signals"]


class Violations:
    """A table of the city's housing violations: number -> (tick, status)."""

    def __init__(self):
        self.rows, self.tick, self.asked = {}, 0, []

    def put(self, number, status="Open", lot="0044"):
        self.tick += 1
        self.rows[number] = (self.tick, status, lot)

    def reply(self, asked):
        where = asked.query.get("$where", "")
        self.asked.append(where)
        since = re.search(r":updated_at >= '([^']*)'", where)
        rows = [
            {
                ":id": f"row-{number}", ":updated_at": stamp(tick), "violationid": number,
                "bbl": f"304704{lot}", "housenumber": "5603", "streetname": "SNYDER AVENUE",
                "postcode": "11203", "violationstatus": status,
                "inspectiondate": "2025-12-11T00:00:00.000",
                "currentstatusdate": "2025-12-20T00:00:00.000",
            }
            for number, (tick, status, lot) in sorted(self.rows.items(), key=lambda one: one[1])
            if (not since or stamp(tick) >= since[1])
            and ("= 'Open'" not in where or status == "Open")
        ]  # fmt: skip
        return Said(rows)


def test_a_violation_closed_later_ends_its_signal(vendor, make_source, poll, now):
    table = Violations()
    for number in ("1001", "1002"):
        table.put(number)
    table.put("1003", "Close", lot="0099")
    vendor.reply = table.reply
    settings = {"url": f"{vendor.url}/resource/wvxf-dwi5", "preset": "nyc_hpd_violations"}
    source = make_source("socrata", settings, every_minutes=60)

    def read(hours):
        at = now + timedelta(hours=hours)
        poll(at)
        while held := claim_import(at):
            run_import(held, clock=lambda: at)

    def signs():
        rows = Signal.across_workspaces.order_by("reference")
        return list(rows.values_list("reference", "observed_on", "ended_on"))

    read(0)
    day = date(2025, 12, 11)
    # Two of one day are two; one that was over before we looked is no lead.
    assert signs() == [("1001", day, None), ("1002", day, None)]
    assert Property.objects.in_workspace(source.workspace).count() == 1
    table.put("1001", "Close")
    table.put("1003", "Close", lot="0099")
    read(2)
    assert signs() == [("1001", day, date(2025, 12, 20)), ("1002", day, None)]
    assert Property.objects.in_workspace(source.workspace).count() == 1
    table.put("1001", "Open")
    read(4)
    assert signs() == [("1001", day, None), ("1002", day, None)]
    assert ["Open" in where for where in table.asked] == [True, False, False]


def test_a_layout_asks_only_for_what_is_open(vendor, make_source, poll):
    vendor.reply = lambda asked: Said([])
    make_source(
        "socrata",
        {
            "url": f"{vendor.url}/resource/wvxf-dwi5.json",
            "preset": "nyc_hpd_violations",
            "where": "boroid = '3'",
        },
    )
    assert poll().state == "done"
    assert vendor.asked[0].query["$where"] == "(violationstatus = 'Open') AND (boroid = '3')"
    assert vendor.asked[0].path == "/resource/wvxf-dwi5.json"


def test_rows_become_an_import(vendor, make_source, poll):
    vendor.reply = Table({"row-1": (1, "1 Elm St"), "row-2": (2, "2 Elm St")}).reply
    source = make_source(
        "socrata", {**options_of(vendor), "fixed": {"city": "Derby", "state": "CT"}}
    )
    poll()
    assert [row["line"] for row in imported(source)] == ["1 Elm St", "2 Elm St"]


def test_a_mended_mapping_reads_what_was_kept_again(vendor, make_source, poll, system, now):
    vendor.reply = Table({"row-1": (1, "1 Elm St"), "row-2": (2, "2 Elm St")}).reply
    source = make_source("socrata", options_of(vendor, mapping={"addr": "city"}))
    poll()
    source.settings = options_of(vendor)
    source.save()
    vendor.asked.clear()
    acted = {"workspace": source.workspace, "actor": system, "source": source, "now": now}
    assert remap_source(**acted).rows_total == 2
    assert [row.get("line") for row in imported(source)[2:]] == ["1 Elm St", "2 Elm St"]
    assert remap_source(**acted) is None
    assert vendor.asked == []

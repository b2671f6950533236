"""Feeds from the wire to the rows: what real payloads become as properties, owners and signs."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest

from apps.deals.feeds.providers.reso_listing import WANTED
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.worker import run_import
from apps.deals.models import Deal, ImportRow, LeadImport, LeadList, ListMembership, Property
from apps.events.models import Event
from tests.conftest import SHARED_DATA
from tests.deals.feeds.conftest import Said
from tests.deals.feeds.mls import edmx
from tests.deals.ingestion.conftest import as_csv, house

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]
KEY = {"api_key": "k1"}
COUNTY = SHARED_DATA / "county"


@pytest.fixture
def arrive(poll, laid, now) -> Callable[..., Counter[str]]:
    """arrive(days=0) -> how many rows ended how: polls the due source, imports what it left."""

    def run(days: int = 0) -> Counter[str]:
        at = now + timedelta(days=days)
        done = poll(at=at)
        assert done.state == "done", done.error
        counts: Counter[str] = Counter()
        for held in LeadImport.objects.in_workspace(laid).filter(state="queued").order_by("id"):
            finished = run_import(held, clock=lambda: at)
            assert finished.state == "done", finished.error
            rows = ImportRow.objects.filter(lead_import=held)
            assert rows.count() == held.rows_total
            counts.update(rows.values_list("outcome", flat=True))
        return counts

    return run


@pytest.fixture
def settled(arrive, laid):
    """Reads the source again days later and sees that nothing at all happens."""

    def check() -> None:
        imports = LeadImport.objects.in_workspace(laid).count()
        facts = Event.objects.exclude(name__startswith="deals.source_").count()
        history = Property.history.count()
        assert arrive(days=40) == {}
        assert LeadImport.objects.in_workspace(laid).count() == imports
        assert Event.objects.exclude(name__startswith="deals.source_").count() == facts
        assert Property.history.count() == history

    return check


def load(name):
    return json.loads((SHARED_DATA / "property_apis" / f"{name}.json").read_text())


def told(home: Property, *names: str) -> tuple:
    return tuple(getattr(home, name) for name in names)


def signs(home: Property) -> set[tuple[str, date]]:
    return set(home.signals.values_list("kind", "observed_on"))


def test_reso(vendor, make_source, arrive, settled, laid):
    pages = json.loads((SHARED_DATA / "reso/reso_property_feed_3_pages.json").read_text())["pages"]
    for page in pages:
        if "@odata.nextLink" in page:
            page["@odata.nextLink"] = page["@odata.nextLink"].partition("/odata/")[2]
    vendor.reply = lambda asked: Said(
        edmx(*WANTED)
        if asked.path.endswith("$metadata")
        else pages[int(asked.query.get("$skiptoken", 0)) // 10]
    )
    mls = LeadList.objects.create(workspace=laid, name="MLS", key="mls")
    make_source("reso", {"url": f"{vendor.url}/odata"}, {"token": "t"}, lead_list=mls)
    assert arrive() == {"created": 30}
    homes = Property.objects.in_workspace(laid)
    assert homes.count() == 30
    assert ListMembership.objects.in_workspace(laid).filter(lead_list=mls).count() == 30
    sold = homes.get(address_key="177 CHICHESTER RD||NEW CANAAN CT")
    assert told(sold, "bedrooms", "bathrooms", "building_sqft", "year_built") == (5, 1, 1011, 1933)
    assert told(sold, "mls_status", "mls_on", "mls_amount") == (
        "CLOSED", date(2023, 6, 16), Decimal("2761200.00"),
    )  # fmt: skip
    assert told(sold, "last_sale_on", "last_sale_amount") == (date(2023, 6, 16), Decimal(2655000))
    assert told(sold, "assessed_amount", "strength") == (Decimal(1044610), 60)
    assert sold.source.startswith("My reso")
    assert sold.as_of == date(2026, 1, 1)
    failed = homes.filter(mls_status__in=["EXPIRED", "WITHDRAWN", "CANCELED"])
    assert failed.count() > 5
    assert all({kind for kind, _ in signs(home)} == {"failed_listing"} for home in failed)
    settled()


def test_batchdata(vendor, make_source, arrive, settled, laid):
    vendor.reply = lambda asked: Said(load("batchdata_property_search_response_filled"))
    make_source("batchdata", {"url": vendor.url, "query": "New Haven, CT"}, KEY)
    assert arrive() == {"created": 8}
    homes = Property.objects.in_workspace(laid)
    derby = homes.get(apn="DERB M:2 B:3 L:10")
    assert told(derby, "fips", "county", "county_key", "apn_key", "address_key") == (
        "09009", "New Haven", "CT|NEW HAVEN", "DERB-M-2-B-3-L-10", "11-13 KRAKOW ST||06418",
    )  # fmt: skip
    assert told(derby, "property_type", "bedrooms", "building_sqft", "lot_sqft", "year_built") == (
        "Duplex", 6, 2150, 14810, 1957,
    )  # fmt: skip
    assert told(derby, "assessed_amount", "est_value_amount", "last_sale_amount") == (
        156730, 249037, 252000,
    )  # fmt: skip
    assert told(derby, "is_vacant", "is_owner_occupied_by_vendor", "open_loans") == (
        False, False, 0,
    )  # fmt: skip
    seller = Deal.objects.in_workspace(laid).get(property=derby).seller
    assert (seller.name, seller.kind) == ("11-13 Krakow LLC", "company")
    assert seller.mailing_line == "11-13 Krakow St"
    assert signs(homes.get(line="1171 Main St")) == {("pre_foreclosure", date(2021, 2, 1))}
    vacant = homes.get(line="63 Canner St")
    assert {kind for kind, _ in signs(vacant)} == {"vacant", "tax_delinquent"}
    assert set(vacant.signals.values_list("source", flat=True)) == {"My batchdata"}
    lorri = Deal.objects.in_workspace(laid).get(property=vacant)
    names = list(lorri.parties.values_list("contact__name", flat=True))
    assert sorted(name.split()[-1] for name in names) == ["Brush", "Cottage"]
    settled()


def test_realestateapi(vendor, make_source, arrive, settled, laid):
    home = load("reapi_property_search_response")
    vendor.reply = lambda asked: Said({"data": [home], "resultCount": 1})
    make_source("reapi", {"url": vendor.url, "criteria": {"state": "VA"}}, KEY)
    assert arrive() == {"created": 1}
    condo = Property.objects.in_workspace(laid).get()
    assert condo.address_key == "13723 NEIL ARMSTRONG AVE|308|20171"
    assert told(condo, "loan_balance_amount", "rent_amount", "est_value_amount") == (
        313500, 2070, 490308,
    )  # fmt: skip
    assert told(condo, "mls_status", "mls_on") == ("ACTIVE", date(2023, 4, 15))
    seller = Deal.objects.in_workspace(laid).get().seller
    assert (seller.name, seller.mailing_state) == ("Quinn Testerman", "VA")
    settled()


def test_rentcast(vendor, make_source, arrive, settled, laid):
    vendor.reply = lambda asked: Said(load("rentcast_properties"))
    make_source(
        "rentcast", {"url": vendor.url, "what": "properties", "criteria": {"state": "TX"}}, KEY
    )
    assert arrive() == {"created": 1}
    home = Property.objects.in_workspace(laid).get()
    assert told(home, "fips", "county_key", "apn_key") == (
        "48029", "TX|BEXAR", "05076-103-0500",
    )  # fmt: skip
    assert told(home, "assessed_amount", "last_sale_on", "last_sale_amount") == (
        216513, date(2024, 11, 18), 270000,
    )  # fmt: skip
    assert Deal.objects.in_workspace(laid).get().seller.name == "Avery Sample"
    settled()


def test_rentcast_listings(vendor, make_source, arrive, settled, laid):
    listings = load("rentcast_listings_sale")
    vendor.reply = lambda asked: Said(listings)
    make_source(
        "rentcast", {"url": vendor.url, "what": "listings", "criteria": {"city": "Austin"}}, KEY
    )
    assert arrive() == {"created": len(listings)}
    home = Property.objects.in_workspace(laid).get(line="3821 Hargis St")
    assert told(home, "mls_status", "mls_amount", "mls_on", "as_of") == (
        "ACTIVE", 899000, date(2024, 6, 24), date(2024, 9, 30),
    )  # fmt: skip
    settled()


@pytest.fixture
def county(vendor, make_source, laid):
    """county(file, preset, most) -> the file's rows, served as a data set by a source."""

    def serve(name, preset, most=200):
        with (COUNTY / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))[:most]
        sent = [
            row | {":id": f"r{number:05}", ":updated_at": "2026-03-01T00:00:00.000Z"}
            for number, row in enumerate(rows)
        ]
        vendor.reply = lambda asked: Said(sent)
        url = f"{vendor.url}/resource/abcd-1234.json"
        make_source("socrata", {"url": url, "preset": preset, "page_size": 1000})
        return rows

    return serve


def every(counts):
    return sum(counts.values()) - counts["duplicate"] - counts["rejected"]


def bbl_of(row):
    return f"{row['Borough']}{int(row['Block ']):05}{int(row['Lot']):04}"


def test_new_york_sales(county, arrive, settled, laid):
    rows = county("nyc_dof_sales", "nyc_sales")
    assert every(arrive()) == len(rows)
    home = Property.objects.in_workspace(laid).get(apn_key="1003740046")
    assert told(home, "county_key", "fips", "address_key") == (
        "NY|NEW YORK", "36061", "347 E 4TH ST||10009",
    )  # fmt: skip
    assert told(home, "last_sale_on", "last_sale_amount", "building_sqft", "as_of") == (
        date(2021, 2, 9), 2385000, 4400, date(2026, 3, 1),
    )  # fmt: skip
    settled()


def test_new_york_tax_liens(county, arrive, settled, laid):
    rows = county("nyc_dof_tax_lien_sale_list", "nyc_tax_liens")
    assert every(arrive()) == len(rows)
    homes = Property.objects.in_workspace(laid)
    assert set(homes.values_list("apn_key", flat=True)) == {bbl_of(row) for row in rows}
    for row in rows:
        month = datetime.strptime(row["Month"], "%m/%Y").date()
        assert ("tax_lien", month) in signs(homes.get(apn_key=bbl_of(row)))
    settled()


def test_new_york_violations_all_arrive(county, arrive, settled, laid):
    """Several violations of one building stand on one page: each open case of each is kept."""
    rows = county("nyc_hpd_violations", "nyc_hpd_violations")
    is_open = [row for row in rows if row["ViolationStatus"] != "Close"]
    assert every(arrive()) == len(is_open) > 5
    homes = Property.objects.in_workspace(laid)
    wanted: dict[str, set] = {row["BBL"]: set() for row in is_open}
    for row in is_open:
        day = datetime.strptime(row["InspectionDate"], "%m/%d/%Y").date()
        wanted[row["BBL"]].add((row["ViolationID"], day))
    assert {
        home.apn_key: set(home.signals.values_list("reference", "observed_on")) for home in homes
    } == wanted
    settled()


def test_violations_of_one_building_on_one_page(vendor, make_source, arrive, laid):
    rows = [
        {":id": f"r{n}", ":updated_at": "2026-03-01T00:00:00.000Z", "bbl": "3047040044",
         "housenumber": "5603", "streetname": "SNYDER AVENUE", "postcode": "11203",
         "violationstatus": "Open", "inspectiondate": f"2025-0{n}-11T00:00:00.000"}
        for n in range(1, 6)
    ]  # fmt: skip
    vendor.reply = lambda asked: Said(rows)
    url = f"{vendor.url}/resource/abcd-1234.json"
    make_source("socrata", {"url": url, "preset": "nyc_hpd_violations"})
    assert arrive() == {"created": 1, "updated": 4}
    home = Property.objects.in_workspace(laid).get()
    assert signs(home) == {("violation", date(2025, n, 11)) for n in range(1, 6)}


def test_new_york_vacate_orders(county, arrive, settled, laid):
    rows = county("nyc_hpd_vacateorders", "nyc_vacate_orders")
    assert every(arrive()) == sum(1 for row in rows if not row["RESCIND DATE"])
    wanted = {
        (row["BBL"], datetime.strptime(row["VACATE EFFECTIVE DATE"], "%m/%d/%Y").date())
        for row in rows
        if row["BBL"] and not row["RESCIND DATE"]
    }
    found = Property.objects.in_workspace(laid).filter(signals__kind="vacate_order")
    assert wanted <= set(found.values_list("apn_key", "signals__observed_on"))
    settled()


def test_new_york_building_violations(county, arrive, settled, laid):
    rows = county("nyc_dob_violations", "nyc_dob_violations")
    is_open = [row for row in rows if not row["DISPOSITION_DATE"]]
    assert every(arrive()) == len(is_open)
    homes = Property.objects.in_workspace(laid).filter(signals__kind="violation")
    assert bool(is_open) == homes.exists()
    settled()


def test_new_york_lots(county, arrive, settled, laid):
    rows = county("nyc_pluto_latest", "nyc_pluto")
    assert every(arrive()) == len(rows)
    home = Property.objects.in_workspace(laid).get(apn_key="2054800111")
    assert told(home, "building_sqft", "lot_sqft", "year_built", "assessed_amount") == (
        1683, 1700, 1950, 40140,
    )  # fmt: skip
    assert Deal.objects.in_workspace(laid).get(property=home).seller.name == "Jose R Rodriguez"
    settled()


def test_connecticut_sales(county, arrive, settled, laid):
    rows = county("ct_real_estate_sales", "ct_sales")
    assert every(arrive()) == len(rows)
    home = Property.objects.in_workspace(laid).get(address_key="618 ROUTE 6||ANDOVER CT")
    assert told(home, "last_sale_on", "last_sale_amount", "assessed_amount") == (
        date(2023, 1, 30), 232000, 139020,
    )  # fmt: skip
    assert home.latitude == pytest.approx(41.728431984)
    settled()


@pytest.mark.parametrize("is_feed_first", [True, False])
def test_a_feed_and_a_list_know_one_parcel_by_code_and_by_name(
    vendor, make_source, arrive, laid, system, now, is_feed_first
):
    """BatchData has FIPS 09009, the list has 'New Haven'; the APN is the same."""
    body = load("batchdata_property_search_response_filled")
    derby = body["results"]["properties"][0]
    derby["address"].pop("county", None)
    body["results"]["properties"] = [derby]
    vendor.reply = lambda asked: Said(body)
    make_source("batchdata", {"url": vendor.url, "query": "New Haven, CT"}, KEY)

    def take_list() -> None:
        content = as_csv([house(
            Address="11 Krakow Street", City="Derby", Zip="06418", APN="DERB M:2 B:3 L:10",
            County="New Haven County",
        )])  # fmt: skip
        held = start_import(
            workspace=laid, actor=system, file_name="list.csv",
            list_file=inspect(BytesIO(content)), now=now,
        )  # fmt: skip
        assert run_import(held, clock=lambda: now).rejected_count == 0

    for step in (arrive, take_list) if is_feed_first else (take_list, arrive):
        step()
    home = Property.objects.in_workspace(laid).get()
    assert told(home, "county_key", "county", "fips") == ("CT|NEW HAVEN", home.county, "09009")
    assert Deal.objects.in_workspace(laid).count() == 1

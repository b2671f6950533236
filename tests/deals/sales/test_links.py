"""A list's property and the county's sale of the same house find each other by address."""

from __future__ import annotations

import csv

import pytest

from apps.common.addresses import address_key, normalize_zip
from apps.deals.sales.places import address_keys
from apps.deals.sales.presets import map_columns
from apps.deals.sales.reading import SaleReader
from tests.conftest import SHARED_DATA
from tests.deals.sales.conftest import CONNECTICUT

LINKS = SHARED_DATA / "dedupe" / "cross_source_new_haven_x_ct_sales_links.csv"
# The same houses, which the answer key misses: NO and N, TENTH and 10th, MT and Mount.
ALSO_TRUE = {
    ("MERI M:601 B:155 L:38", "10/11/2022", "210000.00"),
    ("DERB M:8 B:7 L:21", "08/21/2023", "230000.00"),
    ("DERB M:8 B:9 L:44", "11/21/2022", "350000.00"),
    ("MERI M:101 B:2 L:17", "08/09/2023", "250000.00"),
}
LEADS = SHARED_DATA / "lead_lists" / "propstream_2021_new_haven_ct.csv"


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as source:
        yield from csv.DictReader(source)


def county_sales():
    with CONNECTICUT.open(encoding="utf-8", newline="") as source:
        cells = csv.reader(source)
        columns = map_columns(next(cells))
        reader = SaleReader(columns.preset, columns.columns)
        for row_no, row in enumerate(cells, 2):
            sale = reader.read(row_no, row)
            if not sale.rejection and sale.external_id.startswith("2022|"):
                yield sale


@pytest.mark.shared_data
def test_all_links_between_list_and_county_are_found_and_no_false_one():
    by_key: dict[str, set[str]] = {}
    for lead in rows_of(LEADS):
        zip_code = normalize_zip(lead["Zip"], "CT")
        for key in address_keys(lead["Address"], lead["Unit #"], lead["City"], "CT", zip_code):
            by_key.setdefault(key, set()).add(lead["APN"])
    found = set()
    for sale in county_sales():
        key = address_key(sale.line, sale.unit, sale.city, sale.state, "")
        for apn in by_key.get(key, ()):
            found.add((apn, sale.sold_on.strftime("%m/%d/%Y"), f"{sale.amount:.2f}"))
    wanted = {
        (row["propstream_apn"], row["ct_date_recorded"], row["ct_sale_amount"])
        for row in rows_of(LINKS)
    }
    assert len(wanted) == 33
    assert wanted - found == set()
    assert found - wanted == ALSO_TRUE


def test_a_street_that_goes_on_in_the_next_town_is_another_street():
    recorded = address_key("181 BUTLER ST", "", "Hamden", "CT", "")
    assert recorded not in address_keys("181 Butler St", "", "New Haven", "CT", "06511")


@pytest.mark.parametrize(
    ("listed", "recorded"),
    [
        (("210 Winthrop Ave", "Westville", "06511"), ("210 WINTHROP AV", "New Haven")),
        (("20-22 Mclaughlin Ter", "Derby", "06418"), ("20-22 MCLAUGHLIN TERR", "Derby")),
        (("530 W Main St", "Branford", "06405"), ("530 WEST MAIN ST", "Branford")),
        (("11 - 13 Sample St", "New Haven", "06513"), ("11-13 SAMPLE STREET", "New Haven")),
    ],
)
def test_one_house_in_two_spellings(listed, recorded):
    line, city, zip_code = listed
    town_key = address_key(recorded[0], "", recorded[1], "CT", "")
    assert town_key in address_keys(line, "", city, "CT", zip_code)

import json

import pytest

from apps.common.addresses import (
    address_key,
    normalize_city,
    normalize_state,
    normalize_street,
    normalize_unit,
    normalize_zip,
    split_unit,
)
from tests.conftest import SHARED_DATA

STREETS = {
    "105 West Elm Street": "105 W ELM ST",
    "105 W. ELM ST": "105 W ELM ST",
    "20 Second Avenue": "20 2ND AVE",
    "20 2nd Ave": "20 2ND AVE",
    "123 South-West Nowhere St": "123 SW NOWHERE ST",
    "123 South West Nowhere St": "123 SW NOWHERE ST",
    "12 No Main St": "12 N MAIN ST",
    "380 PARKER AVE SO": "380 PARKER AVE S",
    "10 - 12 Lakeview Terrace": "10-12 LAKEVIEW TER",
    "123 Saint Johns Pl": "123 ST JOHNS PL",
    "12 St. John's Place": "12 ST JOHNS PL",
    "618 Rte 6": "618 ROUTE 6",
    "18 Old State Road 67": "18 OLD STATE ROAD 67",
    "P.O. Box 120171": "PO BOX 120171",
    "Post Office Box 9": "PO BOX 9",
    "1 Broadway": "1 BROADWAY",
    "12 Avenue A": "12 AVENUE A",
    "5 Court St": "5 COURT ST",
    "123 North Street": "123 NORTH ST",
    "": "",
}
UNITS = {
    "21 Sample St #1": ("21 SAMPLE ST", "1"),
    "130 Coe Ave # 51": ("130 COE AVE", "51"),
    "109 Sanford St, Suite C3": ("109 SANFORD ST", "C3"),
    "100 Main Street Apt. 5-A": ("100 MAIN STREET", "5A"),
    "100 Main St Unit #5": ("100 MAIN ST", "5"),
    "65 Cherry St Bldg B": ("65 CHERRY ST", "BLDG B"),
    "100 Main St 2nd Floor": ("100 MAIN ST", "FL 2"),
    "100 Main St Rear": ("100 MAIN ST", "REAR"),
    "8 Old Lot Rd": ("8 OLD LOT RD", ""),
    "44 Key West Dr": ("44 KEY WEST DR", ""),
    "34 Sunrise Cove": ("34 SUNRISE COVE", ""),
}
ZIPS = [
    ("06511", "CT", "06511"),
    ("6511", "CT", "06511"),
    ("6418.0", "CT", "06418"),
    ('="06511-0001"', "CT", "06511"),
    ("06511-1234", "CT", "06511"),
    ("065111234", "CT", "06511"),
    ("972", "PR", "00972"),
    ("612", "PR", "00612"),
    ("6418", "TX", ""),
    ("6390", "NY", "06390"),
    ("11702", "NY", "11702"),
    ("", "CT", ""),
    ("N/A", "CT", ""),
    ("00000", "CT", ""),
    ("٠٦٥١١", "CT", ""),
]


@pytest.mark.parametrize(("written", "expected"), STREETS.items())
def test_street_in_one_spelling(written, expected):
    assert normalize_street(written) == expected


@pytest.mark.parametrize("written", STREETS)
def test_normalizing_twice_changes_nothing(written):
    once = normalize_street(written)
    assert normalize_street(once) == once


@pytest.mark.parametrize(("written", "expected"), UNITS.items())
def test_unit_is_cut_off(written, expected):
    street, unit = split_unit(written)
    assert (street, normalize_unit(unit)) == expected


@pytest.mark.parametrize(("written", "state", "expected"), ZIPS)
def test_zip(written, state, expected):
    assert normalize_zip(written, state) == expected


def test_state_and_city():
    assert [normalize_state(text) for text in ("ct", "Conn.", "New York", "Fl", "Nowhere")] == [
        "CT", "CT", "NY", "FL", "",
    ]  # fmt: skip
    assert normalize_city("N. Haven") == normalize_city("North  Haven") == "NORTH HAVEN"


def test_same_house_same_key():
    keys = {
        address_key("107 West Oak Street", "Apt 2", "New Haven", "CT", "06515"),
        address_key("107 W. OAK ST #2", "", "NEW HAVEN", "Conn.", "6515"),
        address_key("107 W Oak St Unit 2", "2", "Westville", "CT", "06515-1234"),
    }
    assert keys == {"107 W OAK ST|2|06515"}


def test_other_house_other_key():
    keys = {
        address_key("107 W Oak St", "", "New Haven", "CT", "06515"),
        address_key("107 E Oak St", "", "New Haven", "CT", "06515"),
        address_key("107 W Oak Ave", "", "New Haven", "CT", "06515"),
        address_key("107 W Oak St", "2", "New Haven", "CT", "06515"),
        address_key("107 W Oak St", "", "New Haven", "CT", "06511"),
        address_key("107 W Oak St", "", "New Haven", "CT", ""),
    }
    assert len(keys) == 6


def test_no_street_no_key():
    assert address_key("", "3", "New Haven", "CT", "06515") == ""


@pytest.mark.shared_data
def test_published_normalizer_cases():
    cases = json.loads((SHARED_DATA / "address" / "scourgify_cases.json").read_text())["cases"]
    checked = 0
    for case in cases:
        record = case["input"]
        if not case["fn"].startswith("normalize_addr") or not isinstance(record, dict):
            continue
        line = record.get("address_line_1") or record["address1"]
        unit = record.get("address_line_2") or record.get("address2") or ""
        expected = case["expected"]
        assert normalize_street(split_unit(line)[0]) == expected["address_line_1"]
        assert normalize_unit(unit) == normalize_unit(expected["address_line_2"] or "")
        checked += 1
    assert checked >= 5

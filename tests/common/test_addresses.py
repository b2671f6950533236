import json

import pytest

from apps.common.addresses import (
    address_key,
    cleaned,
    normalize_city,
    normalize_state,
    normalize_street,
    normalize_unit,
    normalize_zip,
    split_unit,
)
from apps.common.pub28 import LONE_DESIGNATORS
from apps.deals.ingestion.one_line import split_address
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


ADDRESSES = SHARED_DATA / "address"


def shared(name):
    return json.loads((ADDRESSES / name).read_text())


@pytest.mark.shared_data
def test_every_row_of_the_postal_tables():
    tables = shared("usps_pub28_tables.json")
    for written, short in tables["STREET_TYPE_ABBREVIATIONS"].items():
        assert normalize_street(f"12 Sample {written}") == f"12 SAMPLE {short}"
    for short, written in tables["LONGHAND_STREET_TYPES"].items():
        assert normalize_street(f"12 Sample {written}") == f"12 SAMPLE {short}"
    directions = tables["DIRECTIONAL_REPLACEMENTS"] | tables["AMBIGUOUS_DIRECTIONALS"]
    for written, short in directions.items():
        assert normalize_street(f"12 {written} Sample St") == f"12 {short} SAMPLE ST"
        assert normalize_street(f"12 Sample St {written}") == f"12 SAMPLE ST {short}"
    for written, short in tables["OCCUPANCY_TYPE_ABBREVIATIONS"].items():
        assert normalize_unit(f"{written} 5") == normalize_unit(f"{short} 5")
        unit = written if written in LONE_DESIGNATORS else f"{written} 5"
        assert split_unit(f"12 Sample St {unit}")[0] == "12 SAMPLE ST"
    for written, state in tables["STATE_ABBREVIATIONS"].items():
        # 'Kent' is a town in seven states; nobody writes it for Kentucky.
        assert normalize_state(written) == ("" if written == "KENT" else state)


# Bits of the other library's inside, not addresses; and a ZIP it fills up for no state at all.
NOT_OURS = {
    "get_parsed_values", "get_ordinal_indicator", "normalize_numbered_streets",
    "normalize_directionals", "normalize_street_types", "validate_parens_groups_parsed",
}  # fmt: skip
NO_ZIP_WITHOUT_A_STATE = {"972", "972-0001"}


@pytest.mark.shared_data
def test_every_case_of_a_published_normalizer():
    left = []
    for case in shared("scourgify_cases.json")["cases"]:
        given, expected, kind = case["input"], case["expected"], case["fn"]
        if kind in NOT_OURS:
            continue
        if kind in ("normalize_addr_str", "normalize_address_record", "normalize_addr_dict"):
            line, unit = _line_and_unit(given)
            assert normalize_street(split_unit(line)[0]) == expected["address_line_1"], given
            unit = unit or split_unit(line)[1]
            assert normalize_unit(unit) == normalize_unit(expected["address_line_2"] or "")
        elif kind in ("post_clean_addr_str", "clean_ambiguous_street_types"):
            assert normalize_street(given) == expected
        elif kind == "parse_address_string":
            assert split_unit(given) == ("123 SW MAIN", "UN A")
        elif kind == "normalize_state":
            assert normalize_state(given) == expected
        elif given in NO_ZIP_WITHOUT_A_STATE:
            assert normalize_zip(given) == ""
        elif kind == "validate_us_postal_code_format":
            assert normalize_zip(given) == expected
        else:
            left.append(kind)
    assert left == []


def _line_and_unit(given):
    if isinstance(given, dict):
        unit = given.get("address_line_2") or given.get("address2") or ""
        return given.get("address_line_1") or given["address1"], unit
    parts = split_address(given)
    return parts.line, parts.unit


# No comma and no house number: nothing says where the street ends, so the line stays whole. A
# property without a number is not told from its neighbours anyway.
ENDS_NOWHERE = {
    "Highway 34 East Albia IA 52531", "Drum Point Road Deale MD 20751", "Main Mars Hill ME 04758",
    "Anchor Inn Road Round Pond ME 04564", "Highway 59 North Detroit Lakes MN 56501",
    "Highway 63 South Edgar Springs MO 65462", "Highway 27 South Monticello MS 39654",
    "Queen Elizabeth Avenue Manteo NC 27954", "Lee's Mill Road Moultonborough NH 03254",
    "Main Ashland NH 03217",
}  # fmt: skip
IN_THE_LINE = ("PlaceName", "StateName", "ZipCode", "OccupancyType", "OccupancyIdentifier")


@pytest.mark.shared_data
def test_every_tagged_address_is_cut_where_people_cut_it():
    tagged = shared("usaddress_tagged.json")
    cases = [case for group in tagged if group != "about" for case in tagged[group]]
    assert len(cases) == 415
    wrong = [
        case["text"]
        for case in cases
        if _cut(case["text"])
        != (
            cleaned(_tokens(case, "PlaceName")),
            normalize_state(_tokens(case, "StateName").strip(" ,.")),
            _tokens(case, "ZipCode").strip(" ,")[:5],
        )
    ]
    assert set(wrong) == ENDS_NOWHERE
    for case in cases:
        if case["text"] in ENDS_NOWHERE:
            continue
        line = " ".join(text for label, text in case["tokens"] if label not in IN_THE_LINE)
        parts = split_address(case["text"])
        street = split_unit(parts.line)[0]
        assert cleaned(street).startswith(cleaned(line)[:8]), case["text"]


def _tokens(case, wanted):
    return " ".join(text for label, text in case["tokens"] if label == wanted)


def _cut(text):
    parts = split_address(text)
    return cleaned(parts.city), normalize_state(parts.state), parts.zip_code[:5]

import csv

import pytest

from apps.common.phones import PhoneProblem, parse_phone, to_e164
from tests.conftest import SHARED_DATA

GOOD = [
    "2035550100",
    "(203) 555-0100",
    "203.555.0100",
    "+1 203 555 0100",
    "12035550100",
    "2035550100.0",
    "12035550100.0",
    '="2035550100"',
    "203-555-0100 ext. 45",
    "tel:+12035550100",
    " 203 555 0100 ",
    "２０３５５５０１００",
]
BAD = {
    "": PhoneProblem.EMPTY,
    "  ": PhoneProblem.EMPTY,
    "DNC Excluded": PhoneProblem.EXCLUDED,
    "Wireless Excluded": PhoneProblem.EXCLUDED,
    "DO NOT CALL": PhoneProblem.EXCLUDED,
    "N/A": PhoneProblem.EXCLUDED,
    "2.03555E+09": PhoneProblem.DAMAGED,
    "203-555-0100 / 203-555-0101": PhoneProblem.SEVERAL,
    "0000000000": PhoneProblem.INVALID,
    "9999999999": PhoneProblem.INVALID,
    "1035550100": PhoneProblem.INVALID,
    "2031550100": PhoneProblem.INVALID,
    "5550100": PhoneProblem.INVALID,
    "911": PhoneProblem.INVALID,
    "+44 20 7946 0018": PhoneProblem.INVALID,
    "owner's cell": PhoneProblem.INVALID,
}


@pytest.mark.parametrize("text", GOOD)
def test_one_number_however_written(text):
    assert to_e164(text) == "+12035550100"


@pytest.mark.parametrize(("text", "problem"), BAD.items())
def test_no_number_and_why(text, problem):
    assert parse_phone(text) == ("", problem)
    assert to_e164(text) is None
    assert problem.sentence


# A foreign number is not ours to call, and the '.0' of a spreadsheet is repaired.
DIFFERS = {"+44 20 7946 0018": None, "2035550100.0": "+12035550100"}


@pytest.mark.shared_data
def test_agrees_with_the_phone_library():
    with (SHARED_DATA / "telephony" / "us_phone_parse_cases.csv").open(newline="") as source:
        cases = {row["input"]: row for row in csv.DictReader(source)}
    assert len(cases) > 30
    assert DIFFERS.keys() <= cases.keys()
    for text, row in cases.items():
        by_library = row["phonenumbers_e164"] if row["valid"] == "True" else None
        assert to_e164(text) == DIFFERS.get(text, by_library), text
        assert bool(parse_phone(text).problem) == (to_e164(text) is None)

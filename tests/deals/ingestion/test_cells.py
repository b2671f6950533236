from datetime import date
from decimal import Decimal

import pytest

from apps.common.names import person
from apps.deals.ingestion import cells
from apps.deals.ingestion.owners import first_owner, second_owner
from apps.deals.ingestion.places import parcel_keys, street_without


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("$1,234.50", "1234.50"),
        ("1234", "1234.00"),
        ("(500)", "-500.00"),
        ("-$500", "-500.00"),
        ('="1200"', "1200.00"),
        ("223262|2021", "223262.00"),
        ("0", "0.00"),
        ("", None),
        ("N/A", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e400", None),
        ("999999999999", None),
    ],
)
def test_money(cell, amount):
    assert cells.money_of(cell) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-04-23", date(2021, 4, 23)),
        ("04/23/2021", date(2021, 4, 23)),
        ("4/3/2021", date(2021, 4, 3)),
        ("2021-04-23 00:00:00", date(2021, 4, 23)),
        ("0000-00-00", None),
        ("02/30/2021", None),
        ("0021-04-23", None),
        ("soon", None),
    ],
)
def test_dates(cell, day):
    assert cells.date_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "sqft", "was_acres"),
    [
        ("0.11", 4792, True),
        ("1", 43_560, True),
        ("99.9", 4_351_644, True),
        ("100", 100, False),
        ("7,405", 7405, False),
        ("0", None, False),
        ("-3", None, False),
        ("big", None, False),
    ],
)
def test_lot_below_a_hundred_is_acres(cell, sqft, was_acres):
    assert cells.lot_sqft_of(cell) == (sqft, was_acres)


def test_flags():
    assert [cells.flag_of(cell) for cell in ("Yes", "no", "TRUE", "", "maybe")] == [
        True, False, True, None, None,
    ]  # fmt: skip


def test_apn_means_nothing_without_its_county():
    assert parcel_keys("CT", "New Haven County", "nhvn m:1  b:2") == (
        "CT|NEW HAVEN",
        "NHVN-M-1-B-2",
    )
    assert parcel_keys("CT", "", "12-3") == parcel_keys("CT", "New Haven", "") == ("", "")
    assert parcel_keys("CT", "X", "12-3") != parcel_keys("CT", "X", "1-23")
    long_keys = {parcel_keys("CT", "X", "1" * 90 + end)[1] for end in "ab"}
    assert len(long_keys) == 2
    assert all(len(key) == 80 for key in long_keys)


def test_street_without_its_unit():
    assert street_without("21 Sample St #1", "1") == "21 Sample St"
    assert street_without("21 Sample St #1", "2") == "21 Sample St #1"
    assert street_without("21 SAMPLE ST APT 1B", "1b") == "21 Sample St"


@pytest.mark.parametrize(
    ("first", "last", "care_of", "name"),
    [
        ("", "Example Llc", "", "Example LLC"),
        ("Testa", "Sampleton", "Someone Else", "Testa Sampleton"),
        ("Testa", "", "Testa Sampleton", "Testa Sampleton"),
        ("Testa", "", "Testa & Ada Sampleton", "Testa Sampleton"),
        ("Testa", "", "Testa Fakely & Ada Sampleton", "Testa Fakely"),
        ("Testa", "", "Somebody Fakely", "Testa"),
        ("Testa", "", "", "Testa"),
    ],
)
def test_owner_by_propstreams_habits(first, last, care_of, name):
    owner, _ = first_owner(first, last, care_of, person("Ada", "Sampleton"))
    assert owner is not None
    assert owner.full == name


def test_no_owner():
    assert first_owner("", "", "Ada Sampleton", None) == (None, False)
    assert second_owner("", "") is None
    assert second_owner("Ada Sampleton", "").last == "Sampleton"

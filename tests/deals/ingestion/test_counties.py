"""A county is one, by its code or by any of its names."""

from __future__ import annotations

import csv

import pytest

from apps.deals.ingestion.counties import TABLE, county_by_fips, county_key
from apps.deals.models import Property
from tests.deals.ingestion.conftest import as_csv, house, outcomes


@pytest.mark.parametrize(
    ("state", "county", "fips", "key"),
    [
        ("CT", "New Haven", "", "CT|NEW HAVEN"),
        ("CT", "NEW HAVEN COUNTY", "", "CT|NEW HAVEN"),
        ("", "", "09009", "CT|NEW HAVEN"),
        ("CT", "Nw Hvn", "09009", "CT|NEW HAVEN"),
        ("CT", "Fairfield", "09009", "CT|FAIRFIELD"),
        ("MO", "Saint Louis", "", "MO|ST LOUIS"),
        ("MO", "St. Louis City", "", "MO|ST LOUIS CITY"),
        ("MO", "", "29510", "MO|ST LOUIS CITY"),
        ("MO", "", "29189", "MO|ST LOUIS"),
        ("VA", "Alexandria", "", "VA|ALEXANDRIA CITY"),
        ("VA", "", "51510", "VA|ALEXANDRIA CITY"),
        ("VA", "Richmond", "", "VA|RICHMOND"),
        ("VA", "Richmond City", "", "VA|RICHMOND CITY"),
        ("NY", "Manhattan", "", "NY|NEW YORK"),
        ("NY", "", "36047", "NY|KINGS"),
        ("NY", "Brooklyn", "", "NY|KINGS"),
        ("LA", "Orleans Parish", "22071", "LA|ORLEANS"),
        ("LA", "LaSalle", "", "LA|LA SALLE"),
        ("AK", "Anchorage", "", "AK|ANCHORAGE"),
        ("NM", "Doña Ana", "", "NM|DONA ANA"),
        ("SD", "", "46113", "SD|OGLALA LAKOTA"),
        ("CT", "", "09170", "CT|SOUTH CENTRAL CONNECTICUT"),
        ("TX", "Nowhere", "", "TX|NOWHERE"),
        ("", "", "99999", "FIPS 99999"),
        ("TX", "", "", ""),
    ],
)
def test_one_key(state, county, fips, key):
    assert county_key(state, county, fips) == key


def test_every_county_is_met_by_its_code_and_by_its_name():
    with TABLE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert len({row["fips"] for row in rows}) == len(rows) > 3_200
    for row in rows:
        assert county_key("", "", row["fips"]) == county_key(row["state"], row["name"])
        assert county_by_fips(row["fips"]) == (row["state"], row["name"])
    keys = {county_key("", "", row["fips"]) for row in rows}
    # Two codes were replaced by others that mean the same county.
    assert len(keys) == len(rows) - 2


@pytest.mark.django_db
def test_one_apn_at_one_address_is_one_parcel_whatever_the_county_is_called(take, laid):
    take(as_csv([house(County="New Haven")]))
    again = take(as_csv([house(County="South Central Connecticut Planning Region")]))
    assert "created" not in outcomes(again)
    assert Property.objects.in_workspace(laid).count() == 1


@pytest.mark.django_db
def test_one_apn_in_two_counties_at_two_addresses_is_two_parcels(take, laid):
    take(as_csv([house(County="New Haven")]))
    take(as_csv([house(County="Hartford", Address="9 Sample St", Zip="06106", City="Hartford")]))
    assert Property.objects.in_workspace(laid).count() == 2

"""Where a number or a ZIP may be: never less than the published tables say."""

from __future__ import annotations

import csv
from zoneinfo import available_timezones

import pytest

from apps.channels.places import places_of_number, time_zones_of
from tests.conftest import SHARED_DATA

pytestmark = pytest.mark.shared_data
TABLES = SHARED_DATA / "telephony"


def rows(name):
    with (TABLES / name).open(newline="") as source:
        return list(csv.DictReader(source))


def test_every_area_code():
    codes = rows("us_area_code_timezones.csv")
    assert len(codes) > 300
    by_zip = next(column for column in codes[0] if column.startswith("timezones_by_zip_count"))
    for row in codes:
        states, zones = places_of_number(f"+1{row['area_code']}5550100")
        told = {item.rpartition(":")[0] for item in row[by_zip].split("|") if item}
        # One ZIP of the table has its town where its zone should stand.
        assert told & available_timezones() <= zones, row
        assert set(filter(None, row["states"].split("|"))) <= states, row


def test_every_zip():
    for row in rows("us_zip_timezone_sample.csv"):
        assert row["timezone"] in time_zones_of(row["state"], row["zip"]), row

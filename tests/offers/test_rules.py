"""Small decisions: when an offer ends, how long to wait, how times and numbers are written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.offers.rules import (
    Figure,
    day_text,
    expiry,
    figure,
    moment_text,
    retry_delay,
)

ZONES = ["America/New_York", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu"]
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(moments, st.integers(1, 365), st.sampled_from(ZONES))
def test_an_offer_ends_at_five_local_time_that_many_days_on(moment, days, zone):
    end = expiry(moment, valid_days=days, zone=zone)
    local = end.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (17, 0)
    assert local.date() - moment.astimezone(ZoneInfo(zone)).date() == timedelta(days=days)
    assert end > moment


def test_five_stays_five_over_a_clock_change():
    made = datetime(2026, 10, 30, 16, 0, tzinfo=UTC)
    end = expiry(made, valid_days=7, zone="America/New_York")
    assert end == datetime(2026, 11, 6, 22, 0, tzinfo=UTC)
    assert moment_text(end, "America/New_York") == "November 6, 2026, 5:00 PM EST"


@pytest.mark.parametrize(
    ("hour", "text"),
    [(4, "11:59 PM EST"), (5, "12:59 AM EST"), (16, "11:59 AM EST"), (17, "12:59 PM EST")],
)
def test_the_hour_is_written_by_the_twelve_hour_clock(hour, text):
    moment = datetime(2026, 12, 24, hour, 59, tzinfo=UTC)
    assert moment_text(moment, "America/New_York").endswith(text)


def test_the_day_is_the_local_one():
    assert day_text(datetime(2026, 12, 1, 3, 0, tzinfo=UTC), "America/New_York") == (
        "November 30, 2026"
    )


def test_waiting_grows_fourfold():
    assert [retry_delay(n).total_seconds() for n in range(1, 5)] == [5, 20, 80, 320]


def test_a_stated_number_wins_an_unknown_one_stays_unknown():
    assert figure(Decimal(5), "by hand", 7.0, True) == Figure(Decimal(5), "by hand", False)
    assert figure(None, "list", 7.005, True) == Figure(Decimal("7.01"), "list", True)
    assert figure(None, "list", None, False).amount is None
    assert figure(None, "list", 7.0, False) == Figure(None, "unknown", False)

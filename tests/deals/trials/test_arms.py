"""Which deal falls to which side: the same in Python and in both databases, and evenly."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.deals.qualification.arms import (
    FIRST_PRIME,
    MOST_SALT,
    Arm,
    bucket,
    bucket_sql,
)
from apps.deals.qualification.compile import Sql

keys = st.integers(1, 2**62)
salts = st.integers(1, MOST_SALT)
SALTS = (1, 2, 48_271, 104_729, 1_000_000_007, 1_234_567_890, MOST_SALT)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(keys, salts)
@example(2**62, MOST_SALT)
@example(FIRST_PRIME, MOST_SALT)
@example(FIRST_PRIME - 1, 1)
def test_python_and_the_database_agree(key, salt):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {bucket_sql('held.id', salt)} FROM (SELECT CAST(%s AS bigint) AS id) held",
            [key],
        )
        assert cursor.fetchone()[0] == bucket(key, salt)


@given(keys, salts)
def test_a_bucket_is_one_of_a_hundred(key, salt):
    assert 0 <= bucket(key, salt) <= 99


@given(keys, salts, st.integers(1, 50))
def test_each_deal_falls_to_exactly_one_side(key, salt, share):
    champion = Arm(None, share, salt)
    challenger = Arm(None, share, salt, is_challenger=True)
    assert champion.takes(key) != challenger.takes(key)
    assert Arm(None).takes(key)


@pytest.mark.parametrize("salt", [104_729, 99_999_989, 777_777_777, 1_000_000_007, 2_000_000_011])
@pytest.mark.parametrize("start, step", [(1, 1), (900_001, 1), (5, 2), (12, 50), (7, 100)])
def test_a_share_is_that_share_of_any_run_of_deals(salt, start, step):
    count = 20_000
    counts = [0] * 100
    for at in range(count):
        counts[bucket(start + step * at, salt)] += 1
    for share in (1, 10, 50):
        part = share / 100
        spread = sqrt(count * part * (1 - part))
        assert abs(sum(counts[:share]) - count * part) < 4.5 * spread
    # Chi square of 100 equally likely buckets; 170 is passed by chance once in 100,000 times.
    assert sum((found - count / 100) ** 2 / (count / 100) for found in counts) < 170


def test_another_salt_deals_anew():
    count = 10_000
    for one, other in pairwise(SALTS[2:]):
        both = sum(bucket(at, one) < 50 and bucket(at, other) < 50 for at in range(count))
        assert abs(both - count / 4) < 4.5 * sqrt(count * 0.25 * 0.75)


def test_a_scope_is_narrowed_as_a_whole():
    arm = Arm(None, 20, 48_271, is_challenger=True)
    narrowed = arm.narrow(Sql("a = %s OR b = %s", (1, 2)), "m.deal_id")
    assert narrowed.text.startswith("(a = %s OR b = %s) AND ")
    assert narrowed.params == (1, 2)
    assert Arm(None).narrow(narrowed, "x") is narrowed


def test_the_largest_salt_still_shares_out():
    found = {bucket(deal, MOST_SALT) for deal in range(1, 2_000)}
    assert found == set(range(100))

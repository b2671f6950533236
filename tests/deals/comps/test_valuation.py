"""The value follows from the sales and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.comps.rules import Criteria, House, Policy, Sale, criteria_steps, miles_between
from apps.deals.comps.selection import compare, without_outliers
from apps.deals.comps.valuation import (
    Trend,
    adjust,
    market_trend,
    weigh,
    weighted_quantile,
)

TODAY = date(2026, 11, 20)
SUBJECT = House(
    kind="single_family", city="Hamden", latitude=41.39, longitude=-72.92, area=1500,
    bedrooms=Decimal(3), bathrooms=Decimal(2), year_built=1950, assessed=Decimal(140_000),
)  # fmt: skip
POLICY = Policy(annual_trend=0.0)
FLAT = Trend(0.0, TODAY, "flat")
NARROW = Criteria(365, 0.5, 0.20)


def sale(number=1, *, amount=250_000, days=60, north=0.001, **house) -> Sale:
    there = replace(SUBJECT, latitude=41.39 + north, **house)
    sold = TODAY - timedelta(days=days)
    return Sale(UUID(int=number), f"{number} Sample St", there, Decimal(amount), sold)


def value_of(sales, *, policy=POLICY, picked=False, subject=SUBJECT, trend=FLAT):
    found = compare(subject, sales, NARROW, policy, TODAY)
    chosen = [item for item in found if picked or not item.against]
    return weigh(subject, chosen, policy, trend, is_picked=picked)


on_any_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
prices = st.integers(80_000, 900_000)
markets = st.lists(
    st.builds(
        lambda amount, days, north, area, beds: (amount, days, north, area, beds),
        prices,
        st.integers(1, 360),
        st.floats(-0.006, 0.006),
        st.integers(1250, 1750),
        st.integers(2, 4),
    ),
    min_size=3,
    max_size=12,
)


def sales_of(market, times=1):
    return [
        sale(at, amount=amount * times, days=days, north=north, area=area, bedrooms=Decimal(beds))
        for at, (amount, days, north, area, beds) in enumerate(market, 1)
    ]


@on_any_machine
@given(markets, st.integers(2, 50))
def test_a_market_twice_as_dear_gives_twice_the_value(market, times):
    one, other = value_of(sales_of(market)), value_of(sales_of(market, times))
    assert abs(other.amount - one.amount * times) <= times * len(market)
    assert other.confidence == pytest.approx(one.confidence, abs=0.002)


@on_any_machine
@given(markets, st.randoms(use_true_random=False))
def test_the_order_of_the_sales_does_not_matter(market, random):
    shuffled = sales_of(market)
    random.shuffle(shuffled)
    assert value_of(shuffled) == value_of(sales_of(market))


@on_any_machine
@given(markets, st.integers(1, 10), st.integers(1, 400_000))
def test_a_dearer_sale_never_lowers_the_value(market, which, more):
    at = which % len(market)
    dearer = [*market]
    dearer[at] = (market[at][0] + more, *market[at][1:])
    before, after = value_of(sales_of(market), picked=True), value_of(sales_of(dearer), picked=True)
    assert after.amount >= before.amount
    assert before.low <= before.amount <= before.high


@on_any_machine
@given(markets, prices)
def test_a_sale_not_at_arms_length_changes_nothing(market, amount):
    gift = replace(sale(99, amount=amount), is_arms_length=False)
    assert value_of([*sales_of(market), gift]) == value_of(sales_of(market))


@on_any_machine
@given(markets, prices)
def test_the_subjects_own_sale_changes_nothing(market, amount):
    own = replace(sale(99, amount=amount, north=0.0), is_own=True)
    assert value_of([*sales_of(market), own]) == value_of(sales_of(market))


@on_any_machine
@given(st.integers(3, 12), prices)
def test_equal_sales_give_their_price_and_no_spread(count, amount):
    value = value_of([sale(at, amount=amount) for at in range(1, count + 1)])
    assert value.amount == value.low == value.high == amount


@on_any_machine
@given(st.integers(1_000, 30_000), st.integers(1_000, 30_000))
def test_confidence_falls_with_the_spread(one, more):
    def around(step):
        return value_of([sale(at, amount=300_000 + (at - 3) * step) for at in range(1, 6)])

    assert around(one + more).confidence < around(one).confidence


def test_confidence_falls_with_distance_age_and_missing_size():
    base = value_of([sale(at) for at in range(1, 7)]).confidence
    assert value_of([sale(at) for at in range(1, 4)]).confidence < base
    no_area = [sale(at, area=None) for at in range(1, 7)]
    unsized = value_of(no_area)
    assert unsized.confidence < base
    assert "compared without living area" in unsized.reasons[-1]
    vague = value_of(
        [sale(at) for at in range(1, 7)], subject=replace(SUBJECT, is_point_exact=False)
    )
    assert vague.confidence < base


def test_too_few_sales_are_an_answer():
    value = value_of([sale(1), sale(2)])
    assert value.amount is None
    assert value.reasons == ("Not enough sales: 2 comparable sales; 3 are needed.",)
    assert value_of([sale(1)], picked=True).amount == 250_000


def test_every_difference_is_a_line_with_its_reason():
    policy = Policy(annual_trend=0.05)
    smaller = sale(1, amount=200_000, days=365, area=1000, bedrooms=Decimal(2), year_built=1940)
    found = compare(SUBJECT, [smaller], Criteria(730, 1, 0.5), policy, TODAY)[0]
    comp = adjust(SUBJECT, found, policy, market_trend([], policy, TODAY))
    told = {line.name: (line.amount, line.reason) for line in comp.adjustments}
    assert told == {
        "Time": (Decimal("10000.00"), "+5.0% a year, the market trend of the settings"),
        "Living area": (Decimal("50000.00"), "+500 sq ft at $100"),
        "Bedrooms": (Decimal("4000.00"), "+1 bedrooms at 2.0% of the price"),
        "Age": (Decimal("4000.00"), "+10 years younger at 0.2% of the price"),
    }
    assert comp.adjusted == Decimal("268000.00")


def test_without_living_area_assessed_values_tell_the_size():
    halved = sale(1, amount=200_000, area=None, assessed=Decimal(100_000))
    found = compare(SUBJECT, [halved], NARROW, POLICY, TODAY)[0]
    assert not found.against
    comp = adjust(SUBJECT, found, POLICY, FLAT)
    assert comp.adjusted == Decimal(280_000)
    assert comp.adjustments[0].reason == "no living area; assessed $140,000 against $100,000"
    elsewhere = sale(2, area=None, city="New Haven")
    assert compare(SUBJECT, [elsewhere], NARROW, POLICY, TODAY)[0].against


@pytest.mark.parametrize(
    ("other", "against"),
    [
        (sale(kind="condo"), "another kind of property"),
        (sale(north=0.02), "1.4 miles away"),
        (sale(days=400), "sold too long ago"),
        (sale(area=2000), "living area 33% larger"),
        (sale(bedrooms=Decimal(5)), "5 bedrooms"),
        (sale(bathrooms=Decimal("3.5")), "3.5 bathrooms"),
        (sale(year_built=1990), "built 1990"),
        (sale(area=None, assessed=None), "its size cannot be compared"),
        (sale(longitude=None), "nobody knows where it stands"),
    ],
)
def test_why_a_sale_is_not_like_the_subject(other, against):
    assert compare(SUBJECT, [other], NARROW, POLICY, TODAY)[0].against == against


def test_one_price_far_from_the_others_is_left_out_and_shown():
    usual = [sale(at, amount=300_000 + at * 1000) for at in range(1, 7)]
    value = value_of([*usual, sale(7, amount=900_000)])
    assert [comp.left_out for comp in value.comps].count("far from the others in price") == 1
    assert value.amount < 310_000
    assert without_outliers([1.0, 1.0, 1.0, 9.0]) == [True] * 4


def test_steps_widen_age_distance_and_size_in_turn_and_say_so():
    steps = list(criteria_steps(Policy()))
    assert steps[0].widened == ()
    assert steps[1].widened == ("sold within 2 years instead of 1 year",)
    assert steps[3].widened == (
        "sold within 2 years instead of 1 year",
        "within 1 miles instead of 0.5",
        "size within ±30% instead of ±20%",
    )
    last = steps[-1]
    assert (last.age_days, last.miles, last.area_share) == (1825, 2, 0.4)


def test_distance_is_measured_on_the_globe():
    new_haven, hartford = (
        House(latitude=41.3083, longitude=-72.9279),
        House(latitude=41.7658, longitude=-72.6734),
    )
    assert miles_between(new_haven, hartford) == pytest.approx(34.24, abs=0.1)
    assert miles_between(new_haven, House()) is None


def test_the_trend_is_read_from_price_levels_and_ends_with_the_last_sale():
    rising = [
        sale(at, amount=200_000 + (50_000 if at > 15 else 0), days=730 - at * 20)
        for at in range(1, 31)
    ]
    trend = market_trend(rising, Policy(), TODAY)
    assert trend.yearly == 0.12
    assert trend.until == TODAY - timedelta(days=130)
    assert market_trend(rising[:5], Policy(), TODAY).yearly == 0


@on_any_machine
@given(st.lists(st.tuples(st.integers(1, 10**6).map(Decimal), st.floats(0.01, 1)), min_size=1))
def test_a_quantile_lies_among_its_values(pairs):
    values = [value for value, _ in pairs]
    low, middle, high = (weighted_quantile(pairs, share) for share in (0.2, 0.5, 0.8))
    assert min(values) <= low <= middle <= high <= max(values)

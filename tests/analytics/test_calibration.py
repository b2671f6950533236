"""Bands, measures and what they allow to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analytics.calibration import PAGE_LEAST, SIDE_LEAST, Tally, calibrate
from apps.analytics.wording import Words, sentences

REPLY = Words("replied", "a reply", "Replied")
tallies = st.dictionaries(
    st.integers(0, 100),
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    max_size=20,
).map(lambda found: [Tally(score, *counts) for score, counts in found.items()])


@given(tallies)
def test_every_deal_lies_in_one_band(found):
    told = calibrate(found)
    assert sum(band.deals for band in told.bands) == told.deals == sum(t.deals for t in found)
    assert sum(band.hits for band in told.bands) == told.hits
    assert [band.label for band in told.bands][0::9] == ["0–9", "90–100"]


@given(tallies)
def test_a_band_of_few_deals_has_no_rate_and_little_data_no_measure(found):
    told = calibrate(found)
    assert all((band.rate is not None) == (band.deals >= 20) for band in told.bands)
    rarer = min(told.hits, told.deals - told.hits)
    is_enough = told.deals >= PAGE_LEAST and rarer >= SIDE_LEAST
    assert (told.errors is not None) == (told.ranking is not None) == is_enough
    assert len(sentences(told, REPLY)) == (3 if is_enough else 1)


@given(tallies)
def test_bars_stay_inside_their_width(found):
    for band, bar in calibrate(found).rows:
        assert (bar is None) == (band.rate is None)
        if bar:
            assert 0 <= bar.low <= bar.width <= 100.001
            assert bar.low + bar.span <= 100.001


def test_a_score_that_ranks_and_is_no_probability():
    told = calibrate([Tally(20, 300, 3), Tally(50, 300, 9), Tally(80, 300, 30)])
    ranking, probability, bands = sentences(told, REPLY)
    assert ranking.startswith("The score ranks deals: of 100 pairs of a deal that replied")
    assert probability == (
        "It is no probability of a reply: read as one it errs more than always saying 4.7%"
        f" (Brier {told.errors.of_score:.3f} against {told.errors.of_base:.3f})."
    )
    assert "they are what to expect" in bands


def test_a_score_that_ranks_nothing_is_told_so():
    told = calibrate([Tally(20, 200, 20), Tally(80, 200, 20)])
    ranking, _, bands = sentences(told, REPLY)
    assert ranking.startswith("Nothing shows yet that the score ranks deals")
    assert "50 (95%: " in ranking
    assert "expect the same of every band" in bands


def test_a_score_that_ranks_the_wrong_way_round_is_told_so():
    told = calibrate([Tally(20, 200, 60), Tally(80, 200, 10)])
    assert sentences(told, REPLY)[0].startswith("The score ranks deals the wrong way round")


def test_a_calibrated_score_may_be_read_as_a_probability():
    told = calibrate([Tally(10, 500, 50), Tally(90, 500, 450)])
    assert sentences(told, REPLY)[1].startswith("Read as the probability of a reply in percent")


@pytest.mark.parametrize("deals, hits", [(99, 40), (100, 9), (100, 91), (0, 0)])
def test_what_is_missing_is_named(deals, hits):
    (sentence,) = sentences(calibrate([Tally(60, deals, hits)] if deals else []), REPLY)
    assert sentence.startswith(f"Not enough data: {deals} deals, of which {hits} replied.")
    assert "need 100 deals, 10 of them that replied and 10 that did not" in sentence


def test_one_deal_is_one_deal():
    (sentence,) = sentences(calibrate([Tally(60, 1, 0)]), REPLY)
    assert sentence.startswith("Not enough data: 1 deal,")

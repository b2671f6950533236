"""Two sides compared: what may be said, and what not yet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apps.analytics.comparison import compare, told
from apps.deals.queries.trials import SideFigures, TrialFigures


@st.composite
def sides(draw):
    deals = draw(st.integers(0, 500))
    contacted = draw(st.integers(0, deals))
    return SideFigures(
        deals,
        draw(st.integers(0, deals)),
        contacted,
        draw(st.integers(0, contacted)),
        draw(st.integers(0, contacted)),
    )


@given(sides(), sides())
def test_every_step_is_told_and_a_difference_lies_in_its_interval(champion, challenger):
    for each in compare(TrialFigures(champion, challenger, 0)):
        sentence = told(each, 4)
        assert sentence.endswith(".")
        if each.difference is None:
            assert "not enough data yet" in sentence
            assert not each.is_settled
        else:
            assert each.difference.low <= each.difference.share <= each.difference.high
            assert ("Version 4" in sentence) == each.is_settled


@given(sides(), sides())
def test_sides_exchanged_turn_every_difference(one, other):
    there, back = (compare(TrialFigures(*pair, 0)) for pair in ((one, other), (other, one)))
    for a, b in zip(there, back, strict=True):
        assert (a.difference is None) == (b.difference is None)
        if a.difference and b.difference:
            assert abs(a.difference.low + b.difference.high) < 1e-9


def test_what_differs_and_what_lacks_data_is_said_in_plain_words():
    champion = SideFigures(deals=4_000, qualified=480, contacted=40, replied=9, signed=0)
    challenger = SideFigures(deals=4_000, qualified=604, contacted=60, replied=12, signed=0)
    qualified, contacted, replied, signed = compare(TrialFigures(champion, challenger, 0))
    assert told(qualified, 4) == "Version 4 qualifies 3.1 points more deals (95%: 1.6 to 4.6)."
    assert qualified.points == "+3.1 (+1.6 to +4.6)"
    assert told(contacted, 4) == (
        "Version 4 leads to writing to 0.5 points more deals (95%: 0.0 to 1.0)."
    )
    assert told(replied, 4).startswith("For replies no difference shows: −2.5 points (95%: −")
    assert told(signed, 4) == "For contracts there is not enough data yet: 0 against 0."


def test_fewer_is_said_with_positive_figures():
    champion = SideFigures(deals=1_000, qualified=300)
    challenger = SideFigures(deals=1_000, qualified=200)
    qualified = compare(TrialFigures(champion, challenger, 0))[0]
    assert told(qualified, 2) == "Version 2 qualifies 10.0 points fewer deals (95%: 6.2 to 13.7)."

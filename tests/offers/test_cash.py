"""The MAO formulas: published examples, their disagreements, and the laws all of them obey."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.offers.strategies.cash import CashTerms, Formula, Quote, quote

D = Decimal


def price(terms: CashTerms, arv: str | D, repairs: str | D) -> Quote:
    return quote(terms, arv_amount=D(arv), repairs_amount=D(repairs))


FLIP = CashTerms(formula=Formula.FLIP)
WHOLESALE = CashTerms(formula=Formula.WHOLESALE, fee_amount=D(10_000))


@pytest.mark.parametrize(
    ("terms", "arv", "repairs", "expected"),
    [
        (FLIP, "250000", "55000", "120000.00"),
        (FLIP, "400000", "60000", "220000.00"),
        (FLIP, "250000", "40000", "135000.00"),
        (WHOLESALE, "147333", "20000", "73133.10"),
        (
            CashTerms(
                formula=Formula.ITEMISED,
                closing_amount=D(8_000),
                holding_amount=D(6_000),
                profit_pct=D("0.30"),
            ),
            "350000",
            "50000",
            "181000.00",
        ),
        (
            CashTerms(
                formula=Formula.COST_FIRST,
                closing_amount=D(6_000),
                holding_amount=D(2_000),
                fee_amount=D(9_000),
            ),
            "150000",
            "25000",
            "75600.00",
        ),
    ],
)
def test_published_examples(terms: CashTerms, arv: str, repairs: str, expected: str) -> None:
    assert price(terms, arv, repairs).amount == D(expected)


def test_the_variants_disagree_about_one_house() -> None:
    amounts = {
        formula: price(
            CashTerms(
                formula=formula,
                profit_pct=D("0.20"),
                fee_amount=D(10_000),
                closing_amount=D(6_000),
                holding_amount=D(4_000),
            ),
            "200000",
            "30000",
        ).amount
        for formula in Formula
    }
    assert amounts == {
        Formula.FLIP: D(110_000),
        Formula.WHOLESALE: D(100_000),
        Formula.ITEMISED: D(110_000),
        Formula.COST_FIRST: D(105_000),
    }


@pytest.mark.parametrize(
    ("repairs", "expected"),
    [("0.005", "70000.00"), ("0.0049", "70000.00"), ("0.0051", "69999.99")],
)
def test_rounds_half_up_to_cents_once_at_the_end(repairs: str, expected: str) -> None:
    # 69999.995 is half way: up. Rounding the repairs first would give 69999.99 for it.
    assert price(FLIP, "100000", repairs).amount == D(expected)


@pytest.mark.parametrize(("arv", "repairs"), [("100000", "70000"), ("100000", "90000")])
def test_nothing_left_is_no_offer_and_says_so(arv: str, repairs: str) -> None:
    answer = price(FLIP, arv, repairs)
    assert answer.amount is None
    assert answer.reason.startswith("No offer: the numbers leave ")
    assert answer.lines[-1].amount == D(arv) * D("0.70") - D(repairs)


@pytest.mark.parametrize(
    ("arv", "repairs", "missing"),
    [
        (None, D(1), ("ARV",)),
        (D(1), None, ("repair cost",)),
        (None, None, ("ARV", "repair cost")),
        (D(0), D(1), ("ARV",)),
        (D("NaN"), D(-1), ("ARV", "repair cost")),
    ],
)
def test_unknown_inputs_are_named(arv: D | None, repairs: D | None, missing: tuple) -> None:
    answer = quote(FLIP, arv_amount=arv, repairs_amount=repairs)
    assert (answer.amount, answer.missing, answer.lines) == (None, missing, ())
    assert all(name in answer.reason for name in missing)


def test_terms_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="arv_pct"):
        CashTerms(formula=Formula.FLIP, arv_pct=D(70))
    with pytest.raises(ValueError, match="fee_amount"):
        CashTerms(formula=Formula.WHOLESALE, fee_amount=D(-1))
    with pytest.raises(ValueError, match="closing_amount"):
        CashTerms(formula=Formula.ITEMISED, closing_amount=D("Infinity"))


cents = st.integers(0, 10**10).map(lambda n: D(n) / 100)
fractions = st.integers(0, 10_000).map(lambda n: D(n) / 10_000)
terms_of_any_kind = st.builds(
    CashTerms,
    formula=st.sampled_from(Formula),
    arv_pct=fractions,
    profit_pct=fractions,
    fee_amount=cents,
    closing_amount=cents,
    holding_amount=cents,
)


def exact(answer: Quote) -> D:
    return answer.lines[-1].amount


@given(terms_of_any_kind, cents.filter(lambda c: c > 0), cents)
def test_a_price_is_positive_whole_cents_or_absent_with_a_reason(
    terms: CashTerms, arv: D, repairs: D
) -> None:
    answer = price(terms, arv, repairs)
    assert (answer.amount is None) == bool(answer.reason)
    if answer.amount is not None:
        assert answer.amount > 0
        assert answer.amount == answer.amount.quantize(D("0.01"))
        assert abs(answer.amount - exact(answer)) <= D("0.005")


@given(terms_of_any_kind, cents.filter(lambda c: c > 0), cents, cents)
def test_falls_with_repairs_and_rises_with_arv(
    terms: CashTerms, arv: D, repairs: D, more: D
) -> None:
    base = exact(price(terms, arv, repairs))
    slope = terms.arv_pct if terms.formula == Formula.COST_FIRST else D(1)
    assert base - exact(price(terms, arv, repairs + more)) == more * slope
    assert exact(price(terms, arv + more, repairs)) >= base


@given(terms_of_any_kind, cents.filter(lambda c: c > 0), cents, cents)
def test_falls_with_the_fee_except_where_the_formula_has_none(
    terms: CashTerms, arv: D, repairs: D, more: D
) -> None:
    values = {**vars(terms), "fee_amount": terms.fee_amount + more}
    fall = exact(price(terms, arv, repairs)) - exact(price(CashTerms(**values), arv, repairs))
    slope = {Formula.FLIP: D(0), Formula.COST_FIRST: terms.arv_pct}.get(terms.formula, D(1))
    assert fall == more * slope


@given(terms_of_any_kind, cents.filter(lambda c: c > 0), cents)
def test_every_figure_is_derived_from_the_ones_above_it(
    terms: CashTerms, arv: D, repairs: D
) -> None:
    lines = price(terms, arv, repairs).lines
    assert lines[0].amount == arv
    assert lines[-1].label == "Maximum offer"
    assert len({line.label for line in lines}) == len(lines)
    assert all(line.expression for line in lines if line.label in {"Share of ARV", "Maximum offer"})

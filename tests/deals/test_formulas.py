"""Formulas of derived metrics: what they mean, what is refused, and one meaning everywhere."""

from __future__ import annotations

import math
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apps.deals.qualification.derived import BadName, DerivedRow, check_name, read_derived
from apps.deals.qualification.formula_tree import FLOATS, Reach, depth_of, reach_of
from apps.deals.qualification.formulas import FormulaRefused, parse_formula
from apps.deals.qualification.reckoned import RECKONED
from tests.deals.formula_strategies import FORMULAS, NAMES, ROWS

METRICS = {"arv": 200_000.0, "repairs": 30_000.0, "asking_price": 100_000.0, "bedrooms": 3}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("arv - repairs - asking_price", 70_000.0),
        ("arv - (repairs - asking_price)", 270_000.0),
        ("arv * 70% - repairs", 110_000.0),
        ("ARV".lower() + " × 0.7 − repairs", 110_000.0),
        ("-arv + $1000", -199_000.0),
        ("arv / repairs / 2", 200_000 / 30_000 / 2),
        ("2 + bedrooms * 2", 8.0),
        ("min(arv, asking_price, repairs)", 30_000.0),
        ("max(arv, asking_price) / bedrooms", 200_000 / 3),
        ("--bedrooms", 3.0),
        ("arv / (bedrooms - 3)", None),
        ("arv - lien", None),
        ("min(arv, lien)", None),
        ("lien * 0", None),
    ],
)
def test_a_formula_reckons_and_unknown_stays_unknown(text: str, value: float | None) -> None:
    assert parse_formula(text, {}).value(METRICS) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a formula"),
        ("arv -", "ends too early"),
        ("arv arv", "At character 5: “arv” was not expected here."),
        ("arv - arvv", "At character 7: there is no metric “arvv”. Did you mean “arv”?"),
        ("arv ** 2", "At character 6: “*” was not expected here."),
        ("arv ; 1", "At character 5: “;” has no meaning in a formula"),
        ("__import__(arv)", "there is no “__import__(…)”"),
        ("arv.real", "“.” has no meaning"),
        ("(arv", "At character 1: this parenthesis is not closed."),
        ("arv)", "At character 4: “)” was not expected here."),
        ("arv - 10,000", "a comma stands only between the parts of min"),
        ("min(arv)", "At character 1: min(…) needs two parts or more"),
        ("sum(arv, 1)", "there is no “sum(…)”; only min(…) and max(…)."),
        ("is_vacant + 1", "At character 1: “is_vacant” (Vacant) is a yes or no, not a number."),
        ("arv + state", "At character 7: “state” (State) is a text, not a number."),
        ("arv - last_sale_on", "is a date, not a number."),
        ("arv / 0", "At character 5: it divides by zero."),
        ("arv / (1 - 1)", "At character 5: it divides by zero."),
        ("arv / min(0, 2)", "it divides by zero."),
        ("1 + 2", "Name at least one metric"),
        ("arv * 1000000000001", "numbers go from"),
        ("arv * 0.0000000000001", "numbers go from"),
        ("*".join(["bedrooms"] * 10), "It multiplies and divides 9 times"),
        ("(" * 13 + "arv" + ")" * 13, "more than 12 parts within each other"),
        ("arv" + " + 1" * 80, "at most 300 characters"),
        ("arv+1" + "+1" * 70, "too long"),
        (
            " * ".join(["(rent_to_piti - equity_pct)"] * 9),
            "too large or too small to reckon with",
        ),
        (" + ".join(["min(arv, repairs)"] * 4), "min and max may stand 3 times"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(FormulaRefused) as refused:
        parse_formula(text, {})
    assert sentence in str(refused.value)


def test_derived_metrics_may_name_each_other_but_not_in_a_circle() -> None:
    derived = {"profit": "arv - all_in", "all_in": "asking_price + repairs"}
    formula = parse_formula("profit / all_in", derived, name="margin")
    assert formula.value(METRICS) == pytest.approx(70_000 / 130_000)
    assert formula.reads == {"arv", "asking_price", "repairs"}
    assert formula.uses == {"profit", "all_in"}
    with pytest.raises(FormulaRefused, match="“all_in” → “profit” → “all_in” is a circle"):
        parse_formula("profit + 1", derived, name="all_in")
    with pytest.raises(FormulaRefused, match="“one” → “one” is a circle"):
        parse_formula("one + arv", {}, name="one")
    rows = [DerivedRow("a", "A", "", "b + 1"), DerivedRow("b", "B", "", "a + 1")]
    with pytest.raises(FormulaRefused, match="circle"):
        read_derived(rows)


def test_the_limit_counts_what_is_named() -> None:
    derived = {"four": "arv * arv * arv * arv * arv", "nine": "four * four"}
    with pytest.raises(FormulaRefused, match="divides 9 times"):
        parse_formula("nine", derived)


@pytest.mark.parametrize("name", ["arv", "min", "Margin", "x", "9lives", "a-b", "a" * 41, "a b"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        check_name(name)


def test_metrics_of_our_own_stay_within_what_formulas_count_on() -> None:
    for formula in RECKONED.values():
        assert depth_of(formula.root) < 5
    # Cents, 14 digits, and shares of one part in ten thousand: see `FLOATS`.
    base = Reach(1e16, 1e-7, 1e-18)
    assert base.most / base.least <= 1e24
    assert FLOATS.most >= 1e12 / 1e-7
    assert FLOATS.grain < FLOATS.least < base.grain


@pytest.fixture
def table(db: None) -> str:
    columns = ", ".join(
        f'"{name}" {"bigint" if name in ("bedrooms", "phone_count") else "double precision"} NULL'
        for name in NAMES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE generated_rows (n integer, {columns})")
    return "generated_rows"


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=FORMULAS, rows=st.lists(ROWS, min_size=1, max_size=8))
def test_python_and_the_database_agree_to_the_last_bit(
    table: str, text: str, rows: list[dict[str, Any]]
) -> None:
    try:
        formula = parse_formula(text, {})
    except FormulaRefused:
        assume(False)
    compiled = formula.sql()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        marks = ", ".join(["%s"] * (len(NAMES) + 1))
        cursor.executemany(
            f"INSERT INTO {table} VALUES ({marks})",
            [(n, *(row[name] for name in NAMES)) for n, row in enumerate(rows)],
        )
        cursor.execute(f"SELECT {compiled.text} FROM {table} m ORDER BY n", compiled.params)
        found = [row[0] for row in cursor.fetchall()]
    assert found == [formula.value(row) for row in rows]


@given(text=FORMULAS, row=ROWS)
def test_a_value_lies_within_the_reach_of_its_formula(text: str, row: dict[str, Any]) -> None:
    try:
        formula = parse_formula(text, {})
    except FormulaRefused:
        assume(False)
    value, reach = formula.value(row), reach_of(formula.root)
    if value:
        assert math.isfinite(value)
        assert reach.least <= abs(value) <= reach.most * 1.0001

"""The twelve rules of the re-scoring benchmark, twice: as a rule set and as SQL written by hand."""

from __future__ import annotations

from dataclasses import replace

from apps.deals.qualification.types import ConditionSpec, Match, Operator, RuleSetSpec, RuleSpec


def _rule(
    name: str, weight: int, *conditions: tuple[str, str, object], any_of: bool = False,
    knock_out: bool = False,
) -> RuleSpec:  # fmt: skip
    asked = tuple(
        ConditionSpec(metric, Operator(operator), value)  # type: ignore[arg-type]
        for metric, operator, value in conditions
    )
    return RuleSpec(name, weight, asked, Match.ANY if any_of else Match.ALL, knock_out)


FIRST = RuleSetSpec(
    rules=(
        _rule("Equity", 20, ("equity_pct", "gte", 0.3)),
        _rule(
            "Absentee", 10, ("is_absentee", "is", True), ("is_out_of_state", "is", True),
            any_of=True,
        ),
        _rule("Long held", 8, ("ownership_years", "gte", 10), ("loan_count", "lte", 1)),
        _rule("Vacant", 10, ("is_vacant", "is", True)),
        _rule(
            "Distress", 12, ("is_tax_delinquent", "is", True), ("has_violation", "is", True),
            ("signal_count", "gte", 2), any_of=True,
        ),
        _rule("Old house", 5, ("year_built", "lt", 1980)),
        _rule("Stacked", 8, ("stack_count", "gte", 2)),
        _rule("Repairs", 6, ("repair_ratio", "lt", 0.35)),
        _rule(
            "Stale listing", 7, ("days_on_market", "gt", 90), ("asking_ratio", "lt", 0.8),
            any_of=True,
        ),
        _rule(
            "House", 6, ("property_kind", "one_of", ("single family", "duplex")),
            ("building_sqft", "gte", 800), ("bedrooms", "gte", 2.0),
        ),
        _rule("Reachable", 0, ("phone_count", "gte", 1), knock_out=True),
        _rule("Not under water", 8, ("ltv", "lt", 0.95), knock_out=True),
    ),
    qualified_from=60,
    review_from=40,
)  # fmt: skip

# What FIRST's rules are to somebody who writes SQL.
PREDICATES = (
    "m.equity_pct >= 0.3",
    "m.is_absentee OR m.is_out_of_state",
    "m.ownership_years >= 10 AND m.loan_count <= 1",
    "m.is_vacant",
    "m.is_tax_delinquent OR m.has_violation OR m.signal_count >= 2",
    "m.year_built < {year}",
    "m.stack_count >= 2",
    "m.repair_ratio < 0.35",
    "m.days_on_market > 90 OR m.asking_ratio < 0.8",
    "m.property_kind IN ('single family', 'duplex') AND m.building_sqft >= 800 AND m.bedrooms >= 2",
    "m.phone_count >= 1",
    "m.ltv < 0.95",
)
KNOCK_OUTS = (1 << 10) | (1 << 11)
YEAR_BIT = 5


def with_weights(spec: RuleSetSpec, weights: tuple[int, ...]) -> RuleSetSpec:
    rules = zip(spec.rules, weights, strict=True)
    return replace(spec, rules=tuple(replace(rule, weight=weight) for rule, weight in rules))


def with_year(spec: RuleSetSpec, year: int) -> RuleSetSpec:
    """The same set with another threshold in one rule."""
    asked = (ConditionSpec("year_built", Operator.LESS_THAN, year),)
    rules = list(spec.rules)
    rules[YEAR_BIT] = replace(rules[YEAR_BIT], conditions=asked)
    return replace(spec, rules=tuple(rules))


FIRST_WEIGHTS = tuple(rule.weight for rule in FIRST.rules)
# Nearly every score moves, few verdicts do.
OTHER_WEIGHTS = (19, 11, 9, 9, 13, 4, 7, 7, 6, 7, 0, 9)
YEARS = (1980, 1976)


def judged(weights: tuple[int, ...], year: int) -> str:
    """SELECT deal_id, masks, score, coverage, verdict: the rules once each, then plain sums."""
    rules = ", ".join(f"({p.format(year=year)}) AS r{n}" for n, p in enumerate(PREDICATES))
    total = sum(weights)

    def sums(test: str, worths: tuple[int, ...]) -> str:
        return " + ".join(
            f"CASE WHEN r{n}{test} THEN {worth} ELSE 0 END"
            for n, worth in enumerate(worths)
            if worth
        )

    bits = tuple(1 << n for n in range(len(PREDICATES)))
    return (
        "SELECT deal_id, pass_mask, unknown_mask, score, coverage,"
        f" CASE WHEN ({KNOCK_OUTS} & ~(pass_mask | unknown_mask)) <> 0 THEN 'rejected'"
        " WHEN coverage = 0 THEN 'review' WHEN score >= 60 THEN 'qualified'"
        " WHEN score >= 40 THEN 'review' ELSE 'rejected' END AS verdict FROM ("
        " SELECT deal_id, pass_mask, unknown_mask, CASE WHEN unknown = "
        f"{total} THEN 0 ELSE (200 * passed + {total} - unknown) / (2 * ({total} - unknown)) END"
        f" AS score, (200 * ({total} - unknown) + {total}) / (2 * {total}) AS coverage FROM ("
        f" SELECT deal_id, {sums('', bits)} AS pass_mask, {sums(' IS NULL', bits)} AS unknown_mask,"
        f" {sums('', weights)} AS passed, {sums(' IS NULL', weights)} AS unknown FROM ("
        f" SELECT m.deal_id, {rules} FROM deals_dealmetrics m WHERE m.workspace_id = {{workspace}}"
        " {fence}) a {fence}) b {fence}) c"
    )

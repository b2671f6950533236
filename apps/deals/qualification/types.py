from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

MetricValue: TypeAlias = float | bool | str | date
Metrics: TypeAlias = Mapping[str, MetricValue | None]
Threshold: TypeAlias = MetricValue | tuple[str, ...]

# A signed 64-bit column holds one bit per rule; the sign bit stays free.
MAX_RULES = 62


class Kind(StrEnum):
    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    DATE = "date"


class Unit(StrEnum):
    NONE = ""
    DOLLARS = "dollars"
    PERCENT = "percent"
    DAYS = "days"
    YEARS = "years"
    SQFT = "square feet"
    CALENDAR_YEAR = "calendar year"


class Operator(StrEnum):
    MORE_THAN = "gt"
    AT_LEAST = "gte"
    LESS_THAN = "lt"
    AT_MOST = "lte"
    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    NONE_OF = "none_of"


class Truth(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Match(StrEnum):
    ALL = "all"
    ANY = "any"


class UnknownPolicy(StrEnum):
    """What a rule that cannot be answered does to the score and the verdict."""

    NEUTRAL = "neutral"
    FAIL = "fail"
    ASK = "ask"


class Verdict(StrEnum):
    QUALIFIED = "qualified"
    REVIEW = "review"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ConditionSpec:
    """`value` is already of the metric's kind: see `values.parse_threshold`."""

    metric: str
    operator: Operator
    value: Threshold


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A knock-out rule is a demand: a deal that fails it is rejected whatever its score."""

    name: str
    weight: int
    conditions: tuple[ConditionSpec, ...]
    match: Match = Match.ALL
    is_knock_out: bool = False

    def __post_init__(self) -> None:
        if not self.conditions:
            raise ValueError(f"The rule “{self.name}” has no condition.")
        if self.weight < 0:
            raise ValueError(f"The rule “{self.name}” has a weight below zero.")


@dataclass(frozen=True, slots=True)
class RuleSetSpec:
    """Rules in order: the n-th rule owns bit n of the pass and unknown masks.

    Scores run from 0 to 100; `min_coverage_pct` is a fraction of one.
    """

    rules: tuple[RuleSpec, ...]
    qualified_at: int = 70
    review_at: int = 40
    min_coverage_pct: float = 0.0
    unknown_policy: UnknownPolicy = UnknownPolicy.NEUTRAL

    def __post_init__(self) -> None:
        if len(self.rules) > MAX_RULES:
            raise ValueError(f"A rule set holds at most {MAX_RULES} rules.")
        if self.total_weight <= 0:
            raise ValueError("The weights of the rules add up to zero, so there is no score.")

    @property
    def total_weight(self) -> int:
        return sum(rule.weight for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Score is None when not one weighted rule could be answered."""

    score: int | None
    coverage_pct: float
    verdict: Verdict
    pass_mask: int
    unknown_mask: int

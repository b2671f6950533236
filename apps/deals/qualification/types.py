from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .derived import DerivedSpec

MetricValue: TypeAlias = float | bool | str | date
Metrics: TypeAlias = Mapping[str, MetricValue | None]
# Several texts, or both ends of a range.
Threshold: TypeAlias = MetricValue | tuple[str, ...] | tuple[float, float] | tuple[date, date]

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
    SQFT = "sq ft"
    CALENDAR_YEAR = "calendar year"


class Operator(StrEnum):
    MORE_THAN = "gt"
    AT_LEAST = "gte"
    LESS_THAN = "lt"
    AT_MOST = "lte"
    BETWEEN = "between"
    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    NONE_OF = "none_of"


class Truth(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
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
    """`value` is already of the metric's kind: see `values.parse_threshold`.

    `derived` is the workspace's own metric of that name as it stood when the condition was read.
    """

    metric: str
    operator: Operator
    value: Threshold
    derived: DerivedSpec | None = None


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A knock-out rule is a demand: a deal that fails it is rejected whatever its score.

    `bit` is the rule's place in stored masks, 0 to 61; None takes the place in the set.
    """

    name: str
    weight: int
    conditions: tuple[ConditionSpec, ...]
    match: Match = Match.ALL
    is_knock_out: bool = False
    bit: int | None = None

    def __post_init__(self) -> None:
        if not self.conditions:
            raise ValueError(f"The rule “{self.name}” has no condition.")
        if self.weight < 0:
            raise ValueError(f"The rule “{self.name}” has a weight below zero.")


@dataclass(frozen=True, slots=True)
class RuleSetSpec:
    """Rules with their thresholds. Scores and coverage are whole numbers from 0 to 100."""

    rules: tuple[RuleSpec, ...]
    qualified_from: int = 70
    review_from: int = 40
    min_coverage: int = 0
    unknown_policy: UnknownPolicy = UnknownPolicy.NEUTRAL

    def __post_init__(self) -> None:
        if len(self.rules) > MAX_RULES:
            raise ValueError(f"A rule set holds at most {MAX_RULES} rules.")
        if self.total_weight <= 0:
            raise ValueError("The weights of the rules add up to zero, so there is no score.")
        if len(set(self.bits)) < len(self.rules) or not set(self.bits) <= set(range(MAX_RULES)):
            raise ValueError("Two rules share a place in the masks.")

    @property
    def total_weight(self) -> int:
        return sum(rule.weight for rule in self.rules)

    @property
    def bits(self) -> tuple[int, ...]:
        """Where each rule stands in the pass and unknown masks."""
        return tuple(
            place if rule.bit is None else rule.bit for place, rule in enumerate(self.rules)
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """`coverage` is the share of the weights, 0 to 100, whose rules could be answered.

    With a coverage of 0 nothing is known and the score of 0 means nothing.
    """

    score: int
    coverage: int
    verdict: Verdict
    pass_mask: int
    unknown_mask: int

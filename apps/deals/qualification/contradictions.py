"""Conditions of one rule that no deal can meet together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .derived import metric_of
from .explain import demand_words
from .types import ConditionSpec, Operator


@dataclass(frozen=True, slots=True)
class _Bound:
    value: Any
    is_within: bool
    by: int


def find_contradiction(conditions: Sequence[ConditionSpec]) -> tuple[int, str] | None:
    """Place of a condition that cannot hold with an earlier one, and the sentence that says so.

    For conditions that must all hold; ranges of numbers and days, and two different values.
    """
    lows: dict[str, _Bound | None] = {}
    highs: dict[str, _Bound | None] = {}
    for at, condition in enumerate(conditions):
        low, high = _bounds(condition, at)
        name = condition.metric
        lows[name] = _narrower(lows.get(name), low, is_low=True)
        highs[name] = _narrower(highs.get(name), high, is_low=False)
        least, most = lows[name], highs[name]
        if least is None or most is None or not _is_empty(least, most):
            continue
        other = conditions[least.by if most.by == at else most.by]
        label = metric_of(condition).label
        return at, (
            f"No deal has {label} {demand_words(other)} and {demand_words(condition)} at once:"
            " the range is empty."
        )
    return None


def _bounds(condition: ConditionSpec, at: int) -> tuple[_Bound | None, _Bound | None]:
    value = condition.value
    match condition.operator:
        case Operator.MORE_THAN | Operator.AT_LEAST:
            return _Bound(value, condition.operator is Operator.AT_LEAST, at), None
        case Operator.LESS_THAN | Operator.AT_MOST:
            return None, _Bound(value, condition.operator is Operator.AT_MOST, at)
        case Operator.BETWEEN if isinstance(value, tuple):
            return _Bound(value[0], True, at), _Bound(value[1], True, at)
        case Operator.IS:
            return _Bound(value, True, at), _Bound(value, True, at)
    return None, None


def _narrower(held: _Bound | None, found: _Bound | None, *, is_low: bool) -> _Bound | None:
    if held is None or found is None:
        return found or held
    if held.value == found.value:
        return held if not held.is_within else found
    return found if (found.value > held.value) == is_low else held


def _is_empty(low: _Bound, high: _Bound) -> bool:
    if low.value == high.value:
        return not (low.is_within and high.is_within)
    return bool(low.value > high.value)

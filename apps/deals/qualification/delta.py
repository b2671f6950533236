"""What a new version of a rule set asks to be judged anew."""

from __future__ import annotations

from dataclasses import dataclass

from .types import RuleSetSpec, RuleSpec


@dataclass(frozen=True, slots=True)
class Delta:
    """From masks judged by one version to those of another.

    `rules` with their places are to be evaluated against the metrics; places in `kept` stay as they
    are stored; all others are emptied. `is_weighed_anew`: the same masks may mean another score or
    verdict; always so where a rule came or went. Else `former` are the rules as they were before.
    """

    rules: tuple[RuleSpec, ...]
    bits: tuple[int, ...]
    kept: int
    is_weighed_anew: bool
    former: tuple[RuleSpec, ...] = ()


def find_delta(old: RuleSetSpec, new: RuleSetSpec) -> Delta:
    """The least that has to be done. Repeatable: a deal already judged by `new` stays as it is."""
    before = dict(zip(old.bits, old.rules, strict=True))
    pairs = list(zip(new.bits, new.rules, strict=True))
    changed = [
        (bit, rule) for bit, rule in pairs if bit not in before or _asks_else(before[bit], rule)
    ]
    again = {bit for bit, _ in changed}
    return Delta(
        rules=tuple(rule for _, rule in changed),
        bits=tuple(bit for bit, _ in changed),
        kept=sum(1 << bit for bit, _ in pairs if bit not in again),
        is_weighed_anew=_weighing(old) != _weighing(new),
        former=tuple(before[bit] for bit, _ in changed if bit in before),
    )


def _asks_else(one: RuleSpec, other: RuleSpec) -> bool:
    return (one.match, one.conditions) != (other.match, other.conditions)


def _weighing(spec: RuleSetSpec) -> tuple[object, ...]:
    """All that turns masks into a score and a verdict."""
    places = {
        bit: (rule.weight, rule.is_knock_out)
        for bit, rule in zip(spec.bits, spec.rules, strict=True)
    }
    return (
        places,
        spec.qualified_from,
        spec.review_from,
        spec.min_coverage,
        spec.unknown_policy,
    )

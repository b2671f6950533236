"""Which bit of the stored masks a rule owns: given once, kept while the rule lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .shipped import RuleRow, RuleSetRow
from .types import MAX_RULES


def settle_bits(row: RuleSetRow, published: Mapping[str, int]) -> RuleSetRow:
    """The set with a bit for each rule; `published`: rule id -> bit in the version in use.

    A rule of that version keeps its bit, another one the bit it had before if nobody holds it.
    A new rule gets the lowest bit of nobody, so that no stored mask changes its meaning; only when
    all 62 are held does it take one whose rule goes.
    """
    given: dict[int, int] = {}
    for at, rule in enumerate(row.rules):
        if rule.id in published:
            given[at] = published[rule.id]
    taken = {*published.values()}
    for at, rule in enumerate(row.rules):
        if at not in given and rule.bit is not None and rule.bit not in taken:
            given[at] = rule.bit
            taken.add(rule.bit)
    rules = []
    for at, rule in enumerate(row.rules):
        if at not in given:
            given[at] = _lowest_free(taken, given)
            taken.add(given[at])
        rules.append(replace(rule, bit=given[at]))
    return replace(row, rules=tuple(rules))


def _lowest_free(taken: set[int], given: Mapping[int, int]) -> int:
    free = [bit for bit in range(MAX_RULES) if bit not in taken]
    free = free or [bit for bit in range(MAX_RULES) if bit not in given.values()]
    if not free:
        raise ValueError(f"A rule set holds at most {MAX_RULES} rules.")
    return free[0]


def reuses_a_bit(rules: Sequence[RuleRow], published: Mapping[str, int]) -> bool:
    """Whether a bit changes hands between the version in use and these rules."""
    holders = {bit: rule for rule, bit in published.items()}
    return any(holders.get(rule.bit, rule.id) != rule.id for rule in rules if rule.bit is not None)

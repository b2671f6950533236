"""A formula as a tree: its value, its SQL and how far its values can reach.

Every operation works on double precision numbers in the order of the tree, in Python as in SQLite
and PostgreSQL, so that all three give the same bits. An unknown part makes the whole unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from django.db import connection

from .compile import Sql, join_sql
from .types import Metrics


class Sign(StrEnum):
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    DIVIDED_BY = "/"


class Extreme(StrEnum):
    LEAST = "min"
    MOST = "max"


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A column of the metrics."""

    name: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Negated:
    part: Node


@dataclass(frozen=True, slots=True)
class Joined:
    sign: Sign
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Chosen:
    extreme: Extreme
    parts: tuple[Node, ...]


Node: TypeAlias = Number | Reading | Negated | Joined | Chosen


@dataclass(frozen=True, slots=True)
class Reach:
    """Bounds of a node's value where it is not zero: `least` ≤ |value| ≤ `most`.

    `grain` is a power of two or less that the value is a whole multiple of: what is left when two
    nearly equal values are taken from each other is never smaller.
    """

    most: float
    least: float
    grain: float


# What columns hold: money has cents and at most 14 digits, shares are quotients of such. The
# smallest quotient is 1e-15; 1e-22 leaves room for what a difference inside a metric leaves over.
FLOATS = Reach(1e20, 1e-22, 1e-38)
WHOLES = Reach(1e10, 1.0, 1.0)
# Well inside the range of doubles, 2.2e-308 to 1.8e308, outside which PostgreSQL gives an error.
HIGHEST, LOWEST = 1e300, 1e-300
_ULP = 2.0**-53


def value_of(node: Node, metrics: Metrics) -> float | None:
    match node:
        case Number(value):
            return value
        case Reading(name):
            held = metrics.get(name)
            return float(held) if isinstance(held, int | float) else None
        case Negated(part):
            inner = value_of(part, metrics)
            return None if inner is None else -inner
        case Joined(sign, left, right):
            return _join(sign, value_of(left, metrics), value_of(right, metrics))
        case Chosen(extreme, parts):
            values = [value_of(part, metrics) for part in parts]
            known = [value for value in values if value is not None]
            if len(known) < len(values):
                return None
            return min(known) if extreme is Extreme.LEAST else max(known)


def _join(sign: Sign, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    match sign:
        case Sign.PLUS:
            return left + right
        case Sign.MINUS:
            return left - right
        case Sign.TIMES:
            return left * right
        case Sign.DIVIDED_BY:
            return left / right if right else None


def sql_of(node: Node) -> Sql:
    """Over the metrics row `m`."""
    match node:
        case Number(value):
            return Sql("CAST(%s AS double precision)", (value,))
        case Reading(name):
            return Sql(f'CAST(m."{name}" AS double precision)')
        case Negated(part):
            inner = sql_of(part)
            return Sql(f"(- {inner.text})", inner.params)
        case Joined(sign, left, right):
            parts = [sql_of(left), sql_of(right)]
            if sign is Sign.DIVIDED_BY:
                parts[1] = Sql(f"NULLIF({parts[1].text}, 0)", parts[1].params)
            joined = join_sql(f" {sign} ", parts)
            return Sql(f"({joined.text})", joined.params)
        case Chosen(extreme, chosen):
            return _chosen(extreme, [sql_of(part) for part in chosen])


def _chosen(extreme: Extreme, parts: list[Sql]) -> Sql:
    """LEAST passes over NULL, and SQLite's two-argument MIN does not: the sum asks for all."""
    words = {Extreme.LEAST: "LEAST", Extreme.MOST: "GREATEST"}
    word = words[extreme] if connection.vendor == "postgresql" else extreme.upper()
    total, listed = join_sql(" + ", parts), join_sql(", ", parts)
    return Sql(
        f"CASE WHEN {total.text} IS NOT NULL THEN {word}({listed.text}) END",
        (*total.params, *listed.params),
    )


def reach_of(node: Node) -> Reach:
    """Raises OverflowError where a value could leave the range of doubles."""
    reach = _reach(node)
    if not (reach.most <= HIGHEST and reach.least >= LOWEST):
        raise OverflowError
    return reach


def _reach(node: Node) -> Reach:
    match node:
        case Number(value):
            # Zero has no size; any does, since bounds are of what is not zero.
            size = abs(value) or 1.0
            return Reach(size, size, math.ulp(size))
        case Reading(_, is_whole):
            return WHOLES if is_whole else FLOATS
        case Negated(part):
            return reach_of(part)
        case Joined(sign, left, right):
            return _reach_joined(sign, reach_of(left), reach_of(right))
        case Chosen(_, parts):
            held = [reach_of(part) for part in parts]
            return Reach(
                max(one.most for one in held),
                min(one.least for one in held),
                min(one.grain for one in held),
            )


def _reach_joined(sign: Sign, left: Reach, right: Reach) -> Reach:
    if sign in (Sign.PLUS, Sign.MINUS):
        grain = min(left.grain, right.grain)
        return Reach(left.most + right.most, grain, grain)
    if sign is Sign.TIMES:
        least, most = left.least * right.least, left.most * right.most
    else:
        least, most = left.least / right.most, left.most / right.least
    return Reach(most, least, least * _ULP)


def parts_of(node: Node) -> Iterator[Node]:
    """The node and everything in it."""
    yield node
    match node:
        case Negated(part):
            yield from parts_of(part)
        case Joined(_, left, right):
            yield from parts_of(left)
            yield from parts_of(right)
        case Chosen(_, chosen):
            for part in chosen:
                yield from parts_of(part)


def depth_of(node: Node) -> int:
    match node:
        case Negated(part):
            return 1 + depth_of(part)
        case Joined(_, left, right):
            return 1 + max(depth_of(left), depth_of(right))
        case Chosen(_, chosen):
            return 1 + max(depth_of(part) for part in chosen)
    return 1

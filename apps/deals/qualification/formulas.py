"""Safe arithmetic over metrics: what an admin may write as a derived metric.

    formula  = term { ("+" | "-") term }
    term     = factor { ("*" | "/") factor }
    factor   = "-" factor | number ["%"] | name | ("min" | "max") "(" formula { "," formula } ")"
             | "(" formula ")"

× ÷ − may be written for * / -, and a dollar sign before a number. Nothing is ever evaluated but
these; a text that is no formula is refused with a sentence naming the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .compile import Sql
from .formula_reader import FormulaRefused, Reader
from .formula_tree import (
    Chosen,
    Joined,
    Node,
    Reading,
    Sign,
    depth_of,
    parts_of,
    reach_of,
    sql_of,
    value_of,
)
from .metric import Metric
from .metrics import METRICS
from .types import Metrics

__all__ = ["Formula", "FormulaRefused", "parse_formula"]

MOST_OPERATIONS = 8
MOST_PARTS = 120
MOST_DEPTH = 24
MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Formula:
    """`reads` are the registered metrics it comes down to, `uses` the derived ones it names."""

    text: str
    root: Node
    reads: frozenset[str]
    uses: frozenset[str]

    @property
    def divides(self) -> bool:
        parts = parts_of(self.root)
        return any(isinstance(part, Joined) and part.sign is Sign.DIVIDED_BY for part in parts)

    def value(self, metrics: Metrics) -> float | None:
        """None is unknown: a part is missing, or something is divided by zero."""
        return value_of(self.root, metrics)

    def sql(self) -> Sql:
        """The same over the metrics row `m`; NULL is unknown."""
        return sql_of(self.root)


def parse_formula(
    text: str,
    derived: Mapping[str, str],
    *,
    name: str = "",
    metrics: Mapping[str, Metric] = METRICS,
) -> Formula:
    """Read a formula over the registered `metrics` and the `derived` ones (name -> formula).

    `name` is the derived metric it is for: what leads back to it is a circle. Raises
    FormulaRefused.
    """
    reader = Reader(text, metrics, derived, path=(name,) if name else ())
    root = reader.read()
    _check_size(root)
    return Formula(
        text=text.strip(),
        root=root,
        reads=frozenset(part.name for part in parts_of(root) if isinstance(part, Reading)),
        uses=frozenset(reader.uses),
    )


def _check_size(root: Node) -> None:
    parts = list(parts_of(root))
    if not any(isinstance(part, Reading) for part in parts):
        raise FormulaRefused("Name at least one metric: this is the same number for every deal.")
    operations = sum(
        isinstance(part, Joined) and part.sign in (Sign.TIMES, Sign.DIVIDED_BY) for part in parts
    )
    if operations > MOST_OPERATIONS:
        raise FormulaRefused(
            f"It multiplies and divides {operations} times, the derived metrics it names included;"
            f" {MOST_OPERATIONS} times is the most."
        )
    if len(parts) > MOST_PARTS or depth_of(root) > MOST_DEPTH:
        raise FormulaRefused("It is too long with the derived metrics it names; split it.")
    if sum(isinstance(part, Chosen) for part in parts) > MOST_CHOICES:
        raise FormulaRefused(f"min and max may stand {MOST_CHOICES} times in it at most.")
    try:
        reach_of(root)
    except OverflowError:
        raise FormulaRefused(
            "Its values could become too large or too small to reckon with;"
            " multiply and divide fewer differences."
        ) from None

"""An admin's own metric, read once: what a condition on it asks stays as it was then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .formulas import Formula, FormulaRefused, parse_formula
from .metric import Metric
from .metrics import METRICS, get_metric
from .types import ConditionSpec, Kind, Metrics, MetricValue, Unit

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@dataclass(frozen=True, slots=True)
class DerivedRow:
    """As an admin types it and a rule file holds it."""

    name: str
    label: str
    unit: str
    formula: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class DerivedSpec:
    name: str
    label: str
    unit: Unit
    formula: Formula
    description: str = ""

    @property
    def metric(self) -> Metric:
        """As the registry would describe it."""
        return Metric(
            name=self.name,
            label=self.label,
            kind=Kind.FLOAT,
            unit=self.unit,
            description=self.description or f"{self.formula.text}.",
            unknown_when=_unknown_when(self.formula),
        )


def _unknown_when(formula: Formula) -> str:
    labels = [METRICS[name].label for name in sorted(formula.reads)]
    parts = f"one of {', '.join(labels)}" if len(labels) > 1 else labels[0]
    divides = ", or something would be divided by zero" if formula.divides else ""
    return f"{parts} is missing{divides}"


class BadName(ValueError):
    """No name for a derived metric; the message is a sentence for the form."""


def check_name(name: str) -> None:
    """Raises BadName."""
    if not _NAME.fullmatch(name):
        raise BadName(
            "Use 2 to 40 small letters, digits and _, beginning with a letter: flip_margin."
        )
    if name in METRICS:
        label = METRICS[name].label
        raise BadName(f"“{name}” is a metric of Dealwright ({label}); choose another name.")
    if name in ("min", "max"):
        raise BadName(f"“{name}” is a word of the formulas; choose another name.")


def needed_by(names: Iterable[str], rows: Iterable[DerivedRow]) -> tuple[DerivedRow, ...]:
    """The rows of these names and of those that their formulas name, in the order given."""
    held = {row.name: row for row in rows}
    wanted: set[str] = set()
    left = [name for name in names if name in held]
    while left:
        name = left.pop()
        if name not in wanted:
            wanted.add(name)
            left += [used for used in _WORD.findall(held[name].formula) if used in held]
    return tuple(row for row in held.values() if row.name in wanted)


def read_derived(rows: Iterable[DerivedRow]) -> dict[str, DerivedSpec]:
    """Parse metrics that may name one another. Raises FormulaRefused naming the metric."""
    held = {row.name: row for row in rows}
    texts = {name: row.formula for name, row in held.items()}
    return {name: _read(row, texts) for name, row in held.items()}


def _read(row: DerivedRow, texts: Mapping[str, str]) -> DerivedSpec:
    try:
        formula = parse_formula(row.formula, texts, name=row.name)
    except FormulaRefused as refusal:
        raise FormulaRefused(f"“{row.name}”: {refusal}") from refusal
    return DerivedSpec(row.name, row.label, Unit(row.unit), formula, row.description)


def metric_of(condition: ConditionSpec) -> Metric:
    """What the condition asks about, registered or derived. Raises UnknownMetric."""
    return condition.derived.metric if condition.derived else get_metric(condition.metric)


def reading_of(condition: ConditionSpec, metrics: Metrics) -> MetricValue | None:
    """The value the condition judges; None is unknown."""
    if condition.derived:
        return condition.derived.formula.value(metrics)
    return metrics.get(condition.metric)

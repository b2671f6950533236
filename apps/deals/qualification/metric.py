"""What a metric is, and which operators fit its kind."""

from __future__ import annotations

from dataclasses import dataclass

from .types import Kind, Operator, Unit

NUMBER_OPERATORS = (
    Operator.MORE_THAN,
    Operator.AT_LEAST,
    Operator.LESS_THAN,
    Operator.AT_MOST,
    Operator.BETWEEN,
)
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    # Equality of computed fractions is a trap (0.1 + 0.2), so floats only compare by order.
    Kind.FLOAT: NUMBER_OPERATORS,
    Kind.INT: (*NUMBER_OPERATORS, Operator.IS, Operator.IS_NOT),
    Kind.BOOL: (Operator.IS,),
    Kind.TEXT: (Operator.IS, Operator.IS_NOT, Operator.ONE_OF, Operator.NONE_OF),
    Kind.DATE: NUMBER_OPERATORS,
}


@dataclass(frozen=True, slots=True)
class Metric:
    """`unknown_when` ends the sentence “… is not known: ”."""

    name: str
    label: str
    kind: Kind
    unit: Unit
    description: str
    unknown_when: str

    @property
    def operators(self) -> tuple[Operator, ...]:
        return OPERATORS[self.kind]


def dollars(name: str, label: str, description: str, unknown_when: str) -> Metric:
    return Metric(name, label, Kind.FLOAT, Unit.DOLLARS, description, unknown_when)


def share(name: str, label: str, description: str, unknown_when: str) -> Metric:
    """A fraction of one, shown as a percentage."""
    return Metric(name, label, Kind.FLOAT, Unit.PERCENT, description, unknown_when)


def count(
    name: str, label: str, description: str, unknown_when: str, unit: Unit = Unit.NONE
) -> Metric:
    return Metric(name, label, Kind.INT, unit, description, unknown_when)


def flag(name: str, label: str, description: str, unknown_when: str) -> Metric:
    return Metric(name, label, Kind.BOOL, Unit.NONE, description, unknown_when)


def text(name: str, label: str, description: str, unknown_when: str) -> Metric:
    return Metric(name, label, Kind.TEXT, Unit.NONE, description, unknown_when)

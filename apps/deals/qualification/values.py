"""What an admin types becomes a typed threshold, and a typed value becomes words."""

from __future__ import annotations

import math
import re
from datetime import date

from .metric import Metric
from .types import Kind, MetricValue, Operator, Threshold, Unit

YES = {"yes", "true", "y", "1"}
NO = {"no", "false", "n", "0"}
# Above this a bare number on a percentage is more likely "20 percent" than "20 times the value".
BARE_FRACTION_LIMIT = 2.0
_RANGE = re.compile(r"\s*(?:\.\.|–|\bto\b|\band\b)\s*", re.IGNORECASE)


class BadValue(ValueError):
    """The text is no value of that metric; the message is a sentence for the form."""


class BadOperator(BadValue):
    """The operator does not fit the metric's kind."""


def parse_threshold(metric: Metric, operator: Operator, text: str) -> Threshold:
    """Raises BadValue with a sentence when the operator or the text does not fit the metric."""
    if operator not in metric.operators:
        fitting = ", ".join(f"“{OPERATOR_WORDS[known]}”" for known in metric.operators)
        raise BadOperator(f"“{metric.label}” is compared by {fitting}.")
    text = text.strip()
    if not text:
        raise BadValue("Write the value to compare with.")
    if operator is Operator.BETWEEN:
        return _parse_range(metric, text)
    if metric.kind is Kind.BOOL:
        return _parse_bool(text)
    if metric.kind is Kind.DATE:
        return _parse_date(text)
    if metric.kind is Kind.TEXT:
        return _parse_text(operator, text)
    return _parse_number(metric, text)


def _parse_range(metric: Metric, text: str) -> Threshold:
    """Both ends are within."""
    parts = _RANGE.split(text)
    if len(parts) != 2 or not all(parts):
        example = "2000-01-01 to 2009-12-31" if metric.kind is Kind.DATE else "90 to 180"
        raise BadValue(
            f"Write both ends, for example {'20% to 40%' if _is_pct(metric) else example}."
        )
    low, high = (
        _parse_date(part) if metric.kind is Kind.DATE else _parse_number(metric, part)
        for part in parts
    )
    if low > high:  # type: ignore[operator]
        raise BadValue(
            f"No value lies between {words(metric, low)} and {words(metric, high)}:"
            " write the lower end first."
        )
    return low, high  # type: ignore[return-value]


def _parse_bool(text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise BadValue("Write yes or no.")


def _parse_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue("Write the date as YYYY-MM-DD.") from None


def _parse_text(operator: Operator, text: str) -> Threshold:
    if operator in (Operator.IS, Operator.IS_NOT):
        return text.lower()
    parts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if not parts:
        raise BadValue("Write at least one value; part several by commas.")
    return parts


def _parse_number(metric: Metric, text: str) -> float | int:
    match = re.fullmatch(r"\$?\s*(-?[\d,]*\.?\d+|-?[\d,]+\.)\s*(%?)", text)
    if match is None:
        raise BadValue(
            "Write a number, for example 20% or 0.20."
            if _is_pct(metric)
            else "Write a number, for example 90."
        )
    number = float(match[1].replace(",", ""))
    if match[2] and not _is_pct(metric):
        raise BadValue(f"“{metric.label}” is no percentage: leave the % out.")
    if match[2]:
        number = round(number / 100, 10)
    elif _is_pct(metric) and abs(number) >= BARE_FRACTION_LIMIT:
        raise BadValue(f"Write {text}% or the fraction {number / 100:g}.")
    if not math.isfinite(number) or abs(number) > 1e12:
        raise BadValue("That number is too large.")
    if metric.kind is Kind.INT:
        if number != int(number):
            raise BadValue(f"“{metric.label}” counts whole numbers.")
        return int(number)
    return number


def _is_pct(metric: Metric) -> bool:
    return metric.unit is Unit.PERCENT


def words(metric: Metric, value: MetricValue) -> str:
    """The value as a person reads it: 63%, $246,360, 12 years, yes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%b} {value.day}, {value.year}"
    if isinstance(value, str):
        return value.upper() if metric.name == "state" else value
    return _number_words(metric.unit, value)


def _number_words(unit: Unit, value: float) -> str:
    if unit is Unit.PERCENT:
        return f"{round(value * 100, 1):g}%"
    if unit is Unit.DOLLARS:
        return f"${value:,.0f}" if value >= 0 else f"−${-value:,.0f}"
    if unit is Unit.CALENDAR_YEAR:
        return f"{value:.0f}"
    plain = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")
    if unit is Unit.NONE:
        return plain
    noun = (
        unit.value if value != 1 else {"days": "day", "years": "year"}.get(unit.value, unit.value)
    )
    return f"{plain} {noun}"


def threshold_words(metric: Metric, value: Threshold, operator: Operator | None = None) -> str:
    if isinstance(value, tuple):
        if operator is Operator.BETWEEN:
            return " and ".join(words(metric, end) for end in value)
        return ", ".join(words(metric, part) for part in value)
    return words(metric, value)


OPERATOR_WORDS: dict[Operator, str] = {
    Operator.MORE_THAN: "more than",
    Operator.AT_LEAST: "at least",
    Operator.LESS_THAN: "less than",
    Operator.AT_MOST: "at most",
    Operator.BETWEEN: "between",
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.ONE_OF: "one of",
    Operator.NONE_OF: "none of",
}

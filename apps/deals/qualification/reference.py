"""The registry as a page of the manual: `manage.py metrics > docs/metrics.md`."""

from __future__ import annotations

from collections.abc import Iterator

from .metric import OPERATORS, Metric
from .metrics import GROUPS, METRICS
from .reckoned import RECKONED
from .types import Kind, Unit
from .values import OPERATOR_WORDS

_KINDS = {
    Kind.FLOAT: "number",
    Kind.INT: "whole number",
    Kind.BOOL: "yes or no",
    Kind.TEXT: "text",
    Kind.DATE: "date",
}
_INTRO = f"""# Metrics

What a rule may ask about a deal: {len(METRICS)} metrics, and those that admins make from them.
This page is written from the registry by `manage.py metrics`; a test holds it to it.

Unknown is never false: a metric that is not known makes a condition unknown, and the rule set
says what that does. Percentages are fractions: 20% and 0.2 are the same threshold. Metrics are
computed when something about a deal changes, and every day, since days and years pass by
themselves.

Estimates stand in where nobody gave a figure and are shown as estimates: ARV, repairs, rent and
payments by the *estimate policy* in admin. What a list or a person gives wins.
"""
_DERIVED = """
## Your own metrics

In admin, *Derived metrics*: a name, a label, a unit and a formula, for example `(arv - repairs -
asking_price) / arv`. A formula has `+ - * /` (× ÷ − too), parentheses, numbers, percentages such
as `20%`, `min(…, …)`, `max(…, …)`, and the names of number metrics above and of your other own
metrics. Texts, dates and yes-or-no metrics are refused, as are circles and division by a constant
zero.

- An unknown part makes the whole unknown, in `min` and `max` too. Division by zero is unknown.
- At most 300 characters, 8 multiplications and divisions with those of the metrics it names, 3
  times `min` or `max`. Values that could leave the range of double precision numbers are refused
  when the formula is saved.
- All arithmetic is in double precision, in the order written; Python, SQLite and PostgreSQL give
  the same bits.
- A published version of a rule set keeps the formulas it was published with. A change of a
  formula reaches the drafts at once and the deals when the draft is published.
- A rule file lists the own metrics its rules ask for under `derived`. Importing makes those that
  are missing and refuses a file whose formula for a name is another one than yours.
"""


def metrics_page() -> str:
    """Markdown, ending with a line break."""
    return "".join(_pieces())


def _pieces() -> Iterator[str]:
    yield _INTRO
    yield "\n| kind | compared by |\n| --- | --- |\n"
    for kind, operators in OPERATORS.items():
        yield f"| {_KINDS[kind]} | {', '.join(OPERATOR_WORDS[one] for one in operators)} |\n"
    yield "\nA range is written `20% to 40%` or `20%..40%`; both ends are within.\n"
    for heading, metrics in GROUPS.items():
        yield f"\n## {heading}\n\n| name | label | kind, unit | meaning | unknown when |\n"
        yield "| --- | --- | --- | --- | --- |\n"
        yield from (_row(metric) for metric in metrics)
    yield _DERIVED


def _row(metric: Metric) -> str:
    unit = f", {metric.unit}" if metric.unit is not Unit.NONE else ""
    formula = RECKONED.get(metric.name)
    meaning = f"{metric.description} `{formula.text}`" if formula else metric.description
    return (
        f"| `{metric.name}` | {metric.label} | {_KINDS[metric.kind]}{unit} | {meaning}"
        f" | {metric.unknown_when} |\n"
    )

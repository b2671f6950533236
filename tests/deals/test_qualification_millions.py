"""Two million answers of generated rules on generated deals: by SQL and by a plain reading."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection

from apps.deals.qualification.compile import Sql, compile_rule_set
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.metrics import METRICS, Metric
from apps.deals.qualification.types import (
    ConditionSpec,
    Kind,
    Match,
    Operator,
    RuleSetSpec,
    RuleSpec,
    UnknownPolicy,
)
from tests.deals.qualification_strategies import TEXTS
from tests.deals.test_qualification_sql import TYPES

DEALS, SETS, RULES = 2_500, 100, 8
TABLE = "many_generated_metrics"
# Few values, so that many sit on a threshold.
POOL: dict[Kind, list[Any]] = {
    Kind.FLOAT: [0.0, 0.1, 0.2, 0.1 + 0.2, 0.3, math.nextafter(0.2, 1), 1.0, -0.5, 250_000.0, 1e9],
    Kind.INT: [-1, 0, 1, 2, 3, 7, 90, 1_950, 2_000_000],
    Kind.BOOL: [True, False],
    Kind.TEXT: list(TEXTS),
    Kind.DATE: [date(1999, 12, 31) + timedelta(days=days) for days in (0, 1, 2, 9_000)],
}


def _deals(maker: random.Random) -> Iterator[dict[str, Any]]:
    """Each metric is missing in three of ten deals."""
    for _ in range(DEALS):
        yield {
            name: None if maker.random() < 0.3 else maker.choice(POOL[metric.kind])
            for name, metric in METRICS.items()
        }


def _condition(maker: random.Random, metric: Metric) -> ConditionSpec:
    operator = maker.choice(metric.operators)
    pool = POOL[metric.kind]
    value: Any = maker.choice(pool)
    if operator in (Operator.ONE_OF, Operator.NONE_OF):
        value = tuple(maker.sample(pool, 2))
    elif operator is Operator.BETWEEN:
        value = tuple(sorted((value, maker.choice(pool))))
    return ConditionSpec(metric.name, operator, value)


def _rule_set(maker: random.Random) -> RuleSetSpec:
    metrics = list(METRICS.values())
    return RuleSetSpec(
        rules=tuple(
            RuleSpec(
                name=f"rule {number}",
                weight=maker.randint(1, 40),
                match=maker.choice(list(Match)),
                is_knock_out=maker.random() < 0.1,
                conditions=tuple(
                    _condition(maker, maker.choice(metrics)) for _ in range(maker.randint(1, 3))
                ),
                bit=place,
            )
            for number, place in enumerate(maker.sample(range(62), RULES))
        ),
        qualified_from=60,
        review_from=maker.randint(0, 60),
        min_coverage=maker.choice([0, 50]),
        unknown_policy=maker.choice(list(UnknownPolicy)),
    )


def test_millions_of_answers_agree(db: None) -> None:
    maker = random.Random(20_261_124)
    rows = list(_deals(maker))
    columns = ", ".join(f'"{m.name}" {TYPES[m.kind]} NULL' for m in METRICS.values())
    names = ", ".join(f'"{name}"' for name in METRICS)
    marks = ", ".join(["%s"] * (len(METRICS) + 1))
    checked = 0
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {TABLE} (deal_id integer, {columns})")
        cursor.executemany(
            f"INSERT INTO {TABLE} (deal_id, {names}) VALUES ({marks})",
            [
                (number, *(v.isoformat() if isinstance(v, date) else v for v in row.values()))
                for number, row in enumerate(rows)
            ],
        )
        for _ in range(SETS):
            spec = _rule_set(maker)
            compiled = compile_rule_set(spec, table=TABLE, scope=Sql("m.deal_id >= %s", (0,)))
            cursor.execute(compiled.text, compiled.params)
            found = {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
            for number, row in enumerate(rows):
                one = judge(spec, row)
                told = (
                    one.pass_mask, one.unknown_mask, one.score, one.coverage, one.verdict.value
                )  # fmt: skip
                assert found[number] == told, (spec, row)
                checked += len(spec.rules)
    assert checked == DEALS * SETS * RULES

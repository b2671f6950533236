"""The compiled SQL and the plain reading of a rule set agree, on the database under test."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.deals.qualification.compile import Sql, compile_rule_set
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.metrics import METRICS
from apps.deals.qualification.types import Kind, RuleSetSpec
from tests.deals.qualification_strategies import deals, rule_sets

TYPES = {
    Kind.FLOAT: "double precision",
    Kind.INT: "bigint",
    Kind.BOOL: "boolean",
    Kind.TEXT: "varchar(60)",
    Kind.DATE: "date",
}
DEALS_PER_RULE_SET = 25


@pytest.fixture
def metrics_table(db: None) -> str:
    columns = ", ".join(f'"{m.name}" {TYPES[m.kind]} NULL' for m in METRICS.values())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE generated_metrics (deal_id integer, {columns})")
    return "generated_metrics"


def judged_by_sql(table: str, spec: RuleSetSpec, rows: list[dict[str, Any]]) -> dict[int, Any]:
    names = list(METRICS)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        marks = ", ".join(["%s"] * (len(names) + 1))
        listed = ", ".join(f'"{name}"' for name in names)
        cursor.executemany(
            f"INSERT INTO {table} (deal_id, {listed}) VALUES ({marks})",
            [(number, *_cells(row, names)) for number, row in enumerate(rows)],
        )
        compiled = compile_rule_set(spec, table=table, scope=Sql("m.deal_id >= %s", (0,)))
        cursor.execute(compiled.text, compiled.params)
        return {row[0]: tuple(row[1:]) for row in cursor.fetchall()}


def _cells(row: dict[str, Any], names: list[str]) -> list[Any]:
    values = (row.get(name) for name in names)
    return [v.isoformat() if hasattr(v, "isoformat") else v for v in values]


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_sql_and_python_agree_on_every_generated_deal(metrics_table: str, data: Any) -> None:
    spec = data.draw(rule_sets())
    rows = data.draw(st.lists(deals(spec), min_size=10, max_size=DEALS_PER_RULE_SET), label="deals")
    by_sql = judged_by_sql(metrics_table, spec, rows)
    for number, row in enumerate(rows):
        expected = judge(spec, row)
        assert by_sql[number] == (
            expected.pass_mask,
            expected.unknown_mask,
            expected.score,
            expected.coverage,
            expected.verdict.value,
        )

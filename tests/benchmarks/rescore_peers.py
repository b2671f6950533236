"""The same twelve rules in engines that judge one deal at a time.

Each gets the metrics as rows from the ORM, as a user of such an engine would write it. They know no
"unknown": a missing value fails its rule.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from apps.deals.qualification.types import ConditionSpec, Match, Operator, RuleSetSpec, RuleSpec

Row = dict[str, Any]
Judge = Callable[[Row], int]


def peers(spec: RuleSetSpec) -> dict[str, Judge]:
    """Name -> a function that gives the points a deal gets, -1 for one that is knocked out."""
    return {
        "zen-engine": _zen(spec),
        "json-logic": _json_logic(spec),
        "business-rules": _business_rules(spec),
        "Python functions": _functions(spec),
    }


def rows(workspace_id: int, names: list[str], count: int) -> Iterator[Row]:
    from apps.deals.models import DealMetrics

    found = DealMetrics.objects.filter(workspace_id=workspace_id).order_by("deal_id")
    yield from found.values("deal_id", *names)[:count].iterator()


def asked(spec: RuleSetSpec) -> list[str]:
    return sorted({c.metric for rule in spec.rules for c in rule.conditions})


def count_verdicts(judge: Judge, found: Iterator[Row], spec: RuleSetSpec) -> Counter[str]:
    total = spec.total_weight
    counts: Counter[str] = Counter()
    for row in found:
        points = judge(row)
        score = 100 * points / total
        counts["qualified" if score >= 60 else "review" if score >= 40 else "rejected"] += 1
    return counts


def write_verdicts(judge: Judge, found: Iterator[Row], spec: RuleSetSpec) -> None:
    """Judge and store, 1,000 rows at a time."""
    from apps.deals.models import DealScore

    batch: list[DealScore] = []
    for row in found:
        points = judge(row)
        score = max(0, round(100 * points / spec.total_weight))
        verdict = "qualified" if score >= 60 else "review" if score >= 40 else "rejected"
        batch.append(DealScore(deal_id=row["deal_id"], score=score, verdict=verdict))
        if len(batch) == 1000:
            DealScore.objects.bulk_update(batch, ["score", "verdict"])
            batch = []
    if batch:
        DealScore.objects.bulk_update(batch, ["score", "verdict"])


def _functions(spec: RuleSetSpec) -> Judge:
    tests = {
        Operator.MORE_THAN: lambda value, wanted: value > wanted,
        Operator.AT_LEAST: lambda value, wanted: value >= wanted,
        Operator.LESS_THAN: lambda value, wanted: value < wanted,
        Operator.AT_MOST: lambda value, wanted: value <= wanted,
        Operator.IS: lambda value, wanted: value == wanted,
        Operator.ONE_OF: lambda value, wanted: value in wanted,
    }

    def holds(row: Row, condition: ConditionSpec) -> bool:
        value = row[condition.metric]
        return value is not None and tests[condition.operator](value, condition.value)

    def judge(row: Row) -> int:
        points = 0
        for rule in spec.rules:
            answers = (holds(row, condition) for condition in rule.conditions)
            if any(answers) if rule.match is Match.ANY else all(answers):
                points += rule.weight
            elif rule.is_knock_out:
                return -1
        return points

    return judge


_SIGNS = {
    Operator.MORE_THAN: ">",
    Operator.AT_LEAST: ">=",
    Operator.LESS_THAN: "<",
    Operator.AT_MOST: "<=",
    Operator.IS: "==",
}


def _zen(spec: RuleSetSpec) -> Judge:
    import zen

    engine = zen.ZenEngine()

    def condition(one: ConditionSpec) -> str:
        if isinstance(one.value, tuple):
            return f"{one.metric} in {json.dumps(list(one.value))}"
        return f"{one.metric} {_SIGNS[one.operator]} {json.dumps(one.value)}"

    def given(one: ConditionSpec) -> str:
        return f"({one.metric} != null and {condition(one)})"

    def test(rule: RuleSpec) -> str:
        word = " or " if rule.match is Match.ANY else " and "
        return f"({word.join(given(one) for one in rule.conditions)})"

    points = " + ".join(
        f"({test(rule)} ? {rule.weight} : {-1000 if rule.is_knock_out else 0})"
        for rule in spec.rules
    )
    expressions = [{"id": "e", "key": "points", "value": points}]
    decision = engine.create_decision(
        json.dumps(
            {
                "nodes": [
                    {"id": "in", "type": "inputNode", "name": "in", "content": {}},
                    {
                        "id": "x", "type": "expressionNode", "name": "x",
                        "content": {"expressions": expressions},
                    },
                    {"id": "out", "type": "outputNode", "name": "out", "content": {}},
                ],
                "edges": [
                    {"id": "a", "type": "edge", "sourceId": "in", "targetId": "x"},
                    {"id": "b", "type": "edge", "sourceId": "x", "targetId": "out"},
                ],
            }
        )
    )  # fmt: skip
    return lambda row: max(-1, int(decision.evaluate(row)["result"]["points"]))


def _json_logic(spec: RuleSetSpec) -> Judge:
    from json_logic import jsonLogic

    def given(one: ConditionSpec) -> dict[str, Any]:
        held = {"var": one.metric}
        if isinstance(one.value, tuple):
            return {"in": [held, list(one.value)]}
        test = {_SIGNS[one.operator]: [held, one.value]}
        return {"and": [{"!=": [held, None]}, test]}

    def test(rule: RuleSpec) -> dict[str, Any]:
        word = "or" if rule.match is Match.ANY else "and"
        return {word: [given(one) for one in rule.conditions]}

    logic = {
        "+": [
            {"if": [test(rule), rule.weight, -1000 if rule.is_knock_out else 0]}
            for rule in spec.rules
        ]
    }
    return lambda row: max(-1, int(jsonLogic(logic, row)))


def _business_rules(spec: RuleSetSpec) -> Judge:
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_NUMERIC
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    words = {
        Operator.MORE_THAN: "greater_than",
        Operator.AT_LEAST: "greater_than_or_equal_to",
        Operator.LESS_THAN: "less_than",
        Operator.AT_MOST: "less_than_or_equal_to",
    }

    def given(one: ConditionSpec) -> list[dict[str, Any]]:
        if isinstance(one.value, tuple):
            return [
                {"name": one.metric, "operator": "equal_to", "value": part} for part in one.value
            ]
        if one.operator is Operator.IS:
            return [{"name": one.metric, "operator": "is_true", "value": True}]
        return [{"name": one.metric, "operator": words[one.operator], "value": one.value}]

    def tests(rule: RuleSpec) -> dict[str, Any]:
        parts: list[dict[str, Any]] = []
        for one in rule.conditions:
            found = given(one)
            parts.append({"any": found} if len(found) > 1 else found[0])
        return {"any" if rule.match is Match.ANY else "all": parts}

    class Variables(BaseVariables):
        def __init__(self, row: Row) -> None:
            self.row = row

    for rule in spec.rules:
        for one in rule.conditions:
            if isinstance(one.value, tuple):
                kind, blank = string_rule_variable, ""
            elif one.operator is Operator.IS:
                kind, blank = boolean_rule_variable, False
            else:
                kind, blank = numeric_rule_variable, -1e9

            def value(self: Any, name: str = one.metric, blank: Any = blank) -> Any:
                held = self.row[name]
                return blank if held is None else held

            setattr(Variables, one.metric, kind()(value))

    class Actions(BaseActions):
        def __init__(self) -> None:
            self.points = 0

        @rule_action(params={"points": FIELD_NUMERIC})
        def add(self, points: int) -> None:
            self.points += points

    rules = [
        {
            "conditions": tests(rule),
            "actions": [{"name": "add", "params": {"points": rule.weight or 1}}],
        }
        for rule in spec.rules
    ]

    def judge(row: Row) -> int:
        actions = Actions()
        run_all(rules, Variables(row), actions)
        return actions.points

    return judge

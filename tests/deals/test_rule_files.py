"""Rules as files: out and in again, and every bad file refused with a sentence."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.deals.models import Rule, RuleSet
from apps.deals.qualification.shipped import RuleFileRefused, parse_rule_set, write_rule_set

GOOD = """
name: Two rules
rules:
  - name: Equity
    weight: 10
    conditions: [[equity_pct, gt, 20%]]
  - name: Absentee
    weight: 5
    is_knock_out: true
    conditions: [[is_absentee, is, yes]]
"""


def call(*arguments: str) -> str:
    out = StringIO()
    call_command("rules", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_out_and_in_again_is_the_same_set(desk, tmp_path, form):
    exported = call("export", "--workspace", desk.slug, *form)
    path = tmp_path / "rules"
    path.write_text(exported, encoding="utf-8")
    with pytest.raises(CommandError, match="--note"):
        call("import", str(path), "--workspace", desk.slug, "--publish")
    said = call("import", str(path), "--workspace", desk.slug, "--publish", "--note", "A copy")
    assert "judged anew" in said
    assert call("export", "--workspace", desk.slug, *form) == exported
    sets = RuleSet.objects.in_workspace(desk)
    assert sets.count() == 2
    assert sets.filter(is_active=True).count() == 1
    assert sets.get(is_active=True).rescore_from_deal == 0


@pytest.mark.django_db
def test_an_imported_file_is_a_draft(desk, tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert "draft" in call("import", str(path), "--workspace", desk.slug)
    sets = RuleSet.objects.in_workspace(desk)
    assert sets.get(is_active=True).name != "Two rules"
    assert sets.get(name="Two rules").version == 0
    out = call("export", "--workspace", desk.slug, "--name", "Two rules")
    assert parse_rule_set(out) == parse_rule_set(GOOD)
    with pytest.raises(CommandError, match="no version 1"):
        call("export", "--workspace", desk.slug, "--name", "Two rules", "--number", "1")
    assert "name: " in call("export", "--workspace", desk.slug, "--number", "1")


def test_a_file_survives_the_round_trip():
    row = parse_rule_set(GOOD)
    assert row.rules[1].conditions[0].value == "yes"
    assert row.rules[1].is_knock_out
    assert parse_rule_set(write_rule_set(row)) == row
    assert parse_rule_set(write_rule_set(row, as_json=True)) == row


def bad(**changes: object) -> str:
    data = json.loads(write_rule_set(parse_rule_set(GOOD), as_json=True))
    return json.dumps({**data, **changes})


def rule(**changes: object) -> list[dict[str, object]]:
    plain = {"name": "R", "weight": 1, "conditions": [["equity_pct", "gt", "20%"]]}
    return [{**plain, **changes}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "neither YAML nor JSON"),
        ("just words", "list of rules"),
        ("[1, 2]", "list of rules"),
        (bad(name=""), "name"),
        (bad(qualified_from=101), "qualified_from"),
        (bad(review_from="many"), "review_from"),
        (bad(unknown_policy="guess"), "guess"),
        (bad(rules=[]), "add up to zero"),
        (bad(rules=["x"]), "Rule 1 is no rule"),
        (bad(rules=rule(weight=-1)), "weight"),
        (bad(rules=rule(weight=0)), "add up to zero"),
        (bad(rules=rule(conditions=[])), "no condition"),
        (bad(rules=rule(conditions=[["equity_pct", "gt"]])), "metric, operator, value"),
        (bad(rules=rule(conditions=[["shoe_size", "gt", "1"]])), "shoe_size"),
        (bad(rules=rule(conditions=[["equity_pct", "is", "1"]])), "compared by"),
        (bad(rules=rule(conditions=[["equity_pct", "gt", "much"]])), "number"),
        (bad(rules=rule(match="some")), "some"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(text, said):
    with pytest.raises(RuleFileRefused, match=said):
        parse_rule_set(text)


@pytest.mark.django_db
def test_a_bad_file_changes_nothing(desk, tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(bad(rules=rule(weight=0)), encoding="utf-8")
    before = list(Rule.objects.in_workspace(desk).values_list("id", flat=True))
    with pytest.raises(CommandError, match="Nothing was changed"):
        call("import", str(path), "--workspace", desk.slug)
    with pytest.raises(CommandError, match="cannot be read"):
        call("import", str(tmp_path / "none"), "--workspace", desk.slug)
    with pytest.raises(CommandError, match="no workspace"):
        call("export", "--workspace", "nowhere")
    assert list(Rule.objects.in_workspace(desk).values_list("id", flat=True)) == before

"""Metrics that admins make: saved, asked for by rules, frozen by publishing, carried by files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.deals.actions import (
    DerivedMetricInUse,
    delete_derived_metric,
    publish_rule_set,
    roll_back_rule_set,
    save_derived_metric,
    save_rule_set,
    score_deals,
)
from apps.deals.models import Condition, Deal, DealScore, DerivedMetric, Rule, RuleSet
from apps.deals.qualification.formulas import FormulaRefused
from apps.deals.qualification.shipped import RuleFileRefused, parse_rule_set, write_rule_set
from apps.deals.qualification.versions import draft_digest, has_draft_changes, published_spec
from apps.deals.queries.derived import preview_derived
from apps.deals.queries.one import explain_deal
from apps.deals.queries.rule_sets import draft_changes
from apps.events.actions import Actor
from apps.events.catalog.rules import DerivedMetricDeleted, DerivedMetricSaved, RuleSetPublished
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace
from tests.deals.conftest import MakeDeal
from tests.deals.test_admin import change, rule_set_of

pytestmark = pytest.mark.django_db
ADMIN = "/admin/deals/derivedmetric"
PROFIT = {
    "name": "flip_profit",
    "label": "Flip profit",
    "unit": "dollars",
    "formula": "arv - repairs - asking_price",
    "description": "",
}
HOUSE = {
    "est_value_amount": 200_000,
    "building_sqft": 1_000,
    "year_built": 1960,
    "mls_amount": 120_000,
}


@pytest.fixture
def save(desk: Workspace, system: Actor, now: datetime) -> Callable[..., DerivedMetric]:
    def saved(metric: DerivedMetric | None = None, **changes: Any) -> DerivedMetric:
        held = metric or DerivedMetric(workspace=desk, **PROFIT)
        for name, value in changes.items():
            setattr(held, name, value)
        return save_derived_metric(workspace=desk, actor=system, metric=held, now=now)

    return saved


@pytest.fixture
def ask(desk: Workspace, system: Actor, now: datetime) -> Callable[..., RuleSet]:
    """Makes the first rule of the draft ask for the derived metric."""

    def asked(metric: str = "flip_profit", value: str = "30000") -> RuleSet:
        rule_set = RuleSet.objects.in_workspace(desk).get(is_active=True)
        condition = Condition.objects.in_workspace(desk).filter(rule__position=1).get()

        def write() -> None:
            condition.metric, condition.operator, condition.value = metric, "gte", value
            condition.save()

        return save_rule_set(
            workspace=desk, actor=system, rule_set=rule_set, write_rules=write, now=now
        )

    return asked


@pytest.fixture
def publish(desk: Workspace, system: Actor, now: datetime) -> Callable[[RuleSet], None]:
    def published(rule_set: RuleSet) -> None:
        publish_rule_set(
            workspace=desk,
            actor=system,
            rule_set=rule_set,
            note="Ask for profit.",
            seen_digest=draft_digest(rule_set),
            now=now,
        )

    return published


def test_a_saved_metric_is_one_fact(desk: Workspace, save: Callable[..., DerivedMetric]) -> None:
    metric = save()
    [fact] = list_facts(desk.pk, names=[DerivedMetricSaved.name])
    assert fact.payload["formula"] == PROFIT["formula"]
    assert metric.history.count() == 1
    with pytest.raises(FormulaRefused):
        save(formula="flip_profit + 1", metric=metric)
    assert len(list_facts(desk.pk, names=[DerivedMetricSaved.name])) == 1


def test_a_published_rule_keeps_the_formula_it_was_published_with(
    desk: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    save: Callable[..., DerivedMetric],
    ask: Callable[..., RuleSet],
    publish: Callable[[RuleSet], None],
) -> None:
    metric = save()
    publish(ask())
    deal = make_deal(desk, **HOUSE)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    score = DealScore.objects.get(deal=deal)
    # 200,000 − 35,000 − 120,000 = 45,000
    assert score.pass_mask & 1
    held = Deal.objects.in_workspace(desk).select_related("metrics", "score").get(pk=deal.pk)
    explained = explain_deal(desk, held)
    assert explained is not None
    assert explained.rules[0].sentence == (
        "Flip profit is $45,000 (estimate); asked for: at least $30,000."
    )

    save(metric=metric, formula="arv - repairs - asking_price - 20000")
    rule_set = RuleSet.objects.in_workspace(desk).select_related("published").get(is_active=True)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    assert DealScore.objects.get(deal=deal).pass_mask & 1
    assert has_draft_changes(rule_set)
    [told] = draft_changes(rule_set)
    assert (told.what, told.after) == (
        "Flip profit: formula",
        "arv - repairs - asking_price - 20000",
    )
    publish(rule_set)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    assert not DealScore.objects.get(deal=deal).pass_mask & 1
    first, second = list_facts(desk.pk, names=[RuleSetPublished.name], newest_first=False)[-2:]
    assert first.payload["content"]["derived"][0]["formula"] == PROFIT["formula"]
    assert first.payload["digest"] != second.payload["digest"]


def test_going_back_brings_a_deleted_metric_back(
    desk: Workspace,
    system: Actor,
    now: datetime,
    save: Callable[..., DerivedMetric],
    ask: Callable[..., RuleSet],
    publish: Callable[[RuleSet], None],
) -> None:
    metric = save()
    publish(ask())
    publish(ask("equity_pct", "20%"))
    delete_derived_metric(workspace=desk, actor=system, metric=metric, now=now)
    [fact] = list_facts(desk.pk, names=[DerivedMetricDeleted.name])
    assert fact.payload["metric"] == "flip_profit"
    rule_set = RuleSet.objects.in_workspace(desk).get(is_active=True)
    roll_back_rule_set(
        workspace=desk, actor=system, rule_set=rule_set, to=2, note="Back again.", now=now
    )
    assert DerivedMetric.objects.in_workspace(desk).get().formula == PROFIT["formula"]
    rule_set = RuleSet.objects.in_workspace(desk).select_related("published").get(is_active=True)
    assert not has_draft_changes(rule_set)
    assert published_spec(rule_set).rules[0].conditions[0].derived is not None


def test_what_a_draft_or_another_metric_asks_for_cannot_go(
    desk: Workspace,
    system: Actor,
    now: datetime,
    save: Callable[..., DerivedMetric],
    ask: Callable[..., RuleSet],
) -> None:
    metric = save()
    save(DerivedMetric(**{**PROFIT, "name": "margin", "formula": "flip_profit / arv"}))
    ask()
    with pytest.raises(DerivedMetricInUse) as refused:
        delete_derived_metric(workspace=desk, actor=system, metric=metric, now=now)
    assert "“Classic wholesale: Enough equity”" in str(refused.value)
    assert "“margin”" in str(refused.value)


def test_a_preview_shows_real_deals(
    desk: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    save: Callable[..., DerivedMetric],
) -> None:
    save()
    assert preview_derived(desk, "flip_profit") == []
    deals = [make_deal(desk, **HOUSE), make_deal(desk)]
    score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
    values = [value for _, value in preview_derived(desk, "flip_profit")]
    assert values == ["not known", "$45,000"]


FILE = """
name: Own
derived:
  - {name: margin, label: Margin, unit: percent, formula: flip_profit / arv}
  - {name: flip_profit, label: Flip profit, unit: dollars, formula: arv - repairs - asking_price}
rules:
  - name: Margin
    weight: 10
    conditions: [[margin, between, 10% to 50%]]
"""


def test_a_file_carries_the_metrics_its_rules_ask_for(
    desk: Workspace, tmp_path: Path, save: Callable[..., DerivedMetric]
) -> None:
    row = parse_rule_set(FILE)
    assert parse_rule_set(write_rule_set(row)) == row
    assert parse_rule_set(write_rule_set(row, as_json=True)) == row
    path = tmp_path / "own.yaml"
    path.write_text(FILE, encoding="utf-8")
    call_command("rules", "import", str(path), "--workspace", desk.slug, stdout=StringIO())
    assert DerivedMetric.objects.in_workspace(desk).count() == 2
    out = StringIO()
    call_command("rules", "export", "--name", "Own", "--workspace", desk.slug, stdout=out)
    exported = parse_rule_set(out.getvalue())
    assert exported.rules == row.rules
    assert {own.name: own.formula for own in exported.derived} == {
        own.name: own.formula for own in row.derived
    }
    path.write_text(FILE.replace("arv - repairs", "arv - 2 * repairs"), encoding="utf-8")
    with pytest.raises(CommandError, match="Rename one of them"):
        call_command("rules", "import", str(path), "--workspace", desk.slug, stdout=StringIO())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: margin", "name: arv", "is a metric of Dealwright"),
        ("unit: percent", "unit: pints", "the unit is empty or one of"),
        ("flip_profit / arv", "margin / arv", "circle"),
        ("flip_profit / arv", "flip_profit / 0", "divides by zero"),
        ("name: margin,", "name: flip_profit,", "a name of its own"),
        ("[margin, between", "[margins, between", "There is no metric 'margins'"),
        ("10% to 50%", "50% to 10%", "write the lower end first"),
        ("10% to 50%]", "10% to 20%], [margin, gt, 30%]", "the range is empty"),
    ],
)
def test_a_file_with_bad_metrics_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(RuleFileRefused, match=said):
        parse_rule_set(FILE.replace(old, new))


@pytest.fixture
def admin_client(desk: Workspace, make_user: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(make_user(desk, "admin", is_staff=True))
    return client


def test_an_admin_makes_asks_for_and_changes_a_metric(
    desk: Workspace, admin_client: Client
) -> None:
    page = admin_client.get(f"{ADMIN}/add/").content.decode()
    assert "mao_headroom" in page
    assert admin_client.post(f"{ADMIN}/add/", PROFIT).status_code == 302
    metric = DerivedMetric.objects.in_workspace(desk).get()
    rule_set = rule_set_of(desk)
    form = admin_client.get(f"/admin/deals/ruleset/{rule_set.pk}/change/").content.decode()
    assert 'label="Your own"' in form
    asked = {
        "rules-0-conditions-0-metric": "flip_profit",
        "rules-0-conditions-0-operator": "between",
        "rules-0-conditions-0-value": "20000..50000",
    }
    refused = change(admin_client, rule_set, **{**asked, "rules-0-conditions-0-value": "20%..30%"})
    assert "is no percentage" in refused.content.decode()
    assert change(admin_client, rule_set, **asked).status_code == 302
    again = {name: value for name, value in PROFIT.items() if name != "name"}
    answer = admin_client.post(
        f"{ADMIN}/{metric.pk}/change/", {**again, "formula": "arv - asking_price"}, follow=True
    )
    assert "ask by the new formula from now on" in answer.content.decode()
    answer = admin_client.post(f"{ADMIN}/{metric.pk}/delete/", {"post": "yes"}, follow=True)
    assert "Change those first; nothing was" in answer.content.decode()
    assert DerivedMetric.objects.in_workspace(desk).exists()
    Rule.objects.in_workspace(desk).filter(conditions__metric="flip_profit").delete()
    admin_client.post(f"{ADMIN}/{metric.pk}/delete/", {"post": "yes"})
    assert not DerivedMetric.objects.in_workspace(desk).exists()
    assert len(list_facts(desk.pk, names=[DerivedMetricDeleted.name])) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "arv"}, "is a metric of Dealwright"),
        ({"name": "Flip"}, "small letters, digits and _"),
        ({"formula": "arv - is_vacant"}, "is a yes or no, not a number"),
        ({"formula": "arv / (2 - 2)"}, "it divides by zero"),
        ({"formula": "flip_profit + arv"}, "is a circle, which has no value"),
        ({"formula": "arv - profits"}, "there is no metric “profits”"),
        ({"formula": ""}, "This field is required."),
    ],
)
def test_a_metric_that_cannot_be_is_refused_at_its_field(
    desk: Workspace, admin_client: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = admin_client.post(f"{ADMIN}/add/", {**PROFIT, **changes})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not DerivedMetric.objects.in_workspace(desk).exists()


def test_a_name_is_given_once(desk: Workspace, admin_client: Client) -> None:
    admin_client.post(f"{ADMIN}/add/", PROFIT)
    answer = admin_client.post(f"{ADMIN}/add/", PROFIT)
    assert "You have a metric “flip_profit” already." in answer.content.decode()


def test_others_have_their_own_metrics(
    desk: Workspace, other_workspace: Workspace, save: Callable[..., DerivedMetric], make_user: Any
) -> None:
    metric = save()
    client = Client()
    client.force_login(make_user(other_workspace, "admin", is_staff=True))
    assert client.get(f"{ADMIN}/{metric.pk}/change/").status_code == 302
    assert preview_derived(other_workspace, "flip_profit") == []

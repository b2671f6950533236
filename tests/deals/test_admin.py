from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from apps.deals.actions import due_rule_sets, score_deals
from apps.deals.models import Condition, DealScore, EstimatePolicy, Rule, RuleSet, Stage
from apps.deals.qualification.versions import has_draft_changes
from apps.events.actions import Actor
from apps.events.catalog.deals import StageSaved
from apps.events.catalog.judging import EstimatePolicySaved
from apps.events.catalog.rules import RuleSetSaved
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal

ADMIN = "/admin/deals"


@pytest.fixture
def admin_client(desk: Workspace, make_user: Callable[..., Any]) -> Client:
    client = Client()
    client.force_login(make_user(desk, "admin", is_staff=True))
    return client


def rule_set_of(workspace: Workspace) -> RuleSet:
    return RuleSet.objects.in_workspace(workspace).get(is_active=True)


def posted(rule_set: RuleSet, **changes: Any) -> dict[str, Any]:
    """The change form of a rule set as a browser would send it back, with `changes`."""
    data: dict[str, Any] = {
        "name": rule_set.name,
        "description": rule_set.description,
        "qualified_from": rule_set.qualified_from,
        "review_from": rule_set.review_from,
        "min_coverage": rule_set.min_coverage,
        "unknown": rule_set.unknown,
    }
    rules = list(rule_set.rules.all())
    data |= _management("rules", len(rules), len(rules))
    for number, rule in enumerate(rules):
        data |= _rule(f"rules-{number}", rule)
    return {key: value for key, value in {**data, **changes}.items() if value is not None}


def _management(prefix: str, total: int, initial: int) -> dict[str, Any]:
    return {
        f"{prefix}-TOTAL_FORMS": total,
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }


def _rule(prefix: str, rule: Rule) -> dict[str, Any]:
    data = {
        f"{prefix}-id": rule.pk,
        f"{prefix}-rule_set": rule.rule_set_id,
        f"{prefix}-name": rule.name,
        f"{prefix}-weight": rule.weight,
        f"{prefix}-position": rule.position,
        f"{prefix}-join": rule.join,
    }
    data |= {
        f"{prefix}-{name}": "on" for name in ("is_knock_out", "is_active") if getattr(rule, name)
    }
    conditions = list(rule.conditions.all())
    data |= _management(f"{prefix}-conditions", len(conditions), len(conditions))
    for number, condition in enumerate(conditions):
        inner = f"{prefix}-conditions-{number}"
        data |= {
            f"{inner}-id": condition.pk,
            f"{inner}-rule": rule.pk,
            f"{inner}-metric": condition.metric,
            f"{inner}-operator": condition.operator,
            f"{inner}-value": condition.value,
        }
    return data


def change(client: Client, rule_set: RuleSet, **changes: Any) -> Any:
    url = f"{ADMIN}/ruleset/{rule_set.pk}/change/"
    return client.post(url, posted(rule_set, **changes))


def test_rules_are_saved_as_a_draft_with_one_fact_and_no_deal_moves(
    desk: Workspace, admin_client: Client, now: datetime, system: Actor, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk, **GOOD_LEAD)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    rule_set = rule_set_of(desk)
    RuleSet.across_workspaces.update(rescore_from_deal=None, judged_on=now.date())
    changes = {"rules-0-weight": 60, "rules-0-conditions-0-value": "40%"}
    assert change(admin_client, rule_set, **changes).status_code == 302
    rule_set.refresh_from_db()
    assert (rule_set.version, due_rule_sets(now)) == (1, [])
    assert has_draft_changes(rule_set)
    rule = rule_set.rules.get(position=1)
    assert (rule.weight, rule.conditions.get().value) == (60, "40%")
    [fact] = list_facts(desk.pk, names=[RuleSetSaved.name])
    assert fact.payload["rules"][0]["conditions"] == [["equity_pct", "gt", "40%"]]
    assert rule.history.order_by("-history_id")[0].history_change_reason.endswith("save_rule_set")


def test_a_new_rule_with_its_condition_is_added(desk: Workspace, admin_client: Client) -> None:
    rule_set = rule_set_of(desk)
    count = rule_set.rules.count()
    new = f"rules-{count}"
    changes = {
        "rules-TOTAL_FORMS": count + 1,
        f"{new}-id": "",
        f"{new}-rule_set": rule_set.pk,
        f"{new}-name": "Big house",
        f"{new}-weight": 5,
        f"{new}-position": 20,
        f"{new}-join": "all",
        f"{new}-is_active": "on",
        **_management(f"{new}-conditions", 1, 0),
        f"{new}-conditions-0-metric": "bedrooms",
        f"{new}-conditions-0-operator": "gte",
        f"{new}-conditions-0-value": "5",
    }
    assert change(admin_client, rule_set, **changes).status_code == 302
    condition = Condition.objects.in_workspace(desk).get(metric="bedrooms")
    assert (condition.rule.name, condition.rule.workspace) == ("Big house", desk)


def test_a_new_rule_is_offered_the_place_after_the_last(
    desk: Workspace, admin_client: Client
) -> None:
    rule_set = rule_set_of(desk)
    last = max(rule.position for rule in rule_set.rules.all())
    html = admin_client.get(f"{ADMIN}/ruleset/{rule_set.pk}/change/").content.decode()
    field = html[html.index('name="rules-__prefix__-position"') - 200 :][:800]
    assert f'value="{last + 1}"' in field


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rules-0-conditions-0-value": "20"}, "Write 20% or the fraction 0.2."),
        ({"rules-0-conditions-0-operator": "is"}, "“Equity” is compared by “more than”"),
        (
            {"rules-0-conditions-0-metric": "is_vacant", "rules-0-conditions-0-operator": "is"},
            "Write yes or no.",
        ),
        (
            {
                "rules-0-conditions-0-operator": "between",
                "rules-0-conditions-0-value": "40% to 20%",
            },
            "No value lies between 40% and 20%: write the lower end first.",
        ),
        (
            {
                "rules-0-conditions-TOTAL_FORMS": 2,
                "rules-0-conditions-1-metric": "equity_pct",
                "rules-0-conditions-1-operator": "lt",
                "rules-0-conditions-1-value": "10%",
            },
            "No deal has Equity more than 20% and less than 10% at once: the range is empty.",
        ),
        ({"rules-0-conditions-0-DELETE": "on"}, "Give this rule at least one condition."),
        ({f"rules-{n}-weight": 0 for n in range(7)}, "add up to zero"),
        ({"review_from": 99}, "Review cannot start above"),
        ({"qualified_from": 101}, "At most 100."),
    ],
)
def test_rules_that_cannot_be_are_refused_at_the_field(
    desk: Workspace, admin_client: Client, changes: dict[str, Any], sentence: str
) -> None:
    rule_set = rule_set_of(desk)
    answer = change(admin_client, rule_set, **changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    rule_set.refresh_from_db()
    assert rule_set.version == 1
    assert not list_facts(desk.pk, names=[RuleSetSaved.name])


def test_another_set_is_in_use_once_it_is_published(
    desk: Workspace, admin_client: Client, publish_draft: Any
) -> None:
    first = rule_set_of(desk)
    data = {
        "name": "Second",
        "description": "",
        "qualified_from": 50,
        "review_from": 20,
        "min_coverage": 0,
        "unknown": "ask",
        **_management("rules", 1, 0),
        "rules-0-name": "Equity",
        "rules-0-weight": 1,
        "rules-0-position": 1,
        "rules-0-join": "all",
        "rules-0-is_active": "on",
        **_management("rules-0-conditions", 1, 0),
        "rules-0-conditions-0-metric": "equity_pct",
        "rules-0-conditions-0-operator": "gt",
        "rules-0-conditions-0-value": "50%",
    }
    assert admin_client.post(f"{ADMIN}/ruleset/add/", data).status_code == 302
    second = RuleSet.objects.in_workspace(desk).get(name="Second")
    assert (second.version, second.is_active, rule_set_of(desk)) == (0, False, first)
    publish_draft(second)
    first.refresh_from_db()
    assert not first.is_active
    assert rule_set_of(desk).name == "Second"


def test_estimates_and_stages_are_saved_through_actions(
    desk: Workspace, admin_client: Client
) -> None:
    policy = EstimatePolicy.objects.in_workspace(desk).get()
    data = {
        "arv_share_of_value": 0.9,
        "mao_share_of_arv": 0.75,
        "rent_share_of_value": 0.01,
        "market_rate_pct": 0.065,
        "loan_term_years": 30,
        "tax_insurance_share_of_value": 0.02,
        "repair_per_sqft_new": 10,
        "mid_age_years": 20,
        "repair_per_sqft_mid": 20,
        "old_age_years": 10,
        "repair_per_sqft_old": 30,
    }
    url = f"{ADMIN}/estimatepolicy/{policy.pk}/change/"
    refused = admin_client.post(url, data)
    assert "Old must begin after the middle age." in refused.content.decode()
    for name, sentence in (
        ("rent_share_of_value", "0.008 is 0.8% a month."),
        ("market_rate_pct", "0.07 is 7% a year."),
        ("mao_share_of_arv", "0.70 is the 70% rule."),
        ("loan_term_years", "From 1 to 50 years."),
    ):
        assert sentence in admin_client.post(url, {**data, name: 700}).content.decode()
    assert admin_client.post(url, {**data, "old_age_years": 50}).status_code == 302
    stage = Stage.objects.in_workspace(desk).get(kind="offered")
    url = f"{ADMIN}/stage/{stage.pk}/change/"
    assert admin_client.post(url, {"label": "Paper out", "position": 3}).status_code == 302
    names = [EstimatePolicySaved.name, StageSaved.name]
    assert len(list_facts(desk.pk, names=names)) == 2
    history = admin_client.get(f"{ADMIN}/stage/{stage.pk}/history/").content.decode()
    assert "save_stage" in history


@pytest.mark.parametrize(
    "model", ["ruleset", "estimatepolicy", "stage", "deal", "property", "dealscore", "leadimport"]
)
def test_lists_open_for_admins_and_hide_other_workspaces(
    desk: Workspace,
    other_workspace: Workspace,
    admin_client: Client,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    deliver: Any,
    model: str,
) -> None:
    deliver()
    there = make_deal(other_workspace, line="66 Foreign St", **GOOD_LEAD)
    score_deals(workspace=other_workspace, actor=system, deals=[there.public_id], now=now)
    page = admin_client.get(f"{ADMIN}/{model}/")
    assert page.status_code == 200
    assert "66 Foreign St" not in page.content.decode()
    foreign = rule_set_of(other_workspace)
    assert admin_client.get(f"{ADMIN}/ruleset/{foreign.pk}/change/").status_code == 302


def test_deals_and_scores_are_read_only(
    desk: Workspace, admin_client: Client, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk, **GOOD_LEAD)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    pages = (("deal", deal.pk), ("property", deal.property_id), ("dealscore", deal.pk))
    for model, pk in pages:
        url = f"{ADMIN}/{model}/{pk}/change/"
        assert admin_client.get(url).status_code == 200
        assert admin_client.post(url, {"score": 1}).status_code == 403
    assert DealScore.objects.get().score == 100
    assert admin_client.get(f"{ADMIN}/deal/{deal.pk}/history/").status_code == 200


def test_staff_of_a_low_role_sees_no_rules(desk: Workspace, make_user: Callable[..., Any]) -> None:
    client = Client()
    client.force_login(make_user(desk, "acquisitions", is_staff=True))
    rule_set = rule_set_of(desk)
    assert client.get(f"{ADMIN}/ruleset/{rule_set.pk}/change/").status_code in (302, 403)
    assert client.get(f"{ADMIN}/ruleset/").status_code == 403

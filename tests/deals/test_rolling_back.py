"""Back to what an older version said, and what was in force when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.deals.actions import (
    PublishRefused,
    roll_back_rule_set,
    save_rule_set,
)
from apps.deals.models import DealScore, Rule
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.versions import (
    has_draft_changes,
    published_spec,
    row_of,
    version_in_force,
)
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal
from tests.deals.rule_drafts import SaveDraft, equity, rescore, rules_of

pytestmark = pytest.mark.django_db


def test_rolling_back_is_a_new_version_and_the_draft_follows(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = rules_of(desk)
    before = published_spec(rule_set)
    gone = equity(rule_set).rule

    def write() -> None:
        gone.delete()
        rule = Rule.objects.create(
            workspace=desk, rule_set=rule_set, name="In Ohio", weight=3, position=0
        )
        rule.conditions.create(workspace=desk, metric="state", operator="is", value="oh")

    save_rule_set(workspace=desk, actor=system, rule_set=rule_set, write_rules=write, now=now)
    second = publish_draft(rule_set)
    assert [rule["bit"] for rule in second.content["rules"]] == [8, 1, 2, 3, 4, 5, 6, 7]
    back = roll_back_rule_set(
        workspace=desk, actor=system, rule_set=rule_set, to=1, note="Too strict", now=now
    )
    rule_set = rules_of(desk)
    assert (back.number, back.restores.number, rule_set.published) == (3, 1, back)
    assert published_spec(rule_set) == before
    assert not has_draft_changes(rule_set)
    names = list(rule_set.rules.values_list("name", "bit", "public_id"))
    assert names[0] == ("Enough equity", 0, gone.public_id)
    assert "In Ohio" not in [name for name, _, _ in names]


def test_rolling_back_keeps_a_draft_that_was_never_published(
    desk: Workspace, system: Actor, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = rules_of(desk)
    publish_draft(save_draft(rule_set, qualified_from=90))
    save_draft(rule_set, qualified_from=95)
    roll_back_rule_set(
        workspace=desk, actor=system, rule_set=rule_set, to=1, note="Too strict", now=now
    )
    rule_set.refresh_from_db()
    assert rule_set.qualified_from == 95
    assert row_of(rule_set.published.content).qualified_from == 85
    assert has_draft_changes(rule_set)


@pytest.mark.parametrize(("to", "said"), [(1, "says the same as version 1"), (9, "no version 9")])
def test_there_must_be_something_to_roll_back_to(
    desk: Workspace, system: Actor, now: datetime, to: int, said: str
) -> None:
    with pytest.raises(PublishRefused, match=said):
        roll_back_rule_set(
            workspace=desk, actor=system, rule_set=rules_of(desk), to=to, note="Back", now=now
        )


def test_the_version_in_force_goes_by_the_clock(
    desk: Workspace, now: datetime, save_draft: SaveDraft, publish_draft: Any
) -> None:
    rule_set = save_draft(rules_of(desk), qualified_from=90)
    later = now + timedelta(days=3)
    publish_draft(rule_set, at=later)
    asked = [now - timedelta(days=1), now, later - timedelta(seconds=1), later]
    found = [version_in_force(rule_set, at) for at in asked]
    assert [version and version.number for version in found] == [None, 1, 1, 2]


def scores() -> list[tuple[object, ...]]:
    columns = ("deal_id", "score", "coverage", "verdict", "pass_mask", "unknown_mask")
    return list(DealScore.objects.order_by("deal_id").values_list(*columns))


def test_a_new_version_judges_like_its_rules_and_rolling_back_restores_every_score(
    desk: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    save_draft: SaveDraft,
    publish_draft: Any,
) -> None:
    for loan in (0, 60_000, 150_000, 190_000, None):
        make_deal(desk, **{**GOOD_LEAD, "loan_balance_amount": loan})
    rescore(system, now)
    before, rule_set = scores(), rules_of(desk)
    publish_draft(save_draft(rule_set, equity_more_than="60%"))
    rule_set.refresh_from_db()
    assert rule_set.rescore_base is not None
    rescore(system, now)
    spec, after = published_spec(rules_of(desk)), scores()
    for held in DealScore.objects.select_related("deal__metrics"):
        judged = judge(spec, vars(held.deal.metrics))
        assert (held.score, held.verdict) == (judged.score, judged.verdict.value)
        assert (held.pass_mask, held.unknown_mask) == (judged.pass_mask, judged.unknown_mask)
    assert after != before
    roll_back_rule_set(workspace=desk, actor=system, rule_set=rule_set, to=1, note="Back", now=now)
    rescore(system, now)
    assert scores() == before

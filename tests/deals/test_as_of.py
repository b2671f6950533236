"""How a deal stood judged on a day in the past."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.deals.actions import save_rule_set
from apps.deals.models import Deal, RuleSet
from apps.deals.queries.as_of import judgement_as_of
from apps.events.actions import Actor, action
from apps.events.catalog.deals import DealScored
from apps.events.publish import publish
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@action
def tell_score(
    *, workspace: Workspace, actor: Actor, deal: Deal, now: datetime, **values: Any
) -> None:
    rule_set = RuleSet.objects.in_workspace(workspace).get()
    fact = {
        "score": 90,
        "verdict": "qualified",
        "coverage": 80,
        "rule_set": rule_set.public_id,
        "rule_set_version": rule_set.version,
        "previous_verdict": "",
        "from_stage": "",
        "to_stage": "",
        **values,
    }
    publish(
        DealScored(subject=deal.public_id, **fact),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


def test_each_day_tells_what_held_when_it_ended(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal, publish_draft: Any
) -> None:
    deal = make_deal(desk, **GOOD_LEAD)
    say = {"workspace": desk, "actor": system, "deal": deal}
    tell_score(**say, now=now)
    tell_score(
        **say, now=now + 2 * DAY, score=40, verdict="review", pass_mask=0b101, unknown_mask=0b10
    )
    rule_set = RuleSet.objects.in_workspace(desk).get()
    rule_set.qualified_from = 95
    save_rule_set(
        workspace=desk, actor=system, rule_set=rule_set, write_rules=lambda: None, now=now
    )
    publish_draft(rule_set, at=now + 3 * DAY)

    assert judgement_as_of(desk, deal, date(2026, 11, 19)) is None
    assert judgement_as_of(desk, deal, now) is None
    first = judgement_as_of(desk, deal, date(2026, 11, 20))
    assert first is not None
    assert (first.verdict, first.score, first.rules) == ("qualified", 90, None)
    third = judgement_as_of(desk, deal, date(2026, 11, 22))
    assert third is not None
    assert (third.verdict, third.number, third.in_force.number) == ("review", 1, 1)
    truths = [(rule.name, str(rule.truth)) for rule in third.rules[:4]]
    assert truths == [
        ("Enough equity", "passed"),
        ("Repairs under 30% of ARV", "unknown"),
        ("Motivated seller", "passed"),
        ("Absentee owner", "failed"),
    ]
    assert third.rules[0].demand == "Equity: more than 20%"
    later = judgement_as_of(desk, deal, now + 3 * DAY + timedelta(seconds=1))
    assert later is not None
    assert (later.number, later.judged_by.number, later.in_force.number) == (1, 1, 2)


def test_a_day_ends_at_midnight_of_the_workspace(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk)
    desk.time_zone = "America/Los_Angeles"
    evening = datetime.fromisoformat("2026-11-21T07:30:00+00:00")
    tell_score(workspace=desk, actor=system, deal=deal, now=evening)
    assert judgement_as_of(desk, deal, date(2026, 11, 20)) is not None
    assert judgement_as_of(desk, deal, date(2026, 11, 19)) is None


def test_a_version_that_was_never_kept_is_named_by_its_number(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk)
    tell_score(workspace=desk, actor=system, deal=deal, now=now, rule_set_version=77, pass_mask=1)
    found = judgement_as_of(desk, deal, now + DAY)
    assert found is not None
    assert (found.number, found.judged_by, found.rules) == (77, None, None)

"""Rows and facts for Today, written the way the product writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from apps.events.actions import action
from apps.events.publish import publish_many


@action
def say(*, workspace, actor, facts, now) -> None:
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)


@pytest.fixture
def tell(system, now) -> Callable[..., None]:
    """tell(workspace, fact, fact, …, at=…) stores facts as one action would."""

    def write(workspace, *facts, at=now) -> None:
        say(workspace=workspace, actor=system, facts=facts, now=at)

    return write


@pytest.fixture
def make_deal(db, now) -> Callable[..., object]:
    """make_deal(workspace, line, score=…, verdict=…, stage=…) -> a deal with its seller."""
    from apps.contacts.models import Contact
    from apps.deals.models import Deal, DealScore, Property, RuleSet, Stage

    def make(workspace, line="1 Elm St", *, score=80, verdict="qualified", stage="qualified"):
        column, _ = Stage.objects.in_workspace(workspace).get_or_create(
            kind=stage, defaults={"workspace": workspace, "label": stage, "position": 1}
        )
        rules, _ = RuleSet.objects.in_workspace(workspace).get_or_create(
            is_active=True, defaults={"workspace": workspace, "name": "Classic"}
        )
        seller = Contact.objects.create(
            workspace=workspace, name=f"Owner of {line}", match_key=uuid4().hex
        )
        place = Property.objects.create(
            workspace=workspace, line=line, city="New Haven", state="CT", address_key=line
        )
        deal = Deal.objects.create(
            workspace=workspace, property=place, stage=column, seller=seller, stage_entered_at=now
        )
        DealScore.objects.create(
            deal=deal,
            workspace_id=workspace.pk,
            rule_set=rules,
            rule_set_version=1,
            score=score,
            coverage=100,
            verdict=verdict,
        )
        return deal

    return make


@pytest.fixture
def today_on(monkeypatch, now) -> date:
    """The page's clock stands at `now`."""
    monkeypatch.setattr("apps.common.clock.now", lambda: now)
    return now.date()

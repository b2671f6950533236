"""A deal names the version that judged it, and how it stood on a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from apps.deals.models import DealScore, RuleSet
from apps.events.actions import Actor
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal
from tests.deals.rule_drafts import SaveDraft, rescore

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def rule_set(desk: Workspace) -> RuleSet:
    return RuleSet.objects.in_workspace(desk).get()


def url(rule_set: RuleSet, rest: str = "") -> str:
    return f"/rules/{rule_set.public_id}/{rest}"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_deal_tells_which_version_judged_it_and_how_it_stood(
    monkeypatch: pytest.MonkeyPatch,
    signed_in: Any,
    desk: Workspace,
    rule_set: RuleSet,
    save_draft: SaveDraft,
    publish_draft: Any,
    make_deal: MakeDeal,
    system: Actor,
    now: datetime,
) -> None:
    deal = make_deal(desk, **GOOD_LEAD)
    rescore(system, now)
    client = signed_in(desk)
    page = f"/deals/{deal.public_id}/"
    first = url(rule_set, "versions/1/")
    assert f'<a href="{first}">Classic wholesale v1</a>' in text(client.get(page))
    publish_draft(save_draft(rule_set, min_coverage=100))
    waiting = text(client.get(page))
    assert f'<a href="{first}">Classic wholesale v1</a>' in waiting
    assert "Classic wholesale v2 was published since" in waiting
    rescore(system, now)
    assert url(rule_set, "versions/2/") in text(client.get(page))
    monkeypatch.setattr("apps.common.clock.now", lambda: now)
    panel = text(client.get(f"{page}as-of/?day=2026-11-20", **HTMX))
    assert "Score 100 of 100, review" in panel
    assert "Enough equity</strong> passed" in panel
    before = client.get(f"{page}as-of/?day=2026-11-19", **HTMX)
    assert "No score yet" in text(before)
    later = text(client.get(f"{page}as-of/?day=2026-11-21", **HTMX))
    assert "That day is still to come." in later
    assert "Score 100 of 100" not in later
    wrong = client.get(f"{page}as-of/?day=never")
    assert (wrong.status_code, "Write the day as" in text(wrong)) == (422, True)
    assert client.get(f"{page}as-of/").status_code == 200


def test_every_deal_says_the_newest_version_once_all_are_judged(
    signed_in: Any,
    desk: Workspace,
    rule_set: RuleSet,
    save_draft: SaveDraft,
    publish_draft: Any,
    make_deal: MakeDeal,
    system: Actor,
    now: datetime,
) -> None:
    """A score that no rule moved is not written again, and was judged all the same."""
    deal = make_deal(desk, **GOOD_LEAD)
    rescore(system, now)
    publish_draft(save_draft(rule_set, qualified_from=86))
    rescore(system, now)
    assert DealScore.objects.get().rule_set_version == 1
    page = text(signed_in(desk).get(f"/deals/{deal.public_id}/"))
    assert "Classic wholesale v2</a>: qualified from 86" in page

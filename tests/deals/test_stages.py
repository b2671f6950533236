from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from apps.deals.actions import (
    AssigneeNotMember,
    DealNotMovable,
    advance_deal,
    assign_deal,
    move_deal,
    score_deals,
)
from apps.deals.models import Deal, Stage
from apps.deals.rules import BrokenStory, DealState, business_day, fold, next_stage, status_of
from apps.events.actions import Actor, action
from apps.events.catalog.contacts import ContactResponded
from apps.events.catalog.deals import DealMoved
from apps.events.catalog.offers import OfferAccepted
from apps.events.publish import publish
from apps.events.queries import list_facts
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal


def stage(workspace: Workspace, kind: str) -> Stage:
    return Stage.objects.in_workspace(workspace).get(kind=kind)


@pytest.mark.parametrize(
    ("current", "wanted", "after"),
    [
        ("new", "qualified", "qualified"),
        ("offered", "qualified", None),
        ("qualified", "qualified", None),
        ("under_contract", "in_conversation", None),
        ("dead", "offered", None),
        ("dead", "under_contract", "under_contract"),
        ("closed", "under_contract", None),
        ("in_conversation", "dead", "dead"),
        ("under_contract", "dead", None),
    ],
)
def test_automations_only_carry_forward(current: str, wanted: str, after: str | None) -> None:
    assert next_stage(current, wanted) == after


def test_a_story_folds_to_its_last_stage_and_refuses_contradictions() -> None:
    opened = ("deals.deal_opened.v1", {"stage": "new", "status": "open"})
    scored = ("deals.deal_scored.v1", {"from_stage": "", "to_stage": ""})
    moved = ("deals.deal_moved.v1", {"from_stage": "new", "to_stage": "closed"})
    assert fold([]) is None
    assert fold([opened, scored, moved]) == DealState("closed", "won")
    with pytest.raises(BrokenStory, match="stood in “closed”"):
        fold([opened, moved, moved])
    with pytest.raises(BrokenStory, match="opened twice"):
        fold([opened, opened])


def test_a_person_moves_a_deal_with_a_reason(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk)
    dead = stage(desk, "dead")
    with pytest.raises(DealNotMovable, match="Say why"):
        move_deal(workspace=desk, actor=system, deal=deal, to=dead, reason=" ", now=now)
    moved = move_deal(workspace=desk, actor=system, deal=deal, to=dead, reason="Sold", now=now)
    assert (moved.stage.kind, moved.status) == ("dead", "lost")
    again = move_deal(workspace=desk, actor=system, deal=deal, to=dead, reason="Sold", now=now)
    assert again.stage == dead
    [fact] = list_facts(desk.pk, names=[DealMoved.name])
    assert fact.payload == {
        "from_stage": "new",
        "to_stage": "dead",
        "status": "lost",
        "reason": "Sold",
    }


def test_a_foreign_stage_is_refused(
    desk: Workspace,
    other_workspace: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    deliver: Any,
) -> None:
    deliver()
    deal = make_deal(desk)
    with pytest.raises(DealNotMovable, match="another workspace"):
        move_deal(
            workspace=desk,
            actor=system,
            deal=deal,
            to=stage(other_workspace, "dead"),
            reason="x",
            now=now,
        )


def test_renaming_a_stage_breaks_no_automation(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deal = make_deal(desk)
    Stage.objects.in_workspace(desk).filter(kind="offered").update(label="Paper is out")
    advance_deal(
        workspace=desk, actor=system, deal=deal.public_id, kind="offered", reason="r", now=now
    )
    deal.refresh_from_db()
    assert deal.stage.label == "Paper is out"


@action
def tell(*, workspace: Workspace, actor: Actor, fact: Any, now: datetime) -> None:
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)


def test_replies_and_acceptances_carry_the_deal_along(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal, deliver: Any
) -> None:
    deal = make_deal(desk)
    reply = ContactResponded(
        subject=deal.seller.public_id,
        deal=deal.public_id,
        channel="sms",
        body="Call me",
        intent="none",
        message=uuid4(),
    )
    accepted = OfferAccepted(
        subject=uuid4(), deal=deal.public_id, seller=deal.seller.public_id, amount=100, evidence={}
    )
    seen = []
    for fact in (reply, accepted, reply):
        tell(workspace=desk, actor=system, fact=fact, now=now)
        deliver()
        deal.refresh_from_db()
        seen.append(deal.stage.kind)
    assert seen == ["in_conversation", "under_contract", "under_contract"]


def test_only_members_take_deals(
    desk: Workspace,
    other_workspace: Workspace,
    system: Actor,
    now: datetime,
    make_deal: MakeDeal,
    make_user: Any,
) -> None:
    deal = make_deal(desk)
    member, stranger = make_user(desk, "acquisitions"), make_user(other_workspace)
    assigned = assign_deal(workspace=desk, actor=system, deal=deal, user=member, now=now)
    assert assigned.assigned_to == member
    with pytest.raises(AssigneeNotMember):
        assign_deal(workspace=desk, actor=system, deal=deal, user=stranger, now=now)


def replay(**options: Any) -> str:
    out = StringIO()
    call_command("replay_check", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_replay_agrees_after_scores_and_moves_and_names_what_does_not(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> None:
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(3)]
    score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
    move_deal(
        workspace=desk, actor=system, deal=deals[0], to=stage(desk, "closed"), reason="x", now=now
    )
    assert "3 deals stand as their facts say." in replay(workspace=desk.slug)
    Deal.objects.in_workspace(desk).filter(pk=deals[1].pk).update(stage=stage(desk, "dead"))
    Deal.objects.in_workspace(desk).filter(pk=deals[2].pk).delete()
    out = StringIO()
    with pytest.raises(CommandError, match="2 differences in 2 deals"):
        call_command("replay_check", stderr=out)
    assert (
        f"deal {deals[1].public_id}: its facts say qualified (open), its row says dead (open)"
        in (out.getvalue())
    )
    assert f"deal {deals[2].public_id}: its facts opened it, but there is no row" in out.getvalue()


def test_replay_of_an_unknown_workspace_is_an_error(db: None) -> None:
    with pytest.raises(CommandError, match="no workspace 'nowhere'"):
        replay(workspace="nowhere")


def test_a_day_is_the_date_on_american_walls() -> None:
    evening_in_new_york = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    morning_in_los_angeles = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    assert business_day(evening_in_new_york) == date(2026, 11, 20)
    assert business_day(morning_in_los_angeles) == date(2026, 11, 21)


def test_status_follows_the_stage() -> None:
    assert [status_of(kind) for kind in ("new", "closed", "dead")] == ["open", "won", "lost"]

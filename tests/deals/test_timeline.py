from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.deals.actions import score_deals, value_deal
from apps.deals.ingestion.upsert import REASON
from apps.deals.models import Deal
from apps.deals.queries import get_deal, list_timeline
from apps.deals.queries.timeline import TOLD
from apps.deals.sentences import TITLES, tell
from apps.events.actions import Actor, action
from apps.events.catalog.base import FACTS
from apps.events.catalog.channels import MessageBlocked, MessageReceived
from apps.events.catalog.deals import DealUpdated
from apps.events.publish import publish_many
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal


@action
def tell_all(*, workspace: Workspace, actor: Actor, facts: list[Any], now: datetime) -> None:
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)


@pytest.fixture
def deal(desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal) -> Deal:
    made = make_deal(desk, **GOOD_LEAD)
    score_deals(workspace=desk, actor=system, deals=[made.public_id], now=now)
    return get_deal(desk, made.public_id)


def titles(workspace: Workspace, deal: Deal) -> list[str]:
    return [entry.title for entry in list_timeline(workspace, deal).entries]


def test_facts_of_the_deal_and_of_its_messages_stand_in_one_stream(
    desk: Workspace, deal: Deal, system: Actor, now: datetime
) -> None:
    about = {
        "contact": uuid4(),
        "deal": deal.public_id,
        "channel": "sms",
        "purpose": "sequence",
        "idempotency_key": "k",
    }
    blocked = MessageBlocked(subject=uuid4(), decision={"reasons": ["quiet_hours"]}, **about)
    received = MessageReceived(
        subject=uuid4(),
        contact=uuid4(),
        deal=deal.public_id,
        channel="sms",
        from_address="+12035550101",
        body="How much?",
        intent="none",
    )
    tell_all(workspace=desk, actor=system, facts=[blocked, received], now=now)
    entries = list_timeline(desk, deal).entries
    told = {entry.title: entry.details for entry in entries}
    assert told["Text blocked by the guard"] == ["Guard: quiet hours."]
    assert told["Seller wrote"] == ["“How much?”"]
    assert told["Scored 100: qualified"] == ["Moved from new to qualified."]


def test_changes_that_a_fact_tells_are_not_told_twice(
    desk: Workspace, deal: Deal, system: Actor, now: datetime
) -> None:
    value_deal(
        workspace=desk,
        actor=system,
        deal=deal,
        arv_amount=Decimal(300_000),
        repairs_amount=None,
        now=now,
    )
    assert "Values set by hand" in titles(desk, deal)
    assert "Deal record changed" not in titles(desk, deal)


def test_other_changes_of_a_record_show_what_stood_before(desk: Workspace, deal: Deal) -> None:
    deal.property.building_sqft = 1_350
    deal.property.save()
    [entry] = [e for e in list_timeline(desk, deal).entries if e.changes]
    assert entry.changes == [("Building sqft", "1200", "1350")]


def test_changes_are_told_in_the_words_of_the_page() -> None:
    changes = {
        "is_vacant": [None, False],
        "est_value_amount": ["250000.00", "260000.00"],
        "last_sale_on": [None, "2003-04-23"],
        "phones": [[], ["+12035550101"]],
        "signals": [[], ["tax_delinquent"]],
        "lists": [[], ["Tax delinquent, New Haven County"]],
        "building_sqft": ["about 1200", 1350],
    }
    told = tell("deals.deal_updated.v1", {"changes": changes, "source": "a list"})
    assert told.details == [
        "Vacant: nothing → no",
        "Estimated value: $250,000 → $260,000",
        "Last sold: nothing → Apr 23, 2003",
        "Phones: nothing → (203) 555-0101",
        "Signs of distress: nothing → Tax delinquent",
        "On the list: nothing → Tax delinquent, New Haven County",
        "Living area: about 1200 → 1,350 sq ft",
    ]


def test_older_entries_come_page_by_page(
    desk: Workspace, deal: Deal, system: Actor, now: datetime, signed_in: Any
) -> None:
    facts = [
        DealUpdated(subject=deal.public_id, changes={"bedrooms": [n, n + 1]}, source="list")
        for n in range(90)
    ]
    tell_all(workspace=desk, actor=system, facts=facts, now=now)
    seen, before = 0, 0
    while before is not None:
        page = list_timeline(desk, deal, before=before)
        seen += sum(1 for entry in page.entries if entry.position)
        before = page.next_before  # type: ignore[assignment]
    assert seen == 92
    client = signed_in(desk)
    first = client.get(f"/deals/{deal.public_id}/timeline/").content.decode()
    assert "?before=" in first
    assert client.get(f"/deals/{deal.public_id}/timeline/?before=x").status_code == 404


def test_the_cause_of_an_entry_is_named(
    desk: Workspace, deal: Deal, system: Actor, now: datetime, deliver: Any
) -> None:
    value_deal(
        workspace=desk,
        actor=system,
        deal=deal,
        arv_amount=Decimal(60_000),
        repairs_amount=None,
        now=now,
    )
    deliver()
    [entry] = [e for e in list_timeline(desk, deal).entries if e.title.startswith("Scored 80")]
    assert entry.cause == "ARV or repairs set by hand"


def test_titles_belong_to_facts_that_exist() -> None:
    assert set(TITLES) <= set(FACTS)
    assert tell("offers.something_new.v1", {}).title == "Something new"


def test_what_an_import_changed_is_told_by_its_fact_alone() -> None:
    assert REASON.startswith(TOLD)

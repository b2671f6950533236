"""A qualified deal with numbers, a seller and a cash strategy."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.contacts.models import Contact
from apps.deals.models import Deal, DealMetrics, DealParty, DealScore, Property, RuleSet, Stage
from apps.events.actions import Actor
from apps.offers import actions
from apps.offers.models import Offer, OfferDocument, Strategy
from apps.offers.printing import print_next
from apps.offers.queries import current_document
from apps.offers.subscribers import shipped_strategies
from apps.workspaces.models import Workspace


@pytest.fixture
def strategy(workspace: Workspace, system: Actor, now: datetime) -> Strategy:
    actions.install_strategies(
        workspace=workspace, actor=system, shipped=shipped_strategies(), now=now
    )
    return Strategy.objects.in_workspace(workspace).get(key="cash")


@pytest.fixture
def make_deal(now: datetime) -> Callable[..., Deal]:
    """make_deal(workspace, verdict=…, name=…, arv=…, repairs=…, **property fields)."""

    def make(
        workspace: Workspace,
        verdict: str = "qualified",
        name: str = "Margaret O’Brien",
        arv: float | None = 250_000,
        repairs: float | None = 40_000,
        **home: Any,
    ) -> Deal:
        number = Property.objects.in_workspace(workspace).count() + 1
        seller = Contact.objects.create(
            workspace=workspace,
            name=name,
            match_key=f"owner {number}",
            mailing_line="9 Elm Street",
            mailing_city="Hamden",
            mailing_state="CT",
            mailing_zip="06514",
        )
        values = {
            "line": f"{number} Whalley Avenue",
            "city": "New Haven",
            "state": "CT",
            "zip": "06511",
            "county": "New Haven",
            "apn": f"305-0286-{number:05}",
            **home,
        }
        stage = Stage.objects.in_workspace(workspace).filter(kind="qualified").first()
        deal = Deal.objects.create(
            workspace=workspace,
            property=Property.objects.create(
                workspace=workspace, address_key=f"key {number}", **values
            ),
            stage=stage
            or Stage.objects.create(
                workspace=workspace, kind="qualified", label="Qualified", position=2
            ),
            seller=seller,
            stage_entered_at=now,
        )
        DealParty.objects.create(workspace=workspace, deal=deal, contact=seller)
        DealMetrics.objects.create(
            deal=deal,
            workspace_id=workspace.pk,
            arv=arv,
            repairs=repairs,
            computed_on=date(2026, 11, 20),
        )
        rules = RuleSet.objects.in_workspace(workspace).first()
        DealScore.objects.create(
            deal=deal,
            workspace_id=workspace.pk,
            rule_set=rules or RuleSet.objects.create(workspace=workspace, name="Test rules"),
            rule_set_version=1,
            score=72,
            coverage=90,
            verdict=verdict,
        )
        return deal

    return make


@pytest.fixture
def deal(workspace: Workspace, make_deal: Callable[..., Deal]) -> Deal:
    return make_deal(workspace)


@pytest.fixture
def offer(
    workspace: Workspace, system: Actor, deal: Deal, strategy: Strategy, now: datetime
) -> Offer:
    """Made, its document still queued."""
    return actions.make_offer(
        workspace=workspace, actor=system, deal=deal, seller=None, strategy=strategy, now=now
    )


@pytest.fixture
def printed(offer: Offer, now: datetime) -> OfferDocument:
    """The offer's document, printed by the real renderer."""
    assert print_next(clock=lambda: now)
    return current_document(offer)


@pytest.fixture
def price() -> Decimal:
    """250,000 × 70% − 40,000 − 10,000, what the shipped strategy pays for the deal above."""
    return Decimal("125000.00")

"""Deals as an import would leave them, without the import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from apps.contacts.models import Contact, Phone
from apps.deals.actions import publish_rule_set, save_rule_set
from apps.deals.models import Deal, DealParty, Property, RuleSet, RuleSetVersion, Stage
from apps.deals.qualification.versions import draft_digest
from apps.events.actions import Actor, action
from apps.events.catalog.deals import DealOpened
from apps.events.publish import publish_many
from apps.workspaces.models import Workspace
from tests.deals.rule_drafts import SaveDraft, equity

MakeDeal = Callable[..., Deal]
# Passes every rule of the classic set that a plain list can answer.
GOOD_LEAD = {
    "est_value_amount": 240_000,
    "loan_balance_amount": 0,
    "open_loans": 0,
    "building_sqft": 1_200,
    "year_built": 1920,
    "last_sale_on": "1998-05-01",
    "is_mailing_same": False,
}


@action
def open_deals(*, workspace: Workspace, actor: Actor, deals: Sequence[Deal], now: datetime) -> None:
    facts = [
        DealOpened(
            subject=deal.public_id,
            stage=deal.stage.kind,
            status=deal.status,
            address=deal.property.address,
            source=deal.source,
        )
        for deal in deals
    ]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)


@pytest.fixture
def make_deal(db: None, system: Actor, now: datetime) -> MakeDeal:
    """make_deal(workspace, seller={…}, phones=[…], **property fields) -> an opened deal."""
    numbers = count(1)

    def make(
        workspace: Workspace,
        *,
        seller: dict[str, Any] | None = None,
        phones: Sequence[str] = (),
        **fields: Any,
    ) -> Deal:
        n = next(numbers)
        place = {"line": f"{n} Elm St", "city": "New Haven", "state": "CT", "zip": "06511"}
        held = Property.objects.create(
            workspace=workspace,
            address_key=f"{n} elm",
            **{"source": "PropStream list", "as_of": "2026-11-01", **place, **fields},
        )
        owner = Contact.objects.create(
            workspace=workspace,
            match_key=f"owner {n}",
            **{"name": f"Pat Sample {n}", "mailing_state": "CT", **(seller or {})},
        )
        for e164 in phones:
            Phone.objects.create(workspace=workspace, contact=owner, e164=e164)
        deal = Deal.objects.create(
            workspace=workspace,
            property=held,
            seller=owner,
            source="list.csv",
            stage=Stage.objects.in_workspace(workspace).get(kind=Stage.Kind.NEW),
            search_text=f"{held.address} {owner.name}".lower(),
            stage_entered_at=now,
        )
        DealParty.objects.create(workspace=workspace, deal=deal, contact=owner)
        open_deals(workspace=workspace, actor=system, deals=[deal], now=now)
        return deal

    return make


@pytest.fixture
def desk(workspace: Workspace, deliver: Callable[[], int]) -> Workspace:
    """The workspace with its stages, rules and estimates."""
    deliver()
    return workspace


@pytest.fixture
def publish_draft(system: Actor, now: datetime) -> Callable[..., RuleSetVersion]:
    """publish_draft(rule_set, note=…, actor=…) -> the version its draft became."""

    def run(
        rule_set: RuleSet, note: str = "Trying it", actor: Actor = system, at: datetime = now
    ) -> RuleSetVersion:
        rule_set.refresh_from_db()
        return publish_rule_set(
            workspace=rule_set.workspace,
            actor=actor,
            rule_set=rule_set,
            note=note,
            seen_digest=draft_digest(rule_set),
            now=at,
        )

    return run


@pytest.fixture
def save_draft(system: Actor, now: datetime) -> SaveDraft:
    """save_draft(rule_set, equity_more_than="30%", **columns of the set) -> the saved set."""

    def run(rule_set: RuleSet, *, equity_more_than: str = "", **columns: Any) -> RuleSet:
        rule_set.refresh_from_db()
        for name, value in columns.items():
            setattr(rule_set, name, value)

        def write() -> None:
            if equity_more_than:
                held = equity(rule_set)
                held.value = equity_more_than
                held.save()

        return save_rule_set(
            workspace=rule_set.workspace,
            actor=system,
            rule_set=rule_set,
            write_rules=write,
            now=now,
        )

    return run

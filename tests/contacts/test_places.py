"""The guard learns where a seller's houses lie, through the rooms that know it."""

import pytest

from apps.channels.registry import recipient_facts
from apps.deals.models import Deal, DealParty, Property, Stage

pytestmark = pytest.mark.django_db


def test_an_absentee_owner_may_be_where_the_house_is(
    workspace, other_workspace, make_contact, deliver, now
) -> None:
    deliver()
    seller = make_contact(workspace, phones=["+12035550100"])
    for number, (state, postal_code) in enumerate([("HI", "96813"), ("TX", "79901"), ("", "")]):
        home = Property.objects.create(
            workspace=workspace, state=state, zip=postal_code, address_key=f"key {number}"
        )
        stage = Stage.objects.in_workspace(workspace).get(kind="new")
        deal = Deal.objects.create(
            workspace=workspace, property=home, stage=stage, seller=seller, stage_entered_at=now
        )
        DealParty.objects.create(workspace=workspace, deal=deal, contact=seller)
    facts = recipient_facts(workspace.pk, seller.public_id, "+12035550100")
    assert facts.states >= {"CT", "HI", "TX"}
    assert "" not in facts.states
    assert facts.time_zones >= {"America/New_York", "Pacific/Honolulu", "America/Denver"}
    elsewhere = recipient_facts(other_workspace.pk, seller.public_id, "+12035550100")
    assert elsewhere.states == frozenset()

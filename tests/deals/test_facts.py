"""Facts of a property on its deal's page: who says them, edited in place, conflicts settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.deals.models import Deal, Property, Strength
from apps.deals.queries import get_property_panel
from apps.events.models import Event
from apps.workspaces.models import Workspace
from tests.deals.conftest import MakeDeal
from tests.deals.test_lists import make_list, put_on, warn

SignIn = Callable[..., Client]
HX = {"HX-Request": "true"}


@pytest.fixture
def deal(desk: Workspace, make_deal: MakeDeal) -> Deal:
    """1,500 sq ft by the list, 1,480 by the county; year built by the county."""
    return make_deal(
        desk,
        source="PropStream: absentee.csv",
        strength=Strength.LIST,
        building_sqft=1_500,
        year_built=1925,
        bathrooms=Decimal("2.0"),
        est_value_amount=Decimal(240_000),
        loan_rate_pct=Decimal("0.065"),
        is_vacant=True,
        provenance={"year_built": ["New Haven assessor", "2026-03-03", Strength.COUNTY]},
        conflicts={
            "building_sqft": [1_480, "New Haven assessor", "2026-03-03", Strength.COUNTY],
            "bathrooms": ["3.0", "DealMachine", "2026-01-03", Strength.LIST, "dismissed"],
            "address": ["9 Other St", "BatchLeads: a.csv", "2026-02-01", Strength.LIST],
        },
    )


def url(deal: Deal, name: str, column: str) -> str:
    return reverse(f"deals:{name}", args=[deal.public_id, column])


def held(deal: Deal) -> Property:
    return Property.objects.in_workspace(deal.workspace).get(pk=deal.property_id)


def test_each_fact_knows_its_source_its_day_and_how_far_it_is_trusted(
    desk: Workspace, deal: Deal
) -> None:
    deal.property.refresh_from_db()
    panel = get_property_panel(desk, deal)
    facts = {fact.known.column: fact for group in panel.groups for fact in group.facts}
    assert {name: fact.value for name, fact in facts.items()} == {
        "bathrooms": "2",
        "building_sqft": "1,500 sq ft",
        "year_built": "1925",
        "is_vacant": "yes",
        "est_value_amount": "$240,000",
        "loan_rate_pct": "6.5%",
    }
    year = facts["year_built"].origin
    assert (year.source, year.as_of) == ("New Haven assessor", date(2026, 3, 3))
    assert year.trust == "County record"
    size = facts["building_sqft"]
    assert (size.origin.short_source, size.origin.trust) == ("PropStream", "List vendor")
    assert size.conflict
    assert size.conflict.value == "1,480 sq ft"
    assert facts["bathrooms"].conflict is None
    [whole] = panel.conflicts
    assert (whole.label, whole.value, whole.is_whole) == ("Address", "9 Other St", True)
    assert "bedrooms" in {fact.known.column for fact in panel.unknown}


def test_the_page_tells_it_in_words(desk: Workspace, deal: Deal, signed_in: SignIn) -> None:
    put_on(deal, make_list(desk, "Absentee"), make_list(desk, "Tax roll"))
    warn(deal, "tax_lien")
    warn(deal, "vacant", ended="2026-10-20")
    page = signed_in(desk).get(reverse("deals:deal_detail", args=[deal.public_id]))
    text = " ".join(page.content.decode().split())
    assert "New Haven assessor</strong> of Mar 3, 2026 (county record) says" in text
    assert "1,480 sq ft" in text
    assert "From <strong>PropStream: absentee.csv</strong>, Nov 1, 2026 (list vendor)" in text
    assert "New Haven assessor, Mar 3, 2026 · county record" in text
    assert "On 2 lists" in text
    assert "Tax lien" in text
    assert "ended Oct 20, 2026" in text


@pytest.mark.parametrize(
    ("column", "typed", "kept"),
    [
        ("building_sqft", "1600", 1600),
        ("loan_rate_pct", "7.25", Decimal("0.0725")),
        ("est_value_amount", "250000.50", Decimal("250000.50")),
        ("last_sale_on", "2019-05-04", date(2019, 5, 4)),
        ("is_vacant", "no", False),
        ("is_vacant", "", None),
        ("is_do_not_mail", "yes", True),
        ("property_type", "Duplex", "Duplex"),
        ("year_built", "", None),
    ],
)
def test_a_person_edits_a_fact_and_lists_keep_off_it(
    deal: Deal, signed_in: SignIn, column: str, typed: str, kept: Any
) -> None:
    client = signed_in(deal.workspace, "acquisitions")
    answer = client.post(url(deal, "edit_fact", column), {"value": typed})
    assert answer.status_code == 302
    assert getattr(held(deal), column) == kept
    assert column in held(deal).hand_edited
    assert Event.objects.filter(name="deals.property_edited.v1", subject=deal.public_id).exists()


def test_htmx_gets_the_panel_with_the_edit_marked(deal: Deal, signed_in: SignIn) -> None:
    client = signed_in(deal.workspace)
    answer = client.post(url(deal, "edit_fact", "building_sqft"), {"value": "1600"}, headers=HX)
    text = answer.content.decode()
    assert answer["HX-Trigger"] == "deal-changed"
    assert "<html" not in text
    assert "1,600 sq ft" in text
    assert "by hand" in text
    assert "says <strong>1,480" not in text


@pytest.mark.parametrize(
    ("column", "typed"),
    [("building_sqft", "big"), ("year_built", "17"), ("last_sale_on", "soon"),
     ("loan_rate_pct", "650"), ("is_vacant", "maybe"), ("property_type", "x" * 81),
     ("bedrooms", "-1"), ("est_value_amount", "NaN"), ("units", "9" * 30)],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_the_fact(
    deal: Deal, signed_in: SignIn, column: str, typed: str
) -> None:
    client = signed_in(deal.workspace)
    before = getattr(held(deal), column)
    for headers in ({}, HX):
        answer = client.post(url(deal, "edit_fact", column), {"value": typed}, headers=headers)
        assert answer.status_code == 422
        assert f'id="fact_{column}_value_error"' in answer.content.decode()
    assert getattr(held(deal), column) == before
    assert held(deal).hand_edited == []


def test_a_conflict_is_taken(deal: Deal, signed_in: SignIn) -> None:
    client = signed_in(deal.workspace)
    answer = client.post(url(deal, "settle_fact", "building_sqft"), {"take": "yes"}, headers=HX)
    assert "1,480 sq ft" in answer.content.decode()
    assert held(deal).building_sqft == 1_480
    assert "building_sqft" not in held(deal).conflicts


def test_a_conflict_is_dismissed_for_good(deal: Deal, signed_in: SignIn) -> None:
    client = signed_in(deal.workspace)
    target = url(deal, "settle_fact", "building_sqft")
    page = client.post(target, {"take": "no"}, follow=True).content.decode()
    assert held(deal).building_sqft == 1_500
    assert "1,480 sq ft" not in page
    again = client.post(target, {"take": "yes"}, follow=True).content.decode()
    assert "No source disagrees" in again
    taken = client.post(url(deal, "settle_fact", "address"), {"take": "yes"}, follow=True)
    assert "Taken over" in taken.content.decode()
    assert held(deal).line == "9 Other St"


def test_who_may_look_and_who_may_edit(
    deal: Deal, other_workspace: Workspace, signed_in: SignIn
) -> None:
    reader = signed_in(deal.workspace, "read_only")
    text = reader.get(reverse("deals:deal_detail", args=[deal.public_id])).content.decode()
    assert "1,480 sq ft" in text
    assert "Take it" not in text
    assert "fact-form" not in text
    assert reader.get(reverse("deals:facts_panel", args=[deal.public_id])).status_code == 200
    stranger = signed_in(other_workspace)
    for name, data in (("edit_fact", {"value": "1"}), ("settle_fact", {"take": "yes"})):
        target = url(deal, name, "building_sqft")
        assert reader.post(target, data).status_code == 403
        assert stranger.post(target, data).status_code == 404
    owner_client = signed_in(deal.workspace)
    assert owner_client.post(url(deal, "edit_fact", "apn_key"), {"value": "1"}).status_code == 404
    assert held(deal).building_sqft == 1_500


def test_the_panel_asks_few_queries(deal: Deal, signed_in: SignIn) -> None:
    client = signed_in(deal.workspace)
    target = reverse("deals:facts_panel", args=[deal.public_id])
    client.get(target)
    with CaptureQueriesContext(connection) as queries:
        client.get(target)
    assert len(queries) <= 10

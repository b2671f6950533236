"""Facts of a property by hand, conflicts settled, and what rules make of lists and signals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from apps.deals.actions import (
    EditRefused,
    NoSuchConflict,
    edit_property,
    settle_conflict,
)
from apps.deals.models import Deal, DealMetrics, LeadList, ListMembership, Property, Signal
from apps.deals.queries import count_deals, list_deals, list_timeline
from apps.deals.types import DealFilters
from apps.events.models import Event
from tests.deals.conftest import GOOD_LEAD

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(desk, make_deal) -> Deal:
    return make_deal(desk, **GOOD_LEAD)


@pytest.fixture
def who(desk, system, now, deal):
    return {"workspace": desk, "actor": system, "deal": deal, "now": now}


def test_a_hand_edit_says_who_and_when_and_rescores(who, deal, deliver):
    changes = {"building_sqft": "1500", "bedrooms": "3.5", "mls_status": ""}
    held = edit_property(**who, changes=changes)
    assert (held.building_sqft, held.bedrooms) == (1500, Decimal("3.5"))
    assert held.hand_edited == ["bedrooms", "building_sqft"]
    assert held.provenance["bedrooms"] == ["tests", "2026-11-20", 100]
    deliver()
    assert DealMetrics.objects.get(pk=deal.pk).building_sqft == 1500
    fact = Event.objects.get(name="deals.property_edited.v1")
    assert fact.deal == deal.public_id
    assert fact.payload["changes"]["building_sqft"] == [1200, 1500]
    edit_property(**who, changes=changes)
    assert Event.objects.filter(name="deals.property_edited.v1").count() == 1
    titles = [entry.title for entry in list_timeline(deal.workspace, deal).entries]
    assert "Changed by hand by tests" in titles
    assert "Property record changed" not in titles


@pytest.mark.parametrize(
    "changes", [{"bedrooms": "many"}, {"year_built": 99_999}, {"workspace": 2}, {"line": "x"}]
)
def test_what_a_property_cannot_have_is_refused(who, changes):
    with pytest.raises(EditRefused):
        edit_property(**who, changes=changes)
    assert Property.across_workspaces.get().hand_edited == []


def test_a_conflict_is_taken_or_dismissed(who, deal, deliver):
    deal.property.conflicts = {
        "year_built": ["1955", "County", "2026-01-02", 80],
        "bedrooms": ["5.0", "Feed", None, 60],
        "owners": ["Ada Sampleton", "Feed", None, 60],
    }
    deal.property.save()
    held = settle_conflict(**who, column="year_built", take=True)
    assert (held.year_built, held.provenance["year_built"]) == (1955, ["County", "2026-01-02", 80])
    assert held.hand_edited == ["year_built"]
    held = settle_conflict(**who, column="bedrooms", take=False)
    assert held.bedrooms is None
    assert held.conflicts["bedrooms"] == ["5.0", "Feed", None, 60, "dismissed"]
    with pytest.raises(NoSuchConflict):
        settle_conflict(**who, column="bedrooms", take=True)
    deliver()
    assert DealMetrics.objects.get(pk=deal.pk).year_built == 1955
    titles = [entry.title for entry in list_timeline(deal.workspace, deal).entries]
    assert "Year built taken from County" in titles
    assert "Bedrooms kept as it was" in titles


def test_lists_and_signals_become_metrics_and_filters(desk, make_deal, who, deal, deliver):
    stacked = deal.property
    other = make_deal(desk, **GOOD_LEAD)
    day = date(2026, 11, 1)
    lists = [
        LeadList.objects.create(workspace=desk, name=name, key=name.casefold())
        for name in ("Absentee", "Probate")
    ]
    for one in lists:
        ListMembership.objects.create(
            workspace=desk, lead_list=one, property=stacked, first_seen_on=day, last_seen_on=day
        )
    for kind, ended in (("tax_lien", None), ("violation", day), ("vacant", None)):
        Signal.objects.create(
            workspace=desk, property=stacked, kind=kind, observed_on=day, as_of=day, ended_on=ended
        )
    edit_property(**who, changes={"building_sqft": 1300})
    edit_property(**who | {"deal": other}, changes={"building_sqft": 1300})
    deliver()
    found = DealMetrics.objects.get(pk=deal.pk)
    assert (found.stack_count, found.signal_count) == (2, 2)
    assert (found.is_tax_delinquent, found.has_violation, found.is_vacant) == (True, False, True)
    assert found.is_pre_foreclosure is None
    bare = DealMetrics.objects.get(pk=other.pk)
    assert (bare.stack_count, bare.signal_count, bare.is_vacant) == (0, 0, None)
    for sort in ("score", "newest"):
        for filters in (
            DealFilters(min_stack=2, sort=sort),
            DealFilters(signal="tax_lien", sort=sort),
            DealFilters(list=str(lists[1].public_id), sort=sort),
        ):
            assert [row.deal.pk for row in list_deals(desk, filters).rows] == [deal.pk]
            assert count_deals(desk, filters).count == 1
        for filters in (
            DealFilters(min_stack=3, sort=sort),
            DealFilters(signal="violation", sort=sort),
            DealFilters(list="no id", sort=sort),
        ):
            assert count_deals(desk, filters).count == 0

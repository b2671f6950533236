"""Lists, how they stack, signs of distress, and the way from there to the deals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.deals.actions import ListNameRefused, rename_list, score_deals
from apps.deals.models import Deal, DealMetrics, LeadList, ListMembership, Signal
from apps.deals.queries import list_deals, lists
from apps.deals.types import DealFilters
from apps.events.actions import Actor
from apps.events.models import Event
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal

SignIn = Callable[..., Client]
HX = {"HX-Request": "true"}


def make_list(workspace: Workspace, name: str, vendor: str = "PropStream") -> LeadList:
    return LeadList.objects.create(
        workspace=workspace, name=name, key=name.casefold(), vendor=vendor
    )


def put_on(
    deal: Deal, *names: LeadList, first: str = "2026-08-01", last: str = "2026-11-01"
) -> None:
    for lead_list in names:
        ListMembership.objects.create(
            workspace=deal.workspace,
            lead_list=lead_list,
            property=deal.property,
            first_seen_on=date.fromisoformat(first),
            last_seen_on=date.fromisoformat(last),
        )
    count = ListMembership.objects.in_workspace(deal.workspace).filter(property=deal.property)
    DealMetrics.objects.filter(deal=deal).update(stack_count=count.count())


def warn(deal: Deal, kind: str, ended: str | None = None, source: str = "County") -> Signal:
    return Signal.objects.create(
        workspace=deal.workspace,
        property=deal.property,
        kind=kind,
        observed_on=date(2026, 10, 5),
        as_of=date(2026, 10, 6),
        ended_on=ended,
        amount=4_200,
        source=source,
    )


@pytest.fixture
def stacked(desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal) -> dict[str, Any]:
    """Three deals: on three lists, on one, on none; the first with two signs of distress."""
    deals = [make_deal(desk, **GOOD_LEAD) for _ in range(3)]
    score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
    names = [make_list(desk, name) for name in ("Absentee", "Tax roll", "Vacant houses")]
    put_on(deals[0], *names)
    put_on(deals[1], names[0], first="2026-09-15", last="2026-11-20")
    warn(deals[0], "tax_lien")
    warn(deals[0], "tax_lien", source="PropStream")
    warn(deals[1], "vacant", ended="2026-10-20")
    return {"deals": deals, "lists": names}


def lines(workspace: Workspace, **filters: Any) -> set[str]:
    return {row.deal.property.line for row in list_deals(workspace, DealFilters(**filters)).rows}


@pytest.mark.parametrize("sort", ["score", "newest"])
def test_deals_are_narrowed_by_stack_signal_and_list(
    desk: Workspace, stacked: Any, sort: str
) -> None:
    three, one, none = (deal.property.line for deal in stacked["deals"])
    assert lines(desk, sort=sort) == {three, one, none}
    assert lines(desk, sort=sort, min_stack=1) == {three, one}
    assert lines(desk, sort=sort, min_stack=2) == {three}
    assert lines(desk, sort=sort, signal="tax_lien") == {three}
    assert lines(desk, sort=sort, signal="vacant") == set()
    assert lines(desk, sort=sort, list=str(stacked["lists"][0].public_id)) == {three, one}
    assert lines(desk, sort=sort, list=str(stacked["lists"][2].public_id)) == {three}


def test_figures_of_each_list(desk: Workspace, stacked: Any) -> None:
    rows = {row.lead_list.name: row for row in lists.list_lists(desk).rows}
    assert list(rows) == ["Vacant houses", "Tax roll", "Absentee"]
    absentee = rows["Absentee"]
    assert (absentee.count.count, absentee.stacked, absentee.stacked_share) == (2, 1, 50)
    assert not absentee.is_sampled
    assert absentee.first_seen_on == date(2026, 8, 1)
    assert absentee.last_seen_on == date(2026, 11, 20)
    assert rows["Tax roll"].count.count == rows["Tax roll"].stacked == 1


def test_the_histogram_and_the_signs_agree_with_the_deals_they_lead_to(
    desk: Workspace, stacked: Any
) -> None:
    steps = {step.label: step.count.count for step in lists.count_stacks(desk)}
    assert steps == {"1 list": 1, "2 lists": 0, "3 lists": 1, "4 or more lists": 0}
    [signs] = lists.count_signals(desk)
    assert (signs.kind, signs.count.count) == ("tax_lien", 1)
    assert len(lines(desk, signal=signs.kind)) == signs.count.count


def test_counts_stop_at_the_cap(
    desk: Workspace, stacked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNT_CAP", 1)
    rows = {row.lead_list.name: str(row.count) for row in lists.list_lists(desk).rows}
    assert rows == {"Vacant houses": "1", "Tax roll": "1", "Absentee": "1+"}


def test_a_long_list_is_looked_at_in_part_and_says_so(
    desk: Workspace, stacked: Any, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "WINDOW", 1)
    rows = {row.lead_list.name: row for row in lists.list_lists(desk).rows}
    # The property that came last is on this list alone.
    assert (rows["Absentee"].is_sampled, rows["Absentee"].stacked_share) == (True, 0)
    page = signed_in(desk).get(reverse("deals:list_index")).content.decode()
    assert "about 0%" in page


def test_an_empty_list_is_told_as_empty_and_not_listed(desk: Workspace) -> None:
    empty = make_list(desk, "Nothing yet")
    assert lists.list_lists(desk).rows == []
    assert lists.list_list_choices(desk) == []
    row = lists.count_list(desk, empty)
    assert (row.count.count, row.stacked_share, row.first_seen_on) == (0, 0, None)


def test_the_page_leads_to_the_deals(desk: Workspace, stacked: Any, signed_in: SignIn) -> None:
    client = signed_in(desk, "read_only")
    page = client.get(reverse("deals:list_index")).content.decode()
    assert "/deals/?min_stack=3" in page
    assert "/deals/?signal=tax_lien" in page
    assert f"/deals/?list={stacked['lists'][0].public_id}" in page
    table = client.get("/deals/?min_stack=2&sort=newest").content.decode()
    assert "3 lists" in table
    assert stacked["deals"][1].property.line not in table
    assert client.get("/deals/?min_stack=many&list=nowhere&signal=gloom").status_code == 200


def test_the_pages_ask_few_queries_however_many_lists_there_are(
    desk: Workspace, stacked: Any, signed_in: SignIn
) -> None:
    client = signed_in(desk)
    first = stacked["lists"][0]
    detail = reverse("deals:list_detail", args=[first.public_id])
    client.get(reverse("deals:list_index"))
    few: dict[str, int] = {}
    for round_no in range(2):
        for url in (reverse("deals:list_index"), detail, "/deals/?min_stack=1"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            few.setdefault(url, len(queries))
            assert len(queries) == few[url] <= 15
        if round_no == 0:
            for n in range(15):
                put_on(stacked["deals"][n % 3], make_list(desk, f"More {n}"))


def test_members_come_in_pages_with_their_other_lists(desk: Workspace, stacked: Any) -> None:
    first = stacked["lists"][0]
    page = lists.list_members(desk, first, size=1)
    [row] = page.rows
    assert row.membership.property == stacked["deals"][1].property
    assert row.others == []
    [row] = lists.list_members(desk, first, cursor=page.next_cursor, size=1).rows
    assert [other.name for other in row.others] == ["Tax roll", "Vacant houses"]


def test_lists_come_in_pages(desk: Workspace, make_deal: MakeDeal, signed_in: SignIn) -> None:
    put_on(make_deal(desk), *(make_list(desk, f"List {n}") for n in range(25)))
    client = signed_in(desk)
    page = client.get(reverse("deals:list_index")).content.decode()
    assert page.count("<tr data-row") == 20
    [link] = [part.split('"')[0] for part in page.split('href="')[1:] if "cursor=" in part]
    assert client.get(link).content.decode().count("<tr data-row") == 5


def test_renaming_is_a_fact_and_a_name_is_used_once(
    desk: Workspace, stacked: Any, system: Actor, now: datetime
) -> None:
    first = stacked["lists"][0]
    renamed = rename_list(
        workspace=desk, actor=system, lead_list=first, name="  Absentee   2026 ", now=now
    )
    assert (renamed.name, renamed.key) == ("Absentee 2026", "absentee 2026")
    fact = Event.objects.get(name="deals.list_renamed.v1")
    assert (fact.payload["before"], fact.payload["after"]) == ("Absentee", "Absentee 2026")
    for name in ("tax  ROLL", "   "):
        with pytest.raises(ListNameRefused):
            rename_list(workspace=desk, actor=system, lead_list=first, name=name, now=now)
    rename_list(workspace=desk, actor=system, lead_list=first, name="Absentee 2026", now=now)
    assert Event.objects.filter(name="deals.list_renamed.v1").count() == 1


def test_the_form_renames_and_explains_what_it_refuses(
    desk: Workspace, stacked: Any, signed_in: SignIn
) -> None:
    client = signed_in(desk)
    url = reverse("deals:list_rename", args=[stacked["lists"][0].public_id])
    answer = client.post(url, {"name": "Tax Roll"})
    assert answer.status_code == 422
    assert "Another list has that name" in answer.content.decode()
    page = client.post(url, {"name": "Owners far away"}, follow=True).content.decode()
    assert "<h1" in page
    assert "Owners far away" in page


def test_who_may_see_and_who_may_rename(
    desk: Workspace, other_workspace: Workspace, stacked: Any, signed_in: SignIn, client: Client
) -> None:
    key = stacked["lists"][0].public_id
    detail = reverse("deals:list_detail", args=[key])
    rename = reverse("deals:list_rename", args=[key])
    reader = signed_in(desk, "read_only")
    assert "Rename" not in reader.get(detail).content.decode()
    assert reader.post(rename, {"name": "Mine"}).status_code == 403
    stranger = signed_in(other_workspace)
    assert stranger.get(detail).status_code == 404
    assert stranger.post(rename, {"name": "Mine"}).status_code == 404
    assert "No lists yet" in stranger.get(reverse("deals:list_index")).content.decode()
    assert client.get(detail).status_code == 302
    assert reader.get(reverse("deals:list_detail", args=[uuid4()])).status_code == 404

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.deals.actions import save_estimate_policy, score_deals
from apps.deals.models import Deal, DealScore, EstimatePolicy
from apps.deals.queries import count_deals, list_deals
from apps.deals.types import DealFilters
from apps.events.actions import Actor, action
from apps.events.catalog.offers import OfferMade
from apps.events.publish import publish
from apps.workspaces.models import Workspace
from tests.deals.conftest import GOOD_LEAD, MakeDeal

HX = {"HX-Request": "true"}
SignIn = Callable[..., Client]


@pytest.fixture
def scored(
    desk: Workspace, system: Actor, now: datetime, make_deal: MakeDeal
) -> Callable[..., list[Deal]]:
    def make(*leads: dict[str, Any]) -> list[Deal]:
        deals = [make_deal(desk, **lead) for lead in leads]
        score_deals(workspace=desk, actor=system, deals=[d.public_id for d in deals], now=now)
        return deals

    return make


def lines(workspace: Workspace, **filters: Any) -> list[str]:
    page = list_deals(workspace, DealFilters(**filters))
    return [row.deal.property.line for row in page.rows]


def test_filters_narrow_and_the_best_stand_first(desk: Workspace, scored: Any) -> None:
    scored(
        {**GOOD_LEAD, "line": "1 Best Ave", "city": "Derby"},
        {**GOOD_LEAD, "line": "2 Fair St", "is_mailing_same": True},
        {"line": "3 Dark Rd", "state": "NY"},
    )
    assert lines(desk) == ["1 Best Ave", "2 Fair St", "3 Dark Rd"]
    assert lines(desk, sort="newest") == ["3 Dark Rd", "2 Fair St", "1 Best Ave"]
    assert lines(desk, verdict="qualified") == ["1 Best Ave"]
    assert lines(desk, stage="new") == ["2 Fair St", "3 Dark Rd"]
    assert lines(desk, min_score=80) == ["1 Best Ave", "2 Fair St"]
    assert lines(desk, state="ny") == ["3 Dark Rd"]
    assert lines(desk, city="derby") == ["1 Best Ave"]
    assert lines(desk, q="fair sample") == ["2 Fair St"]
    assert lines(desk, q="fair nobody") == []


def test_of_equal_scores_the_better_founded_comes_first(desk: Workspace, scored: Any) -> None:
    thin, founded = scored(GOOD_LEAD, GOOD_LEAD)
    DealScore.objects.filter(deal=founded).update(score=90, coverage=95)
    DealScore.objects.filter(deal=thin).update(score=90, coverage=60)
    assert lines(desk) == [founded.property.line, thin.property.line]
    DealScore.objects.filter(deal=thin).update(coverage=100)
    assert lines(desk) == [thin.property.line, founded.property.line]


def test_pages_hold_every_deal_once(desk: Workspace, scored: Any) -> None:
    scored(*[GOOD_LEAD if n % 3 else {} for n in range(23)])
    for sort in ("score", "newest"):
        seen: list[Any] = []
        cursor = ""
        while True:
            page = list_deals(desk, DealFilters(sort=sort), cursor=cursor, size=5)
            seen += [row.deal.pk for row in page.rows]
            cursor = page.next_cursor
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == 23


def test_counts_are_capped_honestly(
    desk: Workspace, scored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored({}, {}, {})
    narrowed = DealFilters(min_score=0)
    assert str(count_deals(desk, narrowed)) == "3"
    monkeypatch.setattr("apps.deals.queries.page.COUNT_CAP", 2)
    assert str(count_deals(desk, narrowed)) == "2+"
    assert str(count_deals(desk, DealFilters())) == "3"


def test_the_list_is_a_page_and_a_fragment_in_few_queries(
    desk: Workspace, scored: Any, signed_in: SignIn
) -> None:
    scored(*[GOOD_LEAD for _ in range(30)])
    client = signed_in(desk)
    page = client.get("/deals/?stage=qualified")
    assert b"<html" in page.content
    assert b"30 deals" in page.content
    with CaptureQueriesContext(
        connection,
    ) as queries:
        fragment = client.get("/deals/?stage=qualified", headers=HX)
    assert b"<html" not in fragment.content
    assert b'id="deals"' in fragment.content
    assert len(queries) <= 15


def test_a_wrong_filter_says_so_and_narrows_nothing(
    desk: Workspace, scored: Any, signed_in: SignIn
) -> None:
    scored(GOOD_LEAD)
    page = signed_in(desk).get("/deals/?min_score=many&stage=nowhere")
    assert b"It was left out" in page.content
    assert b"1 Elm St" in page.content


def test_next_pages_follow_the_filters(desk: Workspace, scored: Any, signed_in: SignIn) -> None:
    scored(*[GOOD_LEAD for _ in range(55)])
    client = signed_in(desk)
    first = client.get("/deals/?verdict=qualified").content.decode()
    [link] = [part.split('"')[0] for part in first.split('href="')[1:] if "cursor=" in part]
    second = client.get(link.replace("&amp;", "&"), headers=HX)
    assert second.content.count(b"data-row") == 5


def test_unscored_deals_are_announced(
    desk: Workspace, scored: Any, signed_in: SignIn, make_deal: MakeDeal
) -> None:
    scored(GOOD_LEAD)
    make_deal(desk, line="9 Late St")
    client = signed_in(desk)
    assert b"still wait for their score" in client.get("/deals/").content
    assert b"9 Late St" in client.get("/deals/?sort=newest").content


def test_an_empty_workspace_teaches(desk: Workspace, signed_in: SignIn) -> None:
    assert b"No deals yet" in signed_in(desk).get("/deals/").content


@action
def tell_offer(*, workspace: Workspace, actor: Actor, deal: Deal, now: datetime) -> None:
    fact = OfferMade(
        subject=uuid4(),
        deal=deal.public_id,
        seller=deal.seller.public_id,
        strategy="cash",
        strategy_version=1,
        formula="mao_flip",
        amount=113_000,
        inputs={},
        expires_at=now,
        document=uuid4(),
    )
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)


def test_the_list_shows_the_offer_its_facts_tell(
    desk: Workspace, system: Actor, now: datetime, scored: Any, signed_in: SignIn
) -> None:
    [deal] = scored(GOOD_LEAD)
    tell_offer(workspace=desk, actor=system, deal=deal, now=now)
    assert b"$113,000" in signed_in(desk).get("/deals/").content


@pytest.mark.parametrize(
    ("tab", "text"),
    [
        ("why", "Equity is 100%; asked for: more than 20%."),
        ("numbers", "estimated per square foot"),
        ("timeline", "Moved from new to qualified."),
    ],
)
def test_every_tab_is_a_page_and_a_fragment(
    desk: Workspace, scored: Any, signed_in: SignIn, tab: str, text: str
) -> None:
    [deal] = scored(GOOD_LEAD)
    client = signed_in(desk)
    url = f"/deals/{deal.public_id}/?tab={tab}"
    page = client.get(url).content.decode()
    assert text in page
    assert "<h1" in page
    with CaptureQueriesContext(connection) as queries:
        fragment = client.get(url, headers=HX).content.decode()
    assert text in fragment
    assert "<html" not in fragment
    assert len(queries) <= 15
    assert client.get(f"/deals/{deal.public_id}/?tab=nonsense").status_code == 404


def test_strangers_get_404_and_anonymous_people_the_sign_in(
    desk: Workspace, other_workspace: Workspace, scored: Any, signed_in: SignIn, deliver: Any
) -> None:
    deliver()
    [deal] = scored(GOOD_LEAD)
    stranger = signed_in(other_workspace)
    for path in ("", "header/", "timeline/"):
        assert stranger.get(f"/deals/{deal.public_id}/{path}").status_code == 404
        assert Client().get(f"/deals/{deal.public_id}/{path}").status_code == 302
    for path in ("move/", "assign/", "value/"):
        assert stranger.post(f"/deals/{deal.public_id}/{path}").status_code == 404
    assert b"1 Elm St" not in stranger.get("/deals/").content


@pytest.mark.parametrize("path", ["move/", "assign/", "value/"])
def test_readers_may_look_but_not_touch(
    desk: Workspace, scored: Any, signed_in: SignIn, path: str
) -> None:
    [deal] = scored(GOOD_LEAD)
    reader = signed_in(desk, "read_only")
    assert reader.post(f"/deals/{deal.public_id}/{path}").status_code == 403
    page = reader.get(f"/deals/{deal.public_id}/").content
    assert b"Move to another stage" not in page


def test_moving_by_form_with_and_without_htmx(
    desk: Workspace, scored: Any, signed_in: SignIn
) -> None:
    [deal] = scored(GOOD_LEAD)
    client, url = signed_in(desk), f"/deals/{deal.public_id}/move/"
    stages = {s.kind: s.pk for s in desk.stage_set.all()}
    refused = client.post(url, {"stage": stages["dead"]}, headers=HX)
    assert refused.status_code == 422
    assert b"This field is required" in refused.content
    plain = client.post(url, {"stage": stages["dead"]})
    assert plain.status_code == 422
    assert b"<html" in plain.content
    moved = client.post(url, {"stage": stages["dead"], "reason": "Sold"}, headers=HX)
    assert moved.status_code == 200
    assert b"Dead" in moved.content
    back = client.post(url, {"stage": stages["new"], "reason": "Not sold"})
    assert back.status_code == 302
    deal.refresh_from_db()
    assert (deal.stage.kind, deal.status) == ("new", "open")


def test_values_by_form_reach_the_score(
    desk: Workspace, scored: Any, signed_in: SignIn, deliver: Any, now: datetime
) -> None:
    [deal] = scored(GOOD_LEAD)
    client, url = signed_in(desk), f"/deals/{deal.public_id}/value/"
    assert client.post(url, {"arv_amount": "-1"}, headers=HX).status_code == 422
    kept = client.post(url, {"arv_amount": "100000", "repairs_amount": ""}, headers=HX)
    assert kept.headers["HX-Trigger"] == "deal-changed"
    assert b"by hand" in kept.content
    deliver(at=deal.property.created_at.replace(year=2035))
    deal = Deal.objects.in_workspace(desk).get()
    assert deal.metrics.repair_ratio == pytest.approx(0.42)
    assert "owner@blue-gate" in deal.arv_source


def test_the_estimate_shown_is_the_one_rules_and_offers_reckon_with(
    desk: Workspace, scored: Any, signed_in: SignIn, system: Actor, now: datetime
) -> None:
    [deal] = scored(GOOD_LEAD)
    policy = EstimatePolicy.objects.in_workspace(desk).get()
    policy.arv_share_of_value = 0.9
    save_estimate_policy(workspace=desk, actor=system, policy=policy, now=now)
    score_deals(workspace=desk, actor=system, deals=[deal.public_id], now=now)
    page = signed_in(desk).get(f"/deals/{deal.public_id}/?tab=numbers").content.decode()
    arv = page.split('<dt class="col-5">ARV</dt>')[1].split("</dd>")[0]
    assert "$216,000" in arv
    assert "est." in arv


def test_assigning_by_form(desk: Workspace, scored: Any, signed_in: SignIn, make_user: Any) -> None:
    [deal] = scored(GOOD_LEAD)
    member = make_user(desk, "acquisitions")
    client, url = signed_in(desk), f"/deals/{deal.public_id}/assign/"
    assert str(member).encode() in client.post(url, {"user": member.pk}, headers=HX).content
    assert client.post(url, {"user": 10_000_000}, headers=HX).status_code == 422
    assert client.post(url, {"user": ""}).status_code == 302
    deal.refresh_from_db()
    assert deal.assigned_to is None

"""Which deals the score check counts, with which score, and its page."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from apps.analytics.calibration import Tally
from apps.analytics.queries.scores import CONTRACT, REPLY, read_scores
from apps.deals.models import RuleSet
from apps.events.sequels import Fate
from tests.analytics.saying import (
    accepted,
    moved,
    offer_accepted,
    removed,
    responded,
    scored,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# What the page may cost whatever it shows: session, user, memberships, sandbox flag, the facts
# and the names of rule sets.
QUERY_BOUND = 8


@pytest.fixture
def start(now):
    """When deals of these tests are first written to: all had their thirty days since."""
    return now - 60 * DAY


@pytest.fixture
def read(workspace, now):
    def run(days=30, since=None):
        return read_scores(workspace, since=since, until=now, within=days * DAY)

    return run


def test_the_score_is_the_one_of_the_first_message(workspace, tell, read, start):
    deal = uuid4()
    tell(workspace, scored(deal, 40), scored(deal, 65), at=start - DAY)
    tell(workspace, accepted(deal), at=start)
    tell(workspace, scored(deal, 90), accepted(deal), responded(deal), at=start + DAY)
    assert read().tallies(REPLY) == [Tally(65, 1, 1)]


def test_a_deal_nobody_wrote_to_does_not_count(workspace, tell, read, start):
    deal = uuid4()
    tell(workspace, scored(deal), responded(deal), accepted(deal, "opt_out_confirmation"), at=start)
    assert read().contacted == 0


def test_what_comes_later_than_the_time_given_does_not_count(workspace, tell, read, start):
    in_time, late = uuid4(), uuid4()
    for deal in (in_time, late):
        tell(workspace, scored(deal), accepted(deal), at=start)
    tell(workspace, responded(in_time), at=start + 30 * DAY)
    tell(workspace, responded(late), at=start + 30 * DAY + timedelta(seconds=1))
    assert read().tallies(REPLY) == [Tally(70, 2, 1)]
    assert read(days=31).tallies(REPLY) == [Tally(70, 2, 2)]


def test_deals_that_had_no_time_yet_are_too_fresh_whatever_came(workspace, tell, read, now):
    ripe, fresh = uuid4(), uuid4()
    tell(workspace, scored(ripe), accepted(ripe), at=now - 30 * DAY)
    tell(workspace, scored(fresh), accepted(fresh), at=now - 30 * DAY + timedelta(seconds=1))
    tell(workspace, responded(fresh), at=now - DAY)
    assert read().tallies(REPLY) == [Tally(70, 1, 0)]
    assert read().count(Fate.FRESH) == 1


def test_who_answered_or_signed_before_our_message_is_no_success_of_it(
    workspace, tell, read, start
):
    wrote, signed = uuid4(), uuid4()
    tell(workspace, scored(wrote), scored(signed), at=start - 3 * DAY)
    tell(workspace, responded(wrote), moved(signed, "under_contract"), at=start - DAY)
    tell(workspace, accepted(wrote), accepted(signed), at=start)
    tell(workspace, responded(wrote), responded(signed), at=start + DAY)
    assert read().tallies(REPLY) == []
    assert read().count(Fate.EARLY) == 2


def test_without_a_score_that_rests_on_something_a_deal_does_not_count(
    workspace, tell, read, start
):
    never, empty, later = uuid4(), uuid4(), uuid4()
    tell(workspace, scored(empty, 0, coverage=0), at=start - DAY)
    tell(workspace, accepted(never), accepted(empty), accepted(later), at=start)
    tell(workspace, scored(later), at=start + DAY)
    assert read().tallies(REPLY) == []
    assert read().count(Fate.UNJUDGED) == 3


def test_a_refusal_is_no_reply(workspace, tell, read, start):
    deal = uuid4()
    tell(workspace, scored(deal), accepted(deal), at=start)
    tell(workspace, responded(deal, "stop"), responded(deal, "wrong_number"), at=start + DAY)
    assert read().tallies(REPLY) == [Tally(70, 1, 0)]


def test_a_contract_is_an_accepted_offer_or_the_stage(workspace, tell, read, start):
    deals = [uuid4() for _ in range(4)]
    for deal in deals:
        tell(workspace, scored(deal), accepted(deal), at=start)
    by_offer, by_stage, closed, dead = deals
    tell(workspace, offer_accepted(by_offer), moved(by_offer, "under_contract"), at=start + DAY)
    tell(workspace, moved(by_stage, "under_contract"), moved(closed, "closed"), at=start + DAY)
    tell(workspace, moved(dead, "dead"), at=start + DAY)
    assert read().tallies(CONTRACT) == [Tally(70, 4, 3)]


def test_deals_of_an_undone_import_never_were(workspace, tell, read, start):
    deal = uuid4()
    tell(workspace, scored(deal), accepted(deal), at=start)
    tell(workspace, removed(deal), at=start + DAY)
    assert read().contacted == 0


def test_since_when_goes_by_the_first_message(workspace, tell, read, start):
    old, new = uuid4(), uuid4()
    tell(workspace, scored(old, 10), scored(new, 20), accepted(old), at=start - DAY)
    tell(workspace, accepted(old), accepted(new), at=start)
    assert read(since=start).tallies(REPLY) == [Tally(20, 1, 0)]


def test_versions_are_told_apart_by_the_score_that_counted(workspace, tell, read, start):
    rules = RuleSet.objects.create(workspace=workspace, name="Classic", is_active=False)
    first, second = uuid4(), uuid4()
    tell(workspace, scored(first, 50, version=3, rules=rules.public_id), accepted(first), at=start)
    tell(workspace, scored(second, 60, version=4, rules=rules.public_id), at=start)
    tell(workspace, accepted(second), at=start + DAY)
    tell(workspace, scored(first, 55, version=4, rules=rules.public_id), at=start + DAY)
    newest, older = read().versions
    assert (newest.label, newest.deals) == ("Classic, version 4", 1)
    assert (older.label, older.deals) == ("Classic, version 3", 1)
    assert read().narrowed(older.key).tallies(REPLY) == [Tally(50, 1, 0)]


def test_another_workspaces_facts_do_not_count(other_workspace, tell, read, start):
    deal = uuid4()
    tell(other_workspace, scored(deal), accepted(deal), responded(deal), at=start)
    assert read().contacted == 0


def test_another_workspaces_reply_or_score_of_the_same_id_does_not_count(
    workspace, other_workspace, tell, read, start
):
    deal = uuid4()
    tell(workspace, scored(deal, 30), at=start)
    tell(other_workspace, scored(deal, 90), at=start)
    tell(workspace, accepted(deal), at=start)
    tell(other_workspace, responded(deal), at=start + DAY)
    assert read().tallies(REPLY) == [Tally(30, 1, 0)]


def page(client: Client, address: str = "/score-check/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def history(workspace, tell, start, today_on):
    """300 deals of three scores; the higher the score, the more replied."""
    for score, replies in ((20, 3), (55, 12), (85, 40)):
        deals = [uuid4() for _ in range(100)]
        tell(workspace, *(scored(deal, score) for deal in deals), at=start - DAY)
        tell(workspace, *(accepted(deal) for deal in deals), at=start)
        tell(workspace, *(responded(deal) for deal in deals[:replies]), at=start + DAY)


def test_a_stranger_is_sent_to_sign_in(db):
    response = Client().get("/score-check/")
    assert response["Location"].startswith("/account/login/")


def test_only_reading_is_possible(workspace, signed_in):
    assert signed_in(workspace).post("/score-check/").status_code == 405


def test_without_any_message_there_is_not_enough_data(workspace, signed_in):
    html = page(signed_in(workspace))
    assert "Not enough data" in html
    assert "No deal has been written to yet" in html


def test_the_page_tells_bands_measures_and_what_they_mean(workspace, signed_in, history):
    html = page(signed_in(workspace))
    replies, contracts = html.split('id="contract-title"')
    assert "55 of 300 deals replied within 30 days: 18.3% (95%: 14.4% to 23.1%)" in replies
    assert "The score ranks deals: of 100 pairs" in replies
    assert "It is no probability of a reply" in replies
    assert "40.0%" in replies
    assert "Not enough data: 300 deals, of which 0 came under contract." in contracts


def test_the_first_message_may_be_too_young(workspace, signed_in, history):
    html = page(signed_in(workspace), "/score-check/?days=90")
    assert "first written to less than 90 days ago" in html
    assert "Not enough data: 0 deals, of which 0 replied." in html


def test_what_is_no_choice_is_said_and_left_out(workspace, signed_in, history):
    html = page(signed_in(workspace), "/score-check/?days=31&since=soon&version=gone:1")
    assert html.count("It was left out.") == 2
    assert "All rules are shown." in html
    assert "55 of 300 deals replied within 30 days" in html


def test_one_version_alone(workspace, signed_in, history):
    html = page(signed_in(workspace), f"/score-check/?version={scored(uuid4()).rule_set}:1")
    assert "selected" in html.partition('id="id_version"')[2].partition("</select>")[0]
    assert "55 of 300 deals replied" in html


def test_the_page_costs_the_same_whatever_it_counts(
    workspace, signed_in, history, django_assert_max_num_queries
):
    client = signed_in(workspace)
    with django_assert_max_num_queries(QUERY_BOUND):
        page(client)


def test_the_page_obeys_the_content_security_policy(workspace, signed_in, history):
    html = page(signed_in(workspace))
    assert " style=" not in html
    assert "<style" not in html

"""Today over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from apps.deals.models import LeadImport
from apps.inbox.models import Conversation
from apps.offers.models import Offer, Strategy

pytestmark = pytest.mark.django_db

# What the page may cost whatever it shows: session, user, memberships, sandbox flag and one query
# for each list, with names and reasons of the held messages.
QUERY_BOUND = 18


def wait(workspace, deal, since, **more):
    return Conversation.objects.create(
        workspace=workspace,
        contact=deal.seller,
        deal=deal,
        unread_count=1,
        last_message_at=since,
        last_channel="sms",
        last_excerpt="What is your price?",
        first_unanswered_at=since,
        **more,
    )


def offer(workspace, deal, now, **more):
    strategy, _ = Strategy.objects.in_workspace(workspace).get_or_create(
        key="cash", defaults={"workspace": workspace, "name": "Cash"}
    )
    values = {
        "amount": Decimal("91500"),
        "made_at": now,
        "expires_at": now + timedelta(days=9),
        "token_hash": uuid4().hex,
    }
    return Offer.objects.create(
        workspace=workspace,
        deal=deal,
        seller=deal.seller,
        strategy=strategy,
        formula="wholesale",
        formula_version=1,
        strategy_version=1,
        emd_amount=1000,
        inspection_days=10,
        closing_days=30,
        **(values | more),
    )


def page(client: Client, address: str = "/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", ["/", "/today/live/"])
def test_a_stranger_is_sent_to_sign_in(db, address):
    response = Client().get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_only_reading_is_possible(workspace, signed_in):
    assert signed_in(workspace).post("/").status_code == 405


def test_without_deals_the_page_teaches_the_first_step(workspace, signed_in):
    html = page(signed_in(workspace))
    assert "From a list to a contract" in html
    assert 'href="/import/"' in html


def test_someone_who_may_not_import_is_not_offered_to(workspace, signed_in):
    html = page(signed_in(workspace, "read_only"))
    assert "From a list to a contract" in html
    assert "btn btn-primary mt-4" not in html


def test_with_deals_but_none_qualified_it_says_so(workspace, signed_in, make_deal):
    make_deal(workspace, verdict="rejected", score=12)
    html = page(signed_in(workspace))
    assert "0 qualified" in html
    assert "1 Elm St" not in html


def test_the_best_deals_come_by_score_and_end_with_the_contract(workspace, signed_in, make_deal):
    make_deal(workspace, "7 Low Rd", score=61)
    make_deal(workspace, "8 High Rd", score=95)
    make_deal(workspace, "9 Won Rd", score=99, stage="under_contract")
    html = page(signed_in(workspace))
    assert html.index("8 High Rd") < html.index("7 Low Rd")
    assert "9 Won Rd" not in html
    assert "2 qualifying now" in html


def test_the_day_is_the_workspaces_own(workspace, signed_in, monkeypatch):
    late_in_new_york = datetime(2026, 11, 23, 0, 21, tzinfo=UTC)
    monkeypatch.setattr("apps.common.clock.now", lambda: late_in_new_york)
    assert "Sunday, November 22" in page(signed_in(workspace))


def test_replies_wait_longest_first_with_a_clock(workspace, signed_in, make_deal, now, today_on):
    fresh, late = make_deal(workspace, "1 Fresh Rd"), make_deal(workspace, "2 Late Rd")
    wait(workspace, fresh, now - timedelta(seconds=30))
    wait(workspace, late, now - timedelta(hours=3))
    html = page(signed_in(workspace), "/today/live/")
    assert html.index("Owner of 2 Late Rd") < html.index("Owner of 1 Fresh Rd")
    assert "3 h" in html
    assert "30 s" in html


def test_answered_closed_and_snoozed_conversations_do_not_wait(
    workspace, signed_in, make_deal, now, today_on
):
    lines = ("1 A Rd", "2 B Rd", "3 C Rd")
    done, closed, asleep = (make_deal(workspace, line) for line in lines)
    answered = wait(workspace, done, now)
    Conversation.objects.in_workspace(workspace).filter(pk=answered.pk).update(
        first_unanswered_at=None
    )
    wait(workspace, closed, now, state="closed")
    wait(workspace, asleep, now, snoozed_until=now + timedelta(days=1))
    assert "Nobody is waiting" in page(signed_in(workspace), "/today/live/")


def test_open_offers_show_viewed_and_ending(workspace, signed_in, make_deal, now, today_on):
    soon, seen, over = (make_deal(workspace, f"{n} Offer Rd") for n in (1, 2, 3))
    offer(workspace, soon, now, expires_at=now + timedelta(hours=47))
    offer(workspace, seen, now, viewed_at=now)
    offer(workspace, over, now, expires_at=now)
    offers = page(signed_in(workspace)).partition("Offers out")[2].partition("</section>")[0]
    assert offers.index("2 Offer Rd") < offers.index("1 Offer Rd")
    assert offers.count("Ends soon") == 1
    assert offers.count("Viewed") == 1
    assert "3 Offer Rd" not in offers
    assert "$91,500" in offers


def test_a_running_import_shows_its_progress(workspace, signed_in):
    LeadImport.objects.create(
        workspace=workspace,
        file_name="list.csv",
        sha256="0",
        byte_count=1,
        vendor="x",
        state="running",
        rows_total=2523,
        rows_done=500,
    )
    html = page(signed_in(workspace), "/today/live/")
    assert "500 of 2,523 rows" in html
    assert 'hx-trigger="every 3s"' in html


def test_another_workspaces_things_are_invisible(
    workspace, other_workspace, signed_in, make_deal, now
):
    mine = make_deal(workspace, "1 Mine Rd")
    theirs = make_deal(other_workspace, "2 Theirs Rd")
    wait(other_workspace, theirs, now)
    offer(other_workspace, theirs, now)
    html = page(signed_in(workspace))
    assert mine.property.line in html
    assert "Theirs Rd" not in html


def test_the_number_of_queries_does_not_grow_with_the_rows(
    workspace, signed_in, make_deal, now, django_assert_max_num_queries
):
    for number in range(12):
        deal = make_deal(workspace, f"{number} Many Rd")
        wait(workspace, deal, now)
        offer(workspace, deal, now)
    client = signed_in(workspace)
    with django_assert_max_num_queries(QUERY_BOUND):
        page(client, "/?days=90")


def test_the_page_obeys_its_own_content_security_policy(workspace, signed_in):
    response = signed_in(workspace).get("/")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    html = response.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "sandbox-banner" in html

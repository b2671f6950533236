"""The wholesaler's pages: what they show, who may press what, and whose they are."""

import json
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.urls import reverse

from apps.offers import actions
from apps.offers.letters import public_link
from apps.offers.models import Offer
from apps.offers.printing import print_next
from apps.offers.queries import current_document, pdf_bytes

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MAKERS = ["owner", "admin", "acquisitions"]
WATCHERS = ["dispositions", "read_only"]


@pytest.fixture(autouse=True)
def at_the_tests_time(monkeypatch, now):
    for module in ("deal", "public"):
        monkeypatch.setattr(f"apps.offers.views.{module}.now", lambda: now)


class Balance(HTMLParser):
    """Fails on a tag that is closed without being open, or left open."""

    VOID = frozenset({"input", "br", "img", "meta", "link", "hr", "use"})

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def html(response, status=200):
    assert response.status_code == status
    text = response.content.decode()
    check = Balance()
    check.feed(text)
    assert check.open == []
    return text


def make(client, deal, **changes):
    data = {"strategy": "cash", "seller": str(deal.seller.public_id), **changes}
    return client.post(reverse("offers:make", args=[deal.public_id]), data, headers=HTMX)


def test_the_empty_panel_says_what_the_strategy_would_pay(workspace, signed_in, deal, strategy):
    page = html(signed_in(workspace).get(reverse("offers:deal_panel", args=[deal.public_id])))
    assert "No offer yet" in page
    assert "$125,000.00" in page
    assert "Make offer" in page


@pytest.mark.parametrize("role", MAKERS)
def test_making_an_offer_answers_at_once_with_a_job_to_poll(
    workspace, signed_in, deal, strategy, role
):
    page = html(make(signed_in(workspace, role), deal))
    document = current_document(Offer.objects.in_workspace(workspace).get())
    assert document.state == "queued"
    assert reverse("offers:job", args=[document.public_id]) in page
    assert "every 2s" in page


def test_the_deals_header_hears_of_an_offer_of_its_print_and_of_its_end(
    workspace, signed_in, deal, strategy, now
):
    client = signed_in(workspace)
    assert make(client, deal)["HX-Trigger"] == "offers-changed"
    offer = Offer.objects.in_workspace(workspace).get()
    job = reverse("offers:job", args=[current_document(offer).public_id])
    assert "HX-Trigger" not in client.get(job, headers=HTMX)
    print_next(clock=lambda: now)
    assert client.get(job, headers=HTMX)["HX-Trigger"] == "offers-changed"
    target = reverse("offers:withdraw", args=[offer.public_id])
    assert client.post(target, {"from": "panel"}, headers=HTMX)["HX-Trigger"] == "offers-changed"


def test_another_offer_steps_back_while_one_stands(workspace, signed_in, deal, strategy, offer):
    client = signed_in(workspace)
    panel = reverse("offers:deal_panel", args=[deal.public_id])
    assert "Make another offer" in html(client.get(panel))
    client.post(reverse("offers:withdraw", args=[offer.public_id]))
    assert "Make another offer" not in html(client.get(panel))


def test_without_javascript_the_button_leads_back_to_the_deal(workspace, signed_in, deal, strategy):
    answer = signed_in(workspace).post(
        reverse("offers:make", args=[deal.public_id]),
        {"strategy": "cash", "seller": str(deal.seller.public_id)},
    )
    assert answer.status_code == 302
    assert answer["Location"] == reverse("deals:deal_detail", args=[deal.public_id])


@pytest.mark.parametrize("role", WATCHERS)
def test_watchers_see_offers_and_may_not_touch_them(workspace, signed_in, deal, offer, role):
    client = signed_in(workspace, role)
    page = html(client.get(reverse("offers:deal_panel", args=[deal.public_id])))
    assert "$125,000.00" in page
    assert "Make offer" not in page
    assert "Withdraw" not in page
    assert make(client, deal).status_code == 403
    answer = client.post(reverse("offers:withdraw", args=[offer.public_id]))
    assert answer.status_code == 403
    assert Offer.objects.in_workspace(workspace).get().state == "ready"


def test_a_refusal_is_a_sentence_in_the_panel(workspace, signed_in, make_deal, strategy):
    deal = make_deal(workspace, verdict="review")
    page = html(make(signed_in(workspace), deal), 422)
    assert "This deal is not qualified (verdict: review, score 72)." in page


def test_only_the_deals_own_people_and_live_strategies_can_be_chosen(
    workspace, signed_in, make_deal, deal, strategy
):
    client = signed_in(workspace)
    stranger = make_deal(workspace).seller
    assert make(client, deal, seller=str(stranger.public_id)).status_code == 422
    assert make(client, deal, strategy="nothing").status_code == 422
    assert not Offer.objects.in_workspace(workspace).exists()


def test_the_job_turns_into_the_file(workspace, signed_in, offer, now):
    client = signed_in(workspace)
    url = reverse("offers:job", args=[current_document(offer).public_id])
    assert "Printing the PDF" in html(client.get(url, headers=HTMX))
    state = json.loads(client.get(url, headers={"Accept": "application/json"}).content)
    assert (state["state"], state["document_url"]) == ("queued", None)
    print_next(clock=lambda: now)
    page = html(client.get(url, headers=HTMX))
    assert "every 2s" not in page
    assert reverse("offers:document", args=[offer.public_id]) in page
    state = json.loads(client.get(url, headers={"Accept": "application/json"}).content)
    assert state["state"] == "done"
    assert state["document_url"] == reverse("offers:document", args=[offer.public_id])


def test_the_detail_page_explains_every_figure(workspace, signed_in, offer, printed):
    page = html(signed_in(workspace).get(reverse("offers:offer_detail", args=[offer.public_id])))
    for words in (
        "$175,000.00",
        "$250,000.00 × 70%",
        "−$40,000.00",
        "estimated per square foot",
        "Cash offer, version 1",
        "mao_wholesale version 1",
        printed.sha256,
        public_link(offer),
        "Document printed",
        "Offer made",
        "Dec 4, 2026, 5:00 PM EST",
    ):
        assert words in page


def test_the_file_is_served_as_it_was_stored_and_never_kept_or_sniffed(
    workspace, signed_in, offer, printed
):
    url = reverse("offers:document", args=[offer.public_id])
    answer = signed_in(workspace).get(url)
    assert answer.content == pdf_bytes(printed)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    name = f"Offer {offer.reference} 1 Whalley Avenue.pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{name}"'


def test_a_hostile_file_name_stays_a_name(workspace, signed_in, make_deal, strategy, system, now):
    deal = make_deal(workspace, line='é"\r\nX-Evil: 1/../\u202e')
    offer = actions.make_offer(
        workspace=workspace, actor=system, deal=deal, seller=None, strategy=strategy, now=now
    )
    print_next(clock=lambda: now)
    url = reverse("offers:document", args=[offer.public_id])
    answer = signed_in(workspace).get(f"{url}?download=1")
    assert "X-Evil" not in answer.headers
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Offer%20OF-")
    assert "%2F" not in answer["Content-Disposition"]


def test_there_is_no_file_before_it_is_printed(workspace, signed_in, offer):
    url = reverse("offers:document", args=[offer.public_id])
    assert signed_in(workspace).get(url).status_code == 404


def test_withdrawing_kills_the_link(workspace, signed_in, client, offer, printed):
    link = public_link(offer).removeprefix("http://127.0.0.1:8000")
    assert client.get(link).status_code == 200
    answer = signed_in(workspace).post(
        reverse("offers:withdraw", args=[offer.public_id]), {"from": "panel"}, headers=HTMX
    )
    page = html(answer)
    assert "Withdrawn" in page
    assert public_link(offer) not in page
    assert client.get(link).status_code == 404


def test_strangers_get_404_and_nobody_gets_in_unsigned(
    workspace, other_workspace, signed_in, client, deal, offer, printed
):
    stranger = signed_in(other_workspace)
    urls = [
        reverse("offers:deal_panel", args=[deal.public_id]),
        reverse("offers:offer_detail", args=[offer.public_id]),
        reverse("offers:document", args=[offer.public_id]),
        reverse("offers:job", args=[printed.public_id]),
    ]
    for url in urls:
        assert stranger.get(url).status_code == 404
        assert client.get(url).status_code == 302
    posts = [
        reverse("offers:make", args=[deal.public_id]),
        reverse("offers:withdraw", args=[offer.public_id]),
    ]
    for url in posts:
        assert stranger.post(url, {"strategy": "cash"}).status_code == 404
    member = signed_in(workspace)
    for url in urls:
        unknown = url.replace(url.split("/")[-2], str(uuid4()))
        assert member.get(unknown).status_code == 404
    assert Offer.objects.in_workspace(workspace).get().state == "ready"


def test_hostile_names_are_shown_as_text(workspace, signed_in, make_deal, strategy, system, now):
    evil = "<script>alert(1)</script>"
    deal = make_deal(workspace, name=evil, line=evil)
    offer = actions.make_offer(
        workspace=workspace, actor=system, deal=deal, seller=None, strategy=strategy, now=now
    )
    client = signed_in(workspace)
    for url in (
        reverse("offers:deal_panel", args=[deal.public_id]),
        reverse("offers:offer_detail", args=[offer.public_id]),
    ):
        assert evil not in html(client.get(url))


def test_the_panel_costs_as_many_queries_for_many_offers_as_for_one(
    workspace, signed_in, make_deal, strategy, system, now, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from apps.deals.models import DealParty

    client = signed_in(workspace)
    deal = make_deal(workspace)
    counts = []
    for _ in range(3):
        person = make_deal(workspace).seller
        DealParty.objects.create(workspace=workspace, deal=deal, contact=person, rank=2)
        actions.make_offer(
            workspace=workspace, actor=system, deal=deal, seller=person, strategy=strategy, now=now
        )
        with CaptureQueriesContext(
            connection,
        ) as captured:
            html(client.get(reverse("offers:deal_panel", args=[deal.public_id])))
        counts.append(len(captured))
    assert counts[0] == counts[2]
    assert counts[0] <= 15

"""The whole line through pages and sweeps: a list in, an offer out, a reply home, a contract."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.channels.models import Message, SandboxDelivery
from apps.deals.models import Deal
from apps.events import tasks as events
from apps.events.models import Event
from apps.inbox.models import Conversation
from apps.offers.models import Offer
from apps.sequences.models import Enrollment
from tests.conftest import NOW
from tests.journeys.line import answer, make_offer, start_follow_up, sweep

pytestmark = pytest.mark.django_db


def fact_names(deal: Deal) -> set[str]:
    return set(Event.objects.filter(deal=deal.public_id).values_list("name", flat=True))


def test_a_list_becomes_an_offer_a_text_a_reply_and_a_contract(
    frozen, wholesaler, best_deal, workspace
):
    page = wholesaler.get(reverse("deals:deal_detail", args=[best_deal.public_id]))
    assert page.status_code == 200
    assert "Absentee" in page.content.decode()

    offer = make_offer(wholesaler, best_deal)
    pdf = wholesaler.get(reverse("offers:document", args=[offer.public_id]))
    assert pdf["Content-Type"] == "application/pdf"

    enrollment = start_follow_up(wholesaler, best_deal)
    text = Message.objects.in_workspace(workspace).get()
    assert (text.channel, text.state) == ("sms", "accepted")
    assert SandboxDelivery.objects.in_workspace(workspace).count() == 1

    answer(wholesaler, best_deal, "what's your price?")
    enrollment.refresh_from_db()
    assert enrollment.state == "stopped"
    conversation = Conversation.objects.in_workspace(workspace).get()
    inbox = wholesaler.get(reverse("inbox:conversation_detail", args=[conversation.public_id]))
    assert "what&#x27;s your price?" in inbox.content.decode()
    best_deal.refresh_from_db()
    assert best_deal.stage.kind == "in_conversation"

    accept_on_the_public_page(wholesaler, offer)
    best_deal.refresh_from_db()
    assert best_deal.stage.kind == "under_contract"

    frozen.shift(timedelta(seconds=1))
    today = wholesaler.get(reverse("analytics:today")).content.decode()
    assert re.search(r"Under contract</t[hd]>\s*<td[^>]*>\s*1\s*<", today), today
    assert {
        "deals.deal_opened.v1",
        "deals.deal_scored.v1",
        "offers.offer_made.v1",
        "offers.offer_rendered.v1",
        "sequences.enrollment_started.v1",
        "channels.message_accepted.v1",
        "contacts.contact_responded.v1",
        "sequences.enrollment_stopped.v1",
        "offers.offer_accepted.v1",
        "deals.deal_moved.v1",
    } <= fact_names(best_deal)
    out = StringIO()
    call_command("replay_check", stdout=out)
    events.seal()
    call_command("verify_events", stdout=out)
    assert "stand as their facts say" in out.getvalue()
    assert "as they were written; 0 wait" in out.getvalue()


def accept_on_the_public_page(wholesaler: Client, offer: Offer) -> None:
    panel = wholesaler.get(reverse("offers:deal_panel", args=[offer.deal.public_id]))
    link = re.search(r"/o/[A-Za-z0-9_-]{20,}/", panel.content.decode())
    assert link is not None
    seller = Client(enforce_csrf_checks=True)
    page = seller.get(link.group(0))
    fields = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', page.content.decode()))
    response = seller.post(
        link.group(0) + "accept/",
        {**fields, "typed_name": "Inventa Specimen", "consent": "on"},
    )
    assert response.status_code < 400, response.content[:2000]
    sweep()
    offer.refresh_from_db()
    assert offer.state == "accepted"


def test_a_seller_who_says_nothing_hears_five_times_and_is_left_alone(
    frozen, wholesaler, best_deal, workspace
):
    start_follow_up(wholesaler, best_deal)
    for hours in range(0, 8 * 24, 4):
        frozen.move_to(NOW + timedelta(hours=hours), tick=False)
        sweep()
    sent = SandboxDelivery.objects.in_workspace(workspace).order_by("id")
    assert list(sent.values_list("channel", flat=True)) == [
        "sms",
        "email",
        "sms",
        "voicemail",
        "sms",
    ]
    assert Enrollment.objects.in_workspace(workspace).get().state == "finished"


def test_stop_holds_at_once_and_for_good(frozen, wholesaler, best_deal, workspace):
    start_follow_up(wholesaler, best_deal)
    answer(wholesaler, best_deal, "STOP")
    assert Enrollment.objects.in_workspace(workspace).get().state == "stopped"
    for hours in range(0, 8 * 24, 12):
        frozen.move_to(NOW + timedelta(hours=hours), tick=False)
        sweep()
    purposes = Message.objects.in_workspace(workspace).filter(state="accepted")
    kinds = sorted(purposes.values_list("purpose", flat=True))
    assert kinds == ["opt_out_confirmation", "sequence"]

"""The steps of the line, as a person and beat take them."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from apps.channels import tasks as channels
from apps.channels.models import InboundMessage
from apps.contacts import tasks as contacts
from apps.deals import tasks as deals
from apps.deals.ingestion import tasks as ingestion
from apps.deals.models import Deal
from apps.events import tasks as events
from apps.events.models import Delivery, Event
from apps.offers import tasks as offers
from apps.offers.models import Offer
from apps.sequences import tasks as sequences
from apps.sequences.models import Enrollment, Sequence


def sweep() -> None:
    """What beat starts, until nothing more happens."""
    for _ in range(6):
        before = Event.objects.count()
        for task in (
            ingestion.continue_imports,
            events.deliver,
            deals.rescore_due,
            contacts.check_due,
            sequences.advance_due_sequences,
            events.deliver,
            channels.send_due,
            offers.render_due,
            events.deliver,
        ):
            task()
        if Event.objects.count() == before:
            break
    failed = Delivery.objects.exclude(error="").values_list("subscriber", "error")
    assert not list(failed), "\n".join(f"{name}: {error}" for name, error in failed)


def make_offer(client: Client, deal: Deal) -> Offer:
    response = client.post(
        reverse("offers:make", args=[deal.public_id]),
        {"strategy": "cash", "seller": str(deal.seller.public_id)},
    )
    assert response.status_code < 400, response.content[:2000]
    sweep()
    return Offer.objects.in_workspace(deal.workspace).get(deal=deal)


def start_follow_up(client: Client, deal: Deal) -> Enrollment:
    sequence = Sequence.objects.in_workspace(deal.workspace).first()
    response = client.post(
        reverse("sequences:enroll", args=[deal.public_id]),
        {"sequence": str(sequence.public_id), "contact": str(deal.seller.public_id)},
    )
    assert response.status_code < 400, response.content[:2000]
    sweep()
    return Enrollment.objects.in_workspace(deal.workspace).get(deal=deal)


def answer(client: Client, deal: Deal, body: str) -> None:
    response = client.post(
        reverse("channels:answer_as_seller"),
        {
            "contact": str(deal.seller.public_id),
            "body": body,
            "channel": "sms",
            "token": f"answer-{InboundMessage.objects.in_workspace(deal.workspace).count()}",
        },
    )
    assert response.status_code < 400, response.content[:2000]
    sweep()

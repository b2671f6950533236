"""Seen, accepted, withdrawn, expired: exactly one end, with evidence."""

from datetime import timedelta

import pytest

from apps.events.actions import Actor
from apps.events.queries import list_facts
from apps.offers import actions
from apps.offers.actions.answering import Signature
from apps.offers.due import list_due_to_expire
from apps.offers.errors import (
    DocumentNotReady,
    OfferAlreadyAccepted,
    OfferExpired,
    OfferWithdrawn,
)
from apps.offers.models import Offer
from apps.offers.queries import current_document, pdf_bytes

pytestmark = pytest.mark.django_db


def sign(document, **changes):
    values = {
        "typed_name": "Margaret O’Brien",
        "consent_version": "2026-11",
        "consent_text": "I accept.",
        "document_sha256": document.sha256,
        "ip": "203.0.113.9",
        "user_agent": "Phone",
    }
    return Signature(**{**values, **changes})


@pytest.fixture
def do(workspace, offer, now):
    actor = Actor.contact(offer.seller.public_id, offer.seller.name)

    def run(action, **values):
        values = {"offer": offer, "now": now, **values}
        return action(workspace=workspace, actor=actor, **values)

    return run


def last_fact(workspace, offer):
    return list_facts(workspace.pk, subject=offer.public_id)[0]


def test_acceptance_keeps_what_was_signed_by_whom_and_when(workspace, offer, printed, do, now):
    accepted = do(actions.accept_offer, signature=sign(printed))
    assert (accepted.state, accepted.accepted_at, accepted.viewed_at) == ("accepted", now, now)
    fact = last_fact(workspace, offer)
    assert fact.name == "offers.offer_accepted.v1"
    assert fact.actor_label == "Margaret O’Brien"
    assert fact.payload["evidence"] == accepted.evidence
    assert accepted.evidence["document_sha256"] == printed.sha256
    assert accepted.evidence["content_key"] == printed.content_key
    assert accepted.evidence["typed_name"] == "Margaret O’Brien"
    assert accepted.evidence["ip"] == "203.0.113.9"


def test_the_signed_file_outlives_the_key_it_was_sealed_with(offer, printed, do, settings):
    before = pdf_bytes(printed)
    do(actions.accept_offer, signature=sign(printed))
    settings.SECRET_KEY = "another key"
    kept = current_document(offer)
    assert not kept.is_sealed
    assert pdf_bytes(kept) == before


def test_only_the_first_acceptance_counts(printed, do):
    do(actions.accept_offer, signature=sign(printed))
    with pytest.raises(OfferAlreadyAccepted):
        do(actions.accept_offer, signature=sign(printed, typed_name="Somebody Else"))
    with pytest.raises(OfferAlreadyAccepted):
        do(actions.withdraw_offer, reason="too late")


def test_nothing_is_signed_before_the_document_stands(offer, do):
    with pytest.raises(DocumentNotReady, match="being prepared"):
        do(actions.accept_offer, signature=sign(current_document(offer)))


def test_another_file_than_the_one_on_record_is_not_signed(printed, do):
    with pytest.raises(DocumentNotReady, match="read it again"):
        do(actions.accept_offer, signature=sign(printed, document_sha256="0" * 64))


def test_a_withdrawn_offer_is_over(printed, do):
    do(actions.withdraw_offer, reason="changed our mind")
    with pytest.raises(OfferWithdrawn):
        do(actions.accept_offer, signature=sign(printed))
    assert do(actions.withdraw_offer, reason="again").state == "withdrawn"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=400)])
def test_an_expired_offer_is_over_with_or_without_the_sweep(offer, printed, do, late):
    with pytest.raises(OfferExpired):
        do(actions.accept_offer, signature=sign(printed), now=offer.expires_at + late)


def test_the_last_second_still_counts(offer, printed, do):
    moment = offer.expires_at - timedelta(microseconds=1)
    assert do(actions.accept_offer, signature=sign(printed), now=moment).state == "accepted"


def test_the_sweep_closes_what_is_due_and_nothing_else(workspace, offer, do):
    assert list_due_to_expire(now=offer.expires_at - timedelta(seconds=1)) == []
    assert do(actions.expire_offer).state == "ready"
    assert [row.pk for row in list_due_to_expire(now=offer.expires_at)] == [offer.pk]
    do(actions.expire_offer, now=offer.expires_at)
    do(actions.expire_offer, now=offer.expires_at)
    assert last_fact(workspace, offer).name == "offers.offer_expired.v1"
    assert len(list_facts(workspace.pk, subject=offer.public_id)) == 2
    assert list_due_to_expire(now=offer.expires_at) == []


def test_only_the_first_view_is_recorded(workspace, offer, do, now):
    do(actions.record_view)
    do(actions.record_view, now=now + timedelta(hours=1))
    assert Offer.objects.in_workspace(workspace).get().viewed_at == now
    assert len(list_facts(workspace.pk, subject=offer.public_id)) == 2

"""What starts a follow-up, and what an accepted offer or a dead number does to it."""

import threading
from decimal import Decimal

import pytest
from django.db import connections

from apps.events.actions import Actor, action
from apps.events.catalog.contacts import PhoneMarked
from apps.events.catalog.offers import OfferAccepted, OfferMade
from apps.events.publish import publish
from apps.events.queries import list_facts
from apps.sequences.models import Enrollment
from apps.sequences.queries import find_sequence


@action
def say(*, fact, workspace, actor, now):
    publish(fact, workspace_id=workspace.pk, actor=actor, now=now)


@pytest.fixture
def told(workspace, system, now, deliver):
    def run(fact):
        say(fact=fact, workspace=workspace, actor=system, now=now)
        deliver()

    return run


def offer_made(deal, now):
    return OfferMade(
        subject=deal.public_id,
        deal=deal.public_id,
        seller=deal.seller.public_id,
        strategy="cash",
        strategy_version=1,
        formula="mao_wholesale",
        amount=Decimal(120_000),
        inputs={},
        expires_at=now,
        document=deal.public_id,
    )


@pytest.mark.django_db
def test_a_new_workspace_has_the_shipped_sequence(workspace, deliver):
    deliver()
    steps = find_sequence(workspace, "seller_first_contact").steps.all()
    assert [step.channel for step in steps] == ["sms", "email", "sms", "voicemail", "sms"]


@pytest.mark.django_db
def test_an_offer_starts_the_sequence_an_admin_bound_to_it(deal, sequence, told, now):
    told(offer_made(deal, now))
    assert not Enrollment.across_workspaces.exists()
    sequence.trigger = "offer_made"
    sequence.save()
    told(offer_made(deal, now))
    told(offer_made(deal, now))
    row = Enrollment.across_workspaces.get()
    assert (row.sequence, row.deal, row.contact) == (sequence, deal, deal.seller)


@pytest.mark.django_db
def test_an_offer_to_somebody_who_cannot_be_reached_is_no_failure(make_deal, sequence, told, now):
    sequence.trigger = "offer_made"
    sequence.save()
    told(offer_made(make_deal(phone=False), now))
    assert not Enrollment.across_workspaces.exists()


@pytest.mark.django_db
def test_the_texts_can_name_the_open_offer(workspace, deal, enroll, told, now):
    from apps.channels.models import MessageTemplate
    from apps.sequences.queries import NoLetter, write_letter

    row = enroll(deal)
    step = row.sequence.steps.get(position=1)
    step.template = MessageTemplate(
        workspace=workspace, name="With a price", channel="sms", body="We offer {{ offer_amount }}."
    )
    with pytest.raises(NoLetter, match="offer_amount"):
        write_letter(workspace, row, step)
    told(offer_made(deal, now))
    assert write_letter(workspace, row, step).body == "We offer $120,000."


@pytest.mark.django_db
def test_an_accepted_offer_stops_the_follow_up_of_the_deal(deal, make_deal, enroll, told):
    row, other = enroll(deal), enroll(make_deal())
    told(
        OfferAccepted(
            subject=deal.public_id,
            deal=deal.public_id,
            seller=deal.seller.public_id,
            amount=Decimal(120_000),
            evidence={},
        )
    )
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.stopped_reason) == ("stopped", "offer_accepted")
    assert other.state == "active"


@pytest.mark.django_db
def test_a_dead_number_stops_only_who_has_no_other_address(make_deal, enroll, told):
    from apps.contacts.models import Phone

    with_mail, without = make_deal(), make_deal(email=False)
    rows = [enroll(with_mail), enroll(without)]
    for deal in (with_mail, without):
        phone = Phone.across_workspaces.get(contact=deal.seller)
        phone.status = "invalid"
        phone.save()
        told(
            PhoneMarked(
                subject=deal.seller.public_id, e164=phone.e164, status="invalid", reason="dead"
            )
        )
    for row in rows:
        row.refresh_from_db()
    assert [(row.state, row.stopped_reason) for row in rows] == [
        ("active", ""),
        ("stopped", "dead_number"),
    ]


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_are_one_enrollment(workspace, deal, sequence, now):
    from apps.sequences.actions import enroll_contact

    start, found, errors = threading.Barrier(8), [], []

    def click():
        try:
            start.wait()
            row = enroll_contact(
                workspace=workspace,
                actor=Actor.system("tests"),
                sequence=sequence,
                deal=deal,
                contact=deal.seller,
                now=now,
            )
            found.append(row.pk)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert set(found) == {Enrollment.across_workspaces.get().pk}
    starts = list_facts(workspace.pk, names=["sequences.enrollment_started.v1"])
    assert len(starts) == 1


def test_who_wrote_start_again_is_followed_up_at_that_number(
    deal, enroll, tick, sent, reply, now, hours
):
    """The refusal of the person stands on paper; the number they reopened may be texted."""
    enroll(deal)
    tick(now)
    reply(deal, "STOP", now + hours(1))
    tick(now + hours(1))
    reply(deal, "START", now + hours(30))
    tick(now + hours(30))
    row = enroll(deal, at=now + hours(31))
    tick(now + hours(31))
    row.refresh_from_db()
    assert row.state == "active"
    assert sent(deal)[-1].idempotency_key == f"{row.public_id}:1"

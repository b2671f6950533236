"""A seller with a deal, phones and e-mail, and the shipped sequence in a sandbox workspace."""

from __future__ import annotations

from datetime import timedelta

import pytest


@pytest.fixture
def make_deal(workspace, system, now, deliver):
    """make_deal(…) -> a deal with one seller who has a mobile phone and an e-mail address."""
    from apps.contacts.models import Contact, EmailAddress, Phone
    from apps.deals.actions.laying import lay_pipeline
    from apps.deals.models import Deal, DealParty, Property, Stage

    deliver()
    counter = iter(range(1, 10_000))

    def make(ws=workspace, phone=True, email=True, name="Ana Rivera"):
        lay_pipeline(workspace=ws, actor=system, now=now)
        number = next(counter)
        seller = Contact.objects.create(
            workspace=ws, name=name, first_name=name.split()[0], match_key=f"{name} {number}"
        )
        if phone:
            Phone.objects.create(
                workspace=ws, contact=seller, e164=f"+1203555{number:04d}", line_type="mobile"
            )
        if email:
            EmailAddress.objects.create(
                workspace=ws, contact=seller, address=f"seller{number}@example.com"
            )
        home = Property.objects.create(
            workspace=ws,
            line=f"{number} MAPLE ST",
            city="NEW HAVEN",
            state="CT",
            zip="06511",
            address_key=f"{number} MAPLE ST|06511",
        )
        stage = Stage.objects.in_workspace(ws).get(kind="offered")
        deal = Deal.objects.create(
            workspace=ws, property=home, stage=stage, seller=seller, stage_entered_at=now
        )
        DealParty.objects.create(workspace=ws, deal=deal, contact=seller)
        return deal

    return make


@pytest.fixture
def deal(make_deal):
    return make_deal()


@pytest.fixture
def sequence(workspace, deliver):
    """The shipped one: a new workspace loads it by itself."""
    from apps.sequences.queries import find_sequence

    deliver()
    return find_sequence(workspace, "seller_first_contact")


@pytest.fixture
def enroll(workspace, system, now, sequence):
    def run(deal, at=now, **extra):
        from apps.sequences.actions import enroll_contact

        return enroll_contact(
            workspace=workspace,
            actor=system,
            sequence=extra.get("sequence", sequence),
            deal=deal,
            contact=deal.seller,
            now=at,
        )

    return run


@pytest.fixture
def tick(deliver):
    """tick(at) -> advance, deliver and send until nothing more happens at that instant."""
    from apps.channels.sweeps.sending import send_due
    from apps.sequences.actions import advance_due

    def run(at):
        for _ in range(20):
            moved = advance_due(clock=lambda: at)
            moved += deliver(at)
            moved += send_due(clock=lambda: at)
            moved += deliver(at)
            if not moved:
                return
        raise AssertionError("it never comes to rest")

    return run


@pytest.fixture
def sent(workspace):
    """sent(deal) -> (channel, hours after the start) of what the provider took, in order."""
    from apps.channels.models import Message

    def read(deal):
        rows = Message.objects.in_workspace(workspace).filter(
            contact_ref=deal.seller.public_id, state__in=["accepted", "delivered"]
        )
        return list(rows.order_by("claimed_at"))

    return read


@pytest.fixture
def hours():
    return lambda count: timedelta(hours=count)


@pytest.fixture
def reply(workspace):
    """reply(deal, text, at) -> the seller writes from the phone that was texted."""
    from apps.channels.actions import receive_message
    from apps.channels.types import Channel, InboundCall
    from apps.events.actions import Actor

    counter = iter(range(1, 10_000))

    def run(deal, text, at):
        phone = deal.seller.phones.get()
        call = InboundCall(
            provider="sandbox",
            external_id=f"in-{next(counter)}",
            channel=Channel.SMS,
            from_address=phone.e164,
            to_address="+12035550000",
            body=text,
        )
        return receive_message(
            workspace=workspace, actor=Actor.provider("sandbox"), call=call, now=at
        )

    return run

"""People with everything that can hang on them, and a dump of all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import Q

from apps.channels.models import Consent, InboundMessage, Message, RawCall, Suppression
from apps.contacts.models import Contact, EmailAddress, Phone, SkipTrace
from apps.deals.actions.laying import lay_pipeline
from apps.deals.models import Deal, DealParty, Property, Stage
from apps.inbox.models import Conversation
from apps.offers.models import LetterOfIntent, Offer, Strategy
from apps.sequences.models import Enrollment, Sequence

# Every table of every room whose rows may name a contact, and by what.
BY_KEY = {
    "contacts.Contact": "pk",
    "contacts.Phone": "contact",
    "contacts.EmailAddress": "contact",
    "contacts.SkipTrace": "contact",
    "deals.Deal": "seller",
    "deals.DealParty": "contact",
    "offers.Offer": "seller",
    "offers.LetterOfIntent": "seller",
    "sequences.Enrollment": "contact",
    "inbox.Conversation": "contact",
}
BY_REF = ("channels.Message", "channels.InboundMessage", "channels.Consent")
# When duplicates were last looked for is no property of the person.
BOOKKEEPING = {"compared_at"}


def dump(*people: Contact) -> dict[str, dict[int, dict[str, Any]]]:
    """Every row that names one of them, column by column."""
    keys, refs = [one.pk for one in people], [one.public_id for one in people]
    wanted = {label: Q(**{f"{field}__in": keys}) for label, field in BY_KEY.items()}
    wanted |= {label: Q(contact_ref__in=refs) for label in BY_REF}
    return {label: _rows(apps.get_model(label), query) for label, query in wanted.items()}


def _rows(model: Any, query: Q) -> dict[int, dict[str, Any]]:
    columns = [
        field.attname for field in model._meta.concrete_fields if field.attname not in BOOKKEEPING
    ]
    rows = model.across_workspaces.filter(query).order_by("pk").values(*columns)
    return {row["id"]: row for row in rows}


class World:
    """Makes rows as the rooms would, plainly and quickly."""

    def __init__(self, workspace, system, now):
        self.workspace, self.system, self.now = workspace, system, now
        self.count = 0
        lay_pipeline(workspace=workspace, actor=system, now=now)
        self.stage = Stage.objects.in_workspace(workspace).get(kind="offered")
        self.strategy = Strategy.objects.in_workspace(workspace).first()
        self.sequence = Sequence.objects.in_workspace(workspace).first()

    def next(self) -> int:
        self.count += 1
        return self.count

    def person(self, name="Ann Sample", phones=(), emails=(), **fields) -> Contact:
        number = self.next()
        contact = Contact.objects.create(
            workspace=self.workspace,
            name=name,
            first_name=name.split()[0],
            last_name=name.split()[-1],
            match_key=f"{name} @ {number}",
            **fields,
        )
        for rank, e164 in enumerate(phones, 1):
            self.phone(contact, e164, rank)
        for rank, address in enumerate(emails, 1):
            EmailAddress.objects.create(
                workspace=self.workspace, contact=contact, address=address, rank=rank
            )
        return contact

    def phone(self, contact, e164, rank=1, **fields) -> Phone:
        return Phone.objects.create(
            workspace=self.workspace, contact=contact, e164=e164, rank=rank, **fields
        )

    def deal(self, seller, *others) -> Deal:
        number = self.next()
        home = Property.objects.create(
            workspace=self.workspace, line=f"{number} Elm St", state="CT", address_key=f"k{number}"
        )
        deal = Deal.objects.create(
            workspace=self.workspace,
            property=home,
            stage=self.stage,
            seller=seller,
            stage_entered_at=self.now,
        )
        for rank, contact in enumerate(dict.fromkeys([seller, *others]), 1):
            DealParty.objects.create(
                workspace=self.workspace, deal=deal, contact=contact, rank=rank
            )
        return deal

    def offer(self, deal, seller) -> Offer:
        return Offer.objects.create(
            workspace=self.workspace,
            deal=deal,
            seller=seller,
            strategy=self.strategy,
            amount=100_000,
            formula="cash",
            formula_version=1,
            strategy_version=1,
            emd_amount=1_000,
            inspection_days=10,
            closing_days=30,
            token_hash=uuid4().hex,
            made_at=self.now,
            expires_at=self.now + timedelta(days=7),
        )

    def intent(self, deal, seller) -> LetterOfIntent:
        return LetterOfIntent.objects.create(
            workspace=self.workspace,
            deal=deal,
            seller=seller,
            content_key=uuid4().hex,
            letter={},
            made_at=self.now,
            available_at=self.now,
        )

    def enrollment(self, deal, contact, **fields) -> Enrollment:
        values = {"state": "active", "due_at": self.now + timedelta(days=1), "next_position": 2}
        return Enrollment.objects.create(
            workspace=self.workspace,
            sequence=self.sequence,
            deal=deal,
            contact=contact,
            started_at=self.now,
            **{**values, **fields},
        )

    def conversation(self, contact, **fields) -> Conversation:
        return Conversation.objects.create(
            workspace=self.workspace,
            contact=contact,
            **{"last_message_at": self.now, "last_excerpt": f"by {contact.name}", **fields},
        )

    def message(self, contact, address="+12035550150", **fields) -> Message:
        number = self.next()
        values = {
            "idempotency_key": f"m{number}",
            "channel": "sms",
            "purpose": "manual",
            "contact_ref": contact.public_id,
            "to_address": address,
            "body": "Hello",
            "due_at": self.now,
            "queued_at": self.now - timedelta(microseconds=number),
        }
        return Message.objects.create(workspace=self.workspace, **{**values, **fields})

    def reply(self, contact, address="+12035550150") -> InboundMessage:
        number = self.next()
        raw = RawCall.objects.create(
            workspace=self.workspace,
            provider="sandbox",
            kind="inbound",
            external_id=f"in{number}",
            received_at=self.now,
        )
        return InboundMessage.objects.create(
            workspace=self.workspace,
            raw_call=raw,
            channel="sms",
            from_address=address,
            body="Hi",
            intent="none",
            contact_ref=contact.public_id,
            received_at=self.now - timedelta(microseconds=number),
        )

    def consent(self, contact, **fields) -> Consent:
        values = {"basis": "express", "channels": ["sms"], "given_at": self.now}
        return Consent.objects.create(
            workspace=self.workspace, contact_ref=contact.public_id, **{**values, **fields}
        )

    def refusal(self, contact, at=None, kind="opt_out") -> Suppression:
        return Suppression.objects.create(
            workspace=self.workspace,
            kind=kind,
            contact_ref=contact.public_id,
            suppressed_at=at or self.now,
        )

    def trace(self, contact, state="answered") -> SkipTrace:
        return SkipTrace.objects.create(
            workspace=self.workspace,
            contact=contact,
            provider="sandbox",
            state=state,
            requested_at=self.now,
            expires_at=self.now + timedelta(days=30),
            cost_amount="0.12",
        )

"""Writing out a step's message: the template's words, this seller's values, their address."""

from __future__ import annotations

from decimal import Decimal

from apps.channels.rules import merge
from apps.channels.rules.content import EMAIL_OPT_OUT, TEXT_OPT_OUT
from apps.contacts.models import Contact
from apps.contacts.queries import best_email, best_phone
from apps.deals.models import Deal
from apps.events.queries import list_facts
from apps.sequences.models import Enrollment, Step
from apps.sequences.rules import readable
from apps.sequences.types import Letter
from apps.workspaces.models import Workspace

OFFER_FACTS = (
    "offers.offer_made.v1",
    "offers.offer_withdrawn.v1",
    "offers.offer_expired.v1",
)


class NoLetter(ValueError):
    """The step has no message for this seller; the text says why, for a person."""


def find_address(workspace: Workspace, contact: Contact, channel: str) -> str:
    """Where this contact is reached on a channel; empty when nowhere."""
    if channel == "email":
        email = best_email(workspace, contact)
        return email.address if email else ""
    phone = best_phone(workspace, contact)
    return phone.e164 if phone else ""


def is_reachable(workspace: Workspace, contact: Contact) -> bool:
    """Whether any phone or e-mail of the contact may still be tried."""
    return best_phone(workspace, contact) is not None or best_email(workspace, contact) is not None


def write_letter(workspace: Workspace, enrollment: Enrollment, step: Step) -> Letter:
    """Raises NoLetter when the seller has no address or a field of the text is empty."""
    address = find_address(workspace, enrollment.contact, step.channel)
    if not address:
        kind = "e-mail address" if step.channel == "email" else "phone number"
        raise NoLetter(f"{enrollment.contact.name} has no {kind} that can be used.")
    texts = (step.template.subject, step.template.body)
    try:
        wanted = {name for text in texts for name in merge.fields_in(text)}
        values = _values(workspace, enrollment.contact, enrollment.deal, wanted)
        subject, body = (merge.render(text, values) for text in texts)
    except merge.TemplateRefused as refusal:
        raise NoLetter(f"The text “{step.template.name}” cannot be written: {refusal}") from None
    return Letter(address, subject, body)


def _values(workspace: Workspace, contact: Contact, deal: Deal, wanted: set[str]) -> dict[str, str]:
    home = deal.property
    values = {
        "first_name": readable(contact.first_name),
        "last_name": readable(contact.last_name),
        "full_name": readable(contact.name),
        "property_address": readable(f"{home.line} {home.unit}".strip()),
        "property_city": readable(home.city),
        "property_state": home.state,
        "sender_name": workspace.sender_name or workspace.name,
        "company_name": workspace.name,
        "sender_phone": workspace.sender_phone,
        "legal_address": workspace.legal_address,
        "opt_out_words": TEXT_OPT_OUT,
        "unsubscribe_hint": EMAIL_OPT_OUT,
    }
    if "offer_amount" in wanted:
        values["offer_amount"] = _open_offer_amount(workspace, deal, contact)
    return values


def _open_offer_amount(workspace: Workspace, deal: Deal, contact: Contact) -> str:
    """The last offer made to this seller, from the log: offers is a sibling and not imported."""
    facts = list_facts(workspace.pk, deal=deal.public_id, names=OFFER_FACTS, limit=20)
    closed = set()
    for fact in facts:
        if fact.payload.get("seller") != str(contact.public_id):
            continue
        if fact.name != OFFER_FACTS[0]:
            closed.add(fact.subject)
        elif fact.subject not in closed:
            return f"${Decimal(fact.payload['amount']):,.0f}"
    return ""

"""What a letter of intent says of each way to buy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from apps.common.phones import phone_text
from apps.contacts.models import Contact
from apps.deals.models import Deal
from apps.offers.letters import mailing_lines, place_lines
from apps.offers.pdf.intent import IntentLetter, IntentOption
from apps.offers.rules import day_text, expiry, moment_text
from apps.offers.strategies.structure import StructureKind, StructureQuote, money
from apps.workspaces.models import Workspace

MOST_OPTIONS = 3
VALID_DAYS = 14
TITLES = {
    StructureKind.CASH: "Cash, closed fast",
    StructureKind.SELLER_FINANCE: "A higher price, paid over time",
    StructureKind.SUBJECT_TO: "We take over your loan payments",
    StructureKind.LEASE_OPTION: "We lease now and buy later",
    StructureKind.NOVATION: "We bring it to market for you",
}
# Figures of the derivation that the seller is told, by kind; the rest is our own reckoning.
_TOLD = {
    StructureKind.CASH: (),
    StructureKind.SELLER_FINANCE: (
        "Loan from the seller",
        "Payment a month",
        "Balloon with the last payment",
    ),
    StructureKind.SUBJECT_TO: ("Loan taken over", "Arrears brought current"),
    StructureKind.LEASE_OPTION: (),
    StructureKind.NOVATION: (),
}
_WORDS = {
    "Loan from the seller": "You lend us {amount} of the price, secured by the property.",
    "Payment a month": "We pay you {amount} a month.",
    "Balloon with the last payment": "The rest of {amount} is due after {months} months.",
    "Loan taken over": "Your loan of {amount} stays in your name; we make its payments.",
    "Arrears brought current": "We bring arrears of {amount} current at closing.",
}
_FIXED = {
    StructureKind.CASH: (
        "All cash at closing, as is: no repairs, no agents’ fees, no appraisal.",
        "Closing through a licensed title company or closing attorney.",
    ),
    StructureKind.SELLER_FINANCE: ("You keep a recorded lien until the last payment.",),
    StructureKind.SUBJECT_TO: (
        "The lender may call the loan when the deed changes hands; we tell you how we prepare"
        " for that.",
    ),
    StructureKind.LEASE_OPTION: (
        "We lease for up to {months} months and may buy at the price above within that time.",
        "We find and manage the tenant.",
    ),
    StructureKind.NOVATION: (
        "You receive an agreed net; we prepare, list and sell within about {months} months.",
        "Repairs, agents and closing costs are ours.",
        "It needs your written consent to a new contract with the final buyer.",
    ),
}


def write_intent_letter(
    deal: Deal,
    seller: Contact,
    quotes: Sequence[StructureQuote],
    workspace: Workspace,
    now: datetime,
) -> IntentLetter:
    """The letter as everything stands now; valid until close of business in 14 days."""
    zone = workspace.time_zone
    return IntentLetter(
        prepared_at=now,
        prepared_on=day_text(now, zone),
        expires_text=moment_text(expiry(now, valid_days=VALID_DAYS, zone=zone), zone),
        buyer_name=workspace.name,
        buyer_address=workspace.legal_address,
        buyer_contact=(
            workspace.sender_name,
            phone_text(workspace.sender_phone),
            workspace.sender_email,
        ),
        seller_name=seller.name,
        seller_lines=mailing_lines(seller),
        property_lines=place_lines(deal.property),
        options=tuple(_option(quote) for quote in quotes),
    )


def _option(quote: StructureQuote) -> IntentOption:
    amounts = {line.label: line.amount for line in quote.lines}
    told = [
        _WORDS[label].format(amount=money(amounts[label]), months=quote.months)
        for label in _TOLD[quote.kind]
        if amounts.get(label)
    ]
    fixed = [sentence.format(months=quote.months) for sentence in _FIXED[quote.kind]]
    return IntentOption(
        title=TITLES[quote.kind],
        price=_shown(quote.offer_amount),
        at_closing=_shown(quote.seller_now_amount),
        over_time=_shown(quote.seller_total_amount),
        terms=(*told, *fixed),
    )


def _shown(amount: object) -> str:
    return f"${amount:,.0f}" if amount is not None else "–"

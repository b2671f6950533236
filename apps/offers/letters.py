"""From an offer to what its document says, and back from the stored snapshot."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.common.phones import phone_text
from apps.contacts.models import Contact
from apps.deals.models import Property
from apps.offers.models import Offer
from apps.offers.pdf.document import Clause, Letter
from apps.offers.rules import day_text, moment_text
from apps.offers.tokens import find_token
from apps.offers.wording import DISCLOSURES
from apps.workspaces.models import Workspace


def public_link(offer: Offer) -> str:
    """The seller's link; empty when the key that made it is gone."""
    token = find_token(offer.public_id, offer.revision, offer.token_hash)
    return settings.PUBLIC_URL + reverse("offers:public_offer", args=[token]) if token else ""


def link_letter(offer: Offer, workspace: Workspace, channel: str) -> tuple[str, str]:
    """Subject and body of the message that brings the seller the link."""
    home, link = offer.deal.property, public_link(offer)
    sender = workspace.sender_name or workspace.name
    name = offer.seller.first_name or "there"
    if channel == "sms":
        text = (
            f"Hi {name}, {sender} with {workspace.name}: our offer for {home.line} is here: {link}"
            " Reply STOP to opt out."
        )
        return "", text
    lines = [
        f"Hello {name},",
        f"our cash offer for {home.address} is ready. Read it, and accept it if it suits you:",
        link,
        "It is a proposal: nothing binds you until you accept.",
        f"{sender}\n{workspace.name}\n{workspace.legal_address}",
        "This is an advertisement. Answer STOP and we will not write again.",
    ]
    return f"Our offer for {home.line}", "\n\n".join(lines)


def write_letter(offer: Offer, workspace: Workspace) -> Letter:
    """The letter of an offer as everything stands now."""
    home = offer.deal.property
    zone = workspace.time_zone
    return Letter(
        reference=offer.reference,
        prepared_at=offer.made_at,
        prepared_on=day_text(offer.made_at, zone),
        expires_text=moment_text(offer.expires_at, zone),
        buyer_name=workspace.name,
        buyer_address=workspace.legal_address,
        buyer_contact=(
            workspace.sender_name,
            phone_text(workspace.sender_phone),
            workspace.sender_email,
        ),
        seller_name=offer.seller.name,
        seller_lines=mailing_lines(offer.seller),
        property_lines=place_lines(home),
        county=home.county,
        apn=home.apn,
        price_amount=offer.amount,
        emd_amount=offer.emd_amount,
        inspection_days=offer.inspection_days,
        closing_days=offer.closing_days,
        disclosures=DISCLOSURES,
        public_link=public_link(offer),
    )


def snapshot(letter: Letter) -> dict[str, Any]:
    """The letter as JSON without its link, which is a secret."""
    plain = asdict(letter)
    del plain["public_link"]
    plain["prepared_at"] = letter.prepared_at.isoformat()
    for name in ("price_amount", "emd_amount"):
        plain[name] = str(plain[name])
    return plain


def restore(plain: dict[str, Any], *, link: str) -> Letter:
    """The letter of a snapshot, equal to the one it was taken from."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()
    }
    values["disclosures"] = tuple(Clause(**clause) for clause in plain["disclosures"])
    values["prepared_at"] = datetime.fromisoformat(plain["prepared_at"])
    for name in ("price_amount", "emd_amount"):
        values[name] = Decimal(plain[name])
    return Letter(**values, public_link=link)


def place_lines(home: Property) -> tuple[str, ...]:
    """Street and place of a property, its parcel number where there is no street."""
    street = f"{home.line} {home.unit}".strip() or f"Parcel {home.apn}"
    return tuple(filter(None, (street, _place(home.city, home.state, home.zip))))


def mailing_lines(seller: Contact) -> tuple[str, ...]:
    """Where the seller gets mail, line by line."""
    street = f"{seller.mailing_line} {seller.mailing_unit}".strip()
    place = _place(seller.mailing_city, seller.mailing_state, seller.mailing_zip)
    care_of = f"c/o {seller.care_of}" if seller.care_of else ""
    return tuple(filter(None, (care_of, street, place)))


def _place(city: str, state: str, code: str) -> str:
    return ", ".join(filter(None, (city, f"{state} {code}".strip())))

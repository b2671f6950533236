"""A letter as HTML: one trusted template, everything it prints escaped."""

from functools import cache

from django.template import Context, Engine, Template

from apps.offers.pdf.document import ASSETS, TEMPLATE, Letter, content_key, printable
from apps.offers.pdf.words import in_words


def to_html(letter: Letter) -> str:
    """The document's HTML. Only strings reach the template, so no setting can change the output."""
    words = {
        "reference": letter.reference,
        "prepared_on": letter.prepared_on,
        "expires_text": letter.expires_text,
        "buyer_name": printable(letter.buyer_name),
        # The letterhead is a fixed box: the full name stands in the body, so it may be cut here.
        "head_name": _short(letter.buyer_name, 48),
        "head_address": _short(letter.buyer_address, 80),
        "head_contact": _short("  ·  ".join(filter(None, letter.buyer_contact)), 80),
        "seller_name": printable(letter.seller_name),
        "seller_lines": [printable(line) for line in letter.seller_lines],
        "property_lines": [printable(line) for line in letter.property_lines],
        "county": printable(letter.county),
        "apn": printable(letter.apn),
        "price": f"${letter.price_amount:,.2f}",
        "price_in_words": in_words(letter.price_amount),
        "emd": f"${letter.emd_amount:,.2f}",
        "balance": f"${letter.price_amount - letter.emd_amount:,.2f}",
        "inspection_days": str(letter.inspection_days),
        "closing_days": str(letter.closing_days),
        "disclosures": letter.disclosures,
        "public_link": letter.public_link,
        "document_id": content_key(letter)[:16],
    }
    return _template().render(Context(words))


def _short(text: str, limit: int) -> str:
    line = printable(text)
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


@cache
def _template() -> Template:
    # Its own engine: no loaders but this folder, no tag libraries, no context processors.
    return Engine(dirs=[str(ASSETS)], autoescape=True, libraries={}).get_template(TEMPLATE)

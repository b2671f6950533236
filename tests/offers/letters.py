"""A finished letter for tests, any field replaceable."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from apps.offers.pdf.document import Clause, Letter


def letter(**changes: Any) -> Letter:
    """A two-page offer by an invented company to invented sellers."""
    values: dict[str, Any] = {
        "reference": "OF-7K2M9Q",
        "prepared_at": datetime(2026, 11, 22, 15, 4, tzinfo=UTC),
        "prepared_on": "November 22, 2026",
        "expires_text": "December 6, 2026, 5:00 PM EST",
        "buyer_name": "Blue Gate Homes LLC",
        "buyer_address": "12 Harbor Street, Suite 4, New Haven, CT 06511",
        "buyer_contact": ("(203) 555-0142", "offers@bluegate.example.com"),
        "seller_name": "Margaret O’Brien & José Ñuñez",
        "seller_lines": ("48 Whalley Avenue", "New Haven, CT 06511"),
        "property_lines": ("48 Whalley Avenue", "New Haven, CT 06511"),
        "county": "New Haven",
        "apn": "305-0286-00100",
        "price_amount": Decimal("182500.00"),
        "emd_amount": Decimal("1000.00"),
        "inspection_days": 10,
        "closing_days": 30,
        "disclosures": (
            Clause("We are a wholesale buyer", "Buyer is not acting as your agent or broker."),
            Clause("We intend to assign", "Buyer intends to assign this agreement for a fee."),
        ),
        "public_link": "https://crm.bluegate.example.com/o/x8Jd0_qWkT2mZc5Lr7Hn1VbYsPg3AeUf9oQi6/",
    }
    return Letter(**{**values, **changes})

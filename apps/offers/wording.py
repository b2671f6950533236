"""Texts a seller reads and agrees to. Each has a version that is stored with the acceptance.

Engineering input, not legal advice: a lawyer of the state should read them.
"""

from apps.offers.pdf.document import Clause

DISCLOSURE_VERSION = "2026-11"
CONSENT_VERSION = "2026-11"

# What a wholesale buyer must tell a seller in writing before the agreement binds (A.R.S.
# § 44-5101), and the intent to assign for more that Oklahoma's SB 1075 asks for. Printed in
# every state: an honest sentence too many costs nothing, one too few may void the contract.
DISCLOSURES = (
    Clause(
        "We are a wholesale buyer",
        "Buyer is in the business of buying property below market value. Buyer is not acting as "
        "your agent or broker. Once you accept, Buyer holds an equitable interest in the "
        "property, not its title.",
    ),
    Clause(
        "We intend to assign",
        "Buyer intends to assign its right to buy to another buyer, for a fee and for more than "
        "the price in this offer. Your price and terms do not change. The other buyer pays the "
        "fee, and it is shown on the settlement statement.",
    ),
    Clause(
        "What you may do",
        "You do not have to accept. You may compare this price with what the property could "
        "bring on the open market, and have an attorney or a licensed broker read this offer "
        "first.",
    ),
)


def consent_text(*, price: str, address: str, buyer: str) -> str:
    """The sentence beside the checkbox, stored word for word with the acceptance."""
    return (
        f"I own {address} or may sign for its owner. I accept the offer of {buyer} for {price} "
        "on the terms in the document, and I agree that typing my name here is my signature. "
        "I have read that the buyer intends to assign the contract for a fee."
    )

"""What many rows say about one deal, gathered once per statement: one pass over each table.

Each source is a common table expression over `scoped`, the deals at hand.
"""

from __future__ import annotations

from datetime import date

from apps.contacts.models import EmailAddress, Phone
from apps.deals.models.lists import Signal
from apps.deals.models.pipeline import DealParty

from .compile import Sql
from .registry.flags import SIGNAL_FLAGS, TAX_KINDS

DEAD_PHONES = (Phone.Status.INVALID, Phone.Status.WRONG_NUMBER, Phone.Status.PARKED)
DEAD_EMAILS = (EmailAddress.Status.INVALID, EmailAddress.Status.BOUNCED)
OWNING = (DealParty.Part.OWNER, DealParty.Part.CO_OWNER)


def quoted(kinds: tuple[str, ...]) -> str:
    """Words of our own, never of a list, as a text for IN."""
    return ", ".join(f"'{kind}'" for kind in kinds)


# Not a join: SQLite would read all parties rather than those of the scope.
_OF_SCOPE = "dp.deal_id IN (SELECT id FROM scoped)"
# The same number under two of a deal's people counts once.
_PHONES = (
    "SELECT n.deal_id, COUNT(*) AS usable, SUM(n.mobile) AS mobile, SUM(n.verified) AS verified,"
    " SUM(n.callable) AS callable, SUM(n.callable * n.verified) AS callable_verified,"
    " SUM(n.callable * n.mobile) AS callable_mobile, MAX(n.litigator) AS litigator"
    " FROM (SELECT dp.deal_id, p.e164,"
    f" MAX(CASE WHEN p.line_type = '{Phone.LineType.MOBILE}' THEN 1 ELSE 0 END) AS mobile,"
    f" MAX(CASE WHEN p.status = '{Phone.Status.VERIFIED}' THEN 1 ELSE 0 END) AS verified,"
    " MIN(CASE WHEN p.is_dnc OR p.is_litigator THEN 0 ELSE 1 END) AS callable,"
    " MAX(CASE WHEN p.is_litigator THEN 1 ELSE 0 END) AS litigator"
    " FROM deals_dealparty dp JOIN contacts_phone p ON p.contact_id = dp.contact_id"
    f" WHERE {_OF_SCOPE} AND p.status NOT IN ({quoted(DEAD_PHONES)})"
    " GROUP BY dp.deal_id, p.e164) n GROUP BY n.deal_id"
)


def sources(today: date) -> dict[str, Sql]:
    """Name of the expression -> its SELECT."""
    return {
        "sg": _signals(today),
        "li": Sql(
            "SELECT lm.property_id, COUNT(*) AS named, MAX(lm.last_seen_on) AS last_on"
            " FROM deals_listmembership lm"
            " WHERE lm.property_id IN (SELECT property_id FROM scoped) GROUP BY lm.property_id"
        ),
        "ph": Sql(_PHONES),
        "em": Sql(
            "SELECT dp.deal_id, COUNT(DISTINCT e.address) AS usable FROM deals_dealparty dp"
            " JOIN contacts_emailaddress e ON e.contact_id = dp.contact_id"
            f" WHERE {_OF_SCOPE} AND e.status NOT IN ({quoted(DEAD_EMAILS)}) GROUP BY dp.deal_id"
        ),
        "ow": Sql(
            "SELECT dp.contact_id, COUNT(DISTINCT dd.property_id) AS held FROM deals_dealparty dp"
            " JOIN deals_deal dd ON dd.id = dp.deal_id"
            f" WHERE dp.part IN ({quoted(OWNING)})"
            " AND dp.contact_id IN (SELECT seller_id FROM scoped) GROUP BY dp.contact_id"
        ),
    }


def _signals(today: date) -> Sql:
    """`is_open` is 1 or 0, so that MAX over the rows of a kind is the flag and NULL is silence."""
    day = today.isoformat()
    flags = ", ".join(
        f"MAX(CASE WHEN s.kind IN ({quoted(kinds)}) THEN s.is_open END) AS {name}"
        for name, kinds in SIGNAL_FLAGS.items()
    )
    is_tax = f"s.is_open = 1 AND s.kind IN ({quoted(TAX_KINDS)})"
    return Sql(
        f"SELECT s.property_id, SUM(s.is_open) AS open_count, {flags},"
        f" MIN(CASE WHEN {is_tax} THEN s.observed_on END) AS tax_since,"
        f" MAX(CASE WHEN {is_tax} THEN s.amount END) AS tax_owed,"
        f" MIN(CASE WHEN s.is_open = 1 AND s.kind = '{Signal.Kind.AUCTION}'"
        " AND s.observed_on >= %s THEN s.observed_on END) AS auction_on,"
        " MAX(CASE WHEN s.is_open = 1 AND s.observed_on <= %s THEN s.observed_on END) AS newest_on"
        " FROM (SELECT property_id, kind, observed_on, amount,"
        " CASE WHEN ended_on IS NULL OR ended_on > %s THEN 1 ELSE 0 END AS is_open"
        " FROM deals_signal WHERE property_id IN (SELECT property_id FROM scoped)) s"
        " GROUP BY s.property_id",
        (day, day, day),
    )

"""Signs of distress. `SIGNAL_FLAGS` names the kinds of `Signal` behind each flag.

Open: yes. Ended: no. Never told: unknown, since silence of a list proves nothing.
"""

from __future__ import annotations

from apps.deals.models.lists import Signal
from apps.deals.qualification.metric import count, flag
from apps.deals.qualification.types import Unit

_K = Signal.Kind
TAX_KINDS = (_K.TAX_DELINQUENT, _K.TAX_LIEN)
SIGNAL_FLAGS: dict[str, tuple[Signal.Kind, ...]] = {
    "is_vacant": (_K.VACANT,),
    "is_tax_delinquent": TAX_KINDS,
    "has_tax_lien": (_K.TAX_LIEN,),
    "has_lien": (_K.LIEN,),
    "is_pre_foreclosure": (_K.PRE_FORECLOSURE, _K.AUCTION),
    "has_foreclosure": (_K.FORECLOSURE,),
    "has_auction": (_K.AUCTION,),
    "has_bankruptcy": (_K.BANKRUPTCY,),
    "has_divorce": (_K.DIVORCE,),
    "has_probate": (_K.PROBATE,),
    "has_deceased_owner": (_K.DECEASED_OWNER,),
    "has_violation": (_K.VIOLATION, _K.VACATE_ORDER),
    "has_vacate_order": (_K.VACATE_ORDER,),
    "has_eviction": (_K.EVICTION,),
    "has_failed_listing": (_K.FAILED_LISTING,),
    "is_tired_landlord": (_K.TIRED_LANDLORD,),
    "has_other_signal": (_K.OTHER,),
}

DISTRESS = (
    count(
        "signal_count",
        "Signals of distress",
        "Open signals: tax liens, violations, vacancy and the like.",
        "the deal was not looked at yet; without signals it is 0",
    ),
    count(
        "signal_age",
        "Days since last signal",
        "Days since the newest open signal was observed.",
        "there is no open signal",
        Unit.DAYS,
    ),
    flag(
        "is_vacant",
        "Vacant",
        "Nobody lives there, by a list's flag or an open signal.",
        "no source says anything about vacancy",
    ),
    flag(
        "is_tax_delinquent",
        "Tax delinquent",
        "An open signal of unpaid property tax or a tax lien.",
        "no source says anything about unpaid tax",
    ),
    count(
        "tax_delinquent_years",
        "Years tax delinquent",
        "Full years since the oldest open sign of unpaid property tax; a list that names no year"
        " counts from its own day. 0 once paid.",
        "no source says anything about unpaid tax",
        Unit.YEARS,
    ),
    flag(
        "has_tax_lien",
        "Tax lien",
        "An open tax lien.",
        "no source says anything about a tax lien",
    ),
    flag(
        "has_lien",
        "Lien or judgment",
        "An open lien or judgment other than for tax.",
        "no source says anything about liens",
    ),
    flag(
        "is_pre_foreclosure",
        "Pre-foreclosure",
        "An open notice of default or a scheduled auction.",
        "no source says anything about a foreclosure",
    ),
    flag(
        "has_foreclosure",
        "Foreclosure",
        "The lender has foreclosed or is about to.",
        "no source says anything about a foreclosure",
    ),
    flag(
        "has_auction",
        "Auction scheduled",
        "An auction is scheduled and was not called off.",
        "no source says anything about an auction",
    ),
    count(
        "days_to_auction",
        "Days to auction",
        "Days until the next scheduled auction; 0 is today.",
        "no auction of a day to come is known",
        Unit.DAYS,
    ),
    flag(
        "has_bankruptcy",
        "Bankruptcy",
        "An open bankruptcy.",
        "no source says anything about bankruptcy",
    ),
    flag(
        "has_divorce",
        "Divorce",
        "An open divorce.",
        "no source says anything about a divorce",
    ),
    flag(
        "has_probate",
        "Probate or inherited",
        "The property is in probate or was inherited.",
        "no source says anything about probate",
    ),
    flag(
        "has_deceased_owner",
        "Owner deceased",
        "A list or a look-up says that the owner has died.",
        "no source says that the owner has died",
    ),
    flag(
        "has_violation",
        "Code violation",
        "An open code violation or vacate order.",
        "no source says anything about violations",
    ),
    flag(
        "has_vacate_order",
        "Vacate order",
        "An open order to vacate.",
        "no source says anything about a vacate order",
    ),
    flag(
        "has_eviction",
        "Eviction",
        "An open eviction.",
        "no source says anything about evictions",
    ),
    flag(
        "is_tired_landlord",
        "Tired landlord",
        "A list names the owner a tired landlord.",
        "no source says anything about it",
    ),
    flag(
        "has_other_signal",
        "Other sign of distress",
        "An open signal of a kind without a name of its own.",
        "no source tells another sign",
    ),
)

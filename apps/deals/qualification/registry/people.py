from __future__ import annotations

from apps.deals.qualification.metric import count, flag, text

_NO_OWNER = "the deal has no owner"
PEOPLE = (
    text("owner_kind", "Kind of owner", "person, company, trust or estate.", _NO_OWNER),
    flag("is_owner_company", "Company owner", "The owner is a company.", _NO_OWNER),
    flag("is_owner_trust", "Trust owner", "The owner is a trust.", _NO_OWNER),
    flag(
        "is_absentee",
        "Absentee owner",
        "The owner's mailing address is not the property's.",
        "the owner's mailing address is missing",
    ),
    flag(
        "is_out_of_state",
        "Owner out of state",
        "The owner gets mail in another state.",
        "the owner's mailing state is missing",
    ),
    flag(
        "is_owner_occupied",
        "Owner-occupied by the list",
        "The vendor's own flag, kept apart from the computed one.",
        "the list has no such flag",
    ),
    count(
        "portfolio_count",
        "Properties of the owner",
        "Properties in this workspace of which the seller is owner or co-owner, this one included;"
        " counted anew every day.",
        _NO_OWNER,
    ),
    count(
        "phone_count",
        "Phone numbers",
        "Usable phone numbers of the owners: neither invalid, wrong nor parked.",
        _NO_OWNER,
    ),
    count("mobile_count", "Mobile numbers", "Usable numbers known to be mobile.", _NO_OWNER),
    count(
        "verified_phone_count",
        "Verified numbers",
        "Numbers that somebody verified.",
        _NO_OWNER,
    ),
    count(
        "callable_phone_count",
        "Callable numbers",
        "Usable numbers without a do-not-call or litigator mark.",
        _NO_OWNER,
    ),
    count(
        "email_count",
        "E-mail addresses",
        "Addresses of the owners that are neither invalid nor bounced.",
        _NO_OWNER,
    ),
    count(
        "contactability",
        "Contactability",
        "0 to 100. Best callable number: verified 50, mobile 35, other 20; a second one 10;"
        " an e-mail address 20; a mailing address without a do-not-mail mark 20.",
        _NO_OWNER,
    ),
    flag("do_not_mail", "Do not mail", "The vendor's flag.", "the list has no such flag"),
    flag(
        "is_litigator",
        "Litigator",
        "The owner or one of their usable numbers is marked as a litigator's.",
        _NO_OWNER,
    ),
)

"""What the importer hands from step to step."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.common.names import Name


class Outcome(StrEnum):
    """How a row of a file ended. Every row has exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class Note(StrEnum):
    """What is odd about a row. The first group rejects it, the rest is kept beside it."""

    EMPTY_ROW = "empty_row"
    TOO_MANY_CELLS = "too_many_cells"
    NOT_STORED = "not_stored"
    NO_IDENTITY = "no_identity"
    AMBIGUOUS_ADDRESS = "ambiguous_address"

    SHORT_ROW = "short_row"
    ADDRESS_MISSING = "address_missing"
    ADDRESS_UNNUMBERED = "address_unnumbered"
    APN_MISSING = "apn_missing"
    COUNTY_MISSING = "county_missing"
    STATE_UNKNOWN = "state_unknown"
    ZIP_UNKNOWN = "zip_unknown"
    ZIP_RESTORED = "zip_restored"
    OWNER_MISSING = "owner_missing"
    OWNER_FROM_CARE_OF = "owner_from_care_of"
    MAILING_MISSING = "mailing_missing"
    LOT_IN_ACRES = "lot_in_acres"
    OCCUPANCY_CONTRADICTS = "occupancy_contradicts"
    BAD_NUMBER = "bad_number"
    BAD_DATE = "bad_date"
    BAD_PHONE = "bad_phone"
    BAD_EMAIL = "bad_email"
    OTHER_ADDRESS = "other_address"


REJECTING = frozenset(
    {
        Note.EMPTY_ROW,
        Note.TOO_MANY_CELLS,
        Note.NOT_STORED,
        Note.NO_IDENTITY,
        Note.AMBIGUOUS_ADDRESS,
    }
)

SENTENCES = {
    Note.EMPTY_ROW: "The row is empty.",
    Note.TOO_MANY_CELLS: "The row has more cells than the header; its columns are shifted.",
    Note.NOT_STORED: "The database refused a value of this row.",
    Note.NO_IDENTITY: "No property address, and no APN with its county.",
    Note.AMBIGUOUS_ADDRESS: "No APN, and several parcels stand at this address.",
    Note.SHORT_ROW: "The row ends early; the missing cells were taken as empty.",
    Note.ADDRESS_MISSING: "Property address is missing; matched on county and APN.",
    Note.ADDRESS_UNNUMBERED: "The property address has no house number.",
    Note.APN_MISSING: "APN is missing; matched on the address alone.",
    Note.COUNTY_MISSING: "County is missing; matched on the address alone.",
    Note.STATE_UNKNOWN: "State is missing or unknown.",
    Note.ZIP_UNKNOWN: "ZIP is missing or not a US ZIP.",
    Note.ZIP_RESTORED: "ZIP had lost its leading zero; it was put back.",
    Note.OWNER_MISSING: "Owner 1 has no name.",
    Note.OWNER_FROM_CARE_OF: "Owner 1 had no last name; it was read from the care-of name.",
    Note.MAILING_MISSING: "Mailing address is missing.",
    Note.LOT_IN_ACRES: "Lot size was in acres; it was converted to square feet.",
    Note.OCCUPANCY_CONTRADICTS: "The vendor's owner-occupied flag contradicts the mailing address.",
    Note.BAD_NUMBER: "Not a number",
    Note.BAD_DATE: "Not a date",
    Note.BAD_PHONE: "Phone left out",
    Note.BAD_EMAIL: "Not an e-mail address",
    Note.OTHER_ADDRESS: "Same county and APN as that row, but another address.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A note on a row; `detail` names the column or the row it is about."""

    note: Note
    detail: str = ""

    def __str__(self) -> str:
        sentence = SENTENCES[self.note]
        return f"{sentence.rstrip('.')} ({self.detail})." if self.detail else sentence


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """As it is to be read; `key` is its normalized spelling ('' when there is no street line)."""

    line: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class PhoneCell:
    e164: str
    line_type: str
    is_dnc: bool


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One row of a list in the product's own terms; None and '' mean that the list says nothing.

    `apn_key` is '' unless the county is known too: only both together name a parcel.
    """

    row_no: int
    place: PostalAddress
    county: str
    apn: str
    county_key: str
    apn_key: str
    owners: tuple[Name, ...] = ()
    mailing: PostalAddress = field(default_factory=PostalAddress)
    care_of: str = ""
    phones: tuple[PhoneCell, ...] = ()
    emails: tuple[str, ...] = ()
    is_litigator: bool = False
    is_do_not_mail: bool = False
    is_owner_occupied_by_vendor: bool | None = None
    is_absentee: bool | None = None
    property_type: str = ""
    bedrooms: int | None = None
    bathrooms: Decimal | None = None
    building_sqft: int | None = None
    lot_sqft: int | None = None
    year_built: int | None = None
    effective_year_built: int | None = None
    assessed_amount: Decimal | None = None
    last_sale_on: date | None = None
    last_sale_amount: Decimal | None = None
    open_loans: int | None = None
    loan_balance_amount: Decimal | None = None
    estimated_value_amount: Decimal | None = None
    mls_status: str = ""
    mls_on: date | None = None
    mls_amount: Decimal | None = None
    lien_amount: Decimal | None = None
    marketing_lists: int | None = None
    listed_on: date | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def rejection(self) -> Problem | None:
        """The reason to refuse the row, if there is one."""
        return next((item for item in self.problems if item.note in REJECTING), None)

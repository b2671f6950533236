"""What can be odd about a row, in words for the person who sent the list."""

from dataclasses import dataclass
from enum import StrEnum


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
    BAD_FLAG = "bad_flag"
    BAD_PHONE = "bad_phone"
    BAD_EMAIL = "bad_email"
    OTHER_ADDRESS = "other_address"
    VENDOR_ARV = "vendor_arv"
    VENDOR_ID = "vendor_id"
    LIST_NOTES = "list_notes"


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
    Note.BAD_FLAG: "Neither yes nor no",
    Note.BAD_PHONE: "Phone left out",
    Note.BAD_EMAIL: "Not an e-mail address",
    Note.OTHER_ADDRESS: "Same county and APN as that row, but another address.",
    Note.VENDOR_ARV: "The list's ARV is an estimate and was not set as the deal's",
    Note.VENDOR_ID: "The vendor's id",
    Note.LIST_NOTES: "Notes of the list",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A note on a row; `detail` names the column or the row it is about."""

    note: Note
    detail: str = ""

    def __str__(self) -> str:
        sentence = SENTENCES[self.note]
        return f"{sentence.rstrip('.')} ({self.detail})." if self.detail else sentence

"""What the importer hands from step to step."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.common.names import Name
from apps.deals.ingestion.notes import REJECTING, Problem


class Outcome(StrEnum):
    """How a row of a file ended. Every row has exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


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

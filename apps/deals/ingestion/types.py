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
    carrier: str = ""
    is_litigator: bool = False
    is_reachable: bool | None = None


@dataclass(frozen=True, slots=True)
class PersonCell:
    """Somebody the row names with phones of their own; `part`: owner, resident, relative, other.

    An owner named here who is also in `owners` is the same person: the phones are theirs.
    """

    name: Name
    part: str = "other"
    phones: tuple[PhoneCell, ...] = ()
    emails: tuple[str, ...] = ()
    is_litigator: bool = False
    is_deceased: bool = False


@dataclass(frozen=True, slots=True)
class SignalCell:
    """A sign of distress in a row; `kind` is a `Signal.Kind`.

    `reference` is the source's number of the case. One that `is_over` ends what stood open, on
    `ended_on` or, where nobody says, on the row's day.
    """

    kind: str
    observed_on: date | None = None
    amount: Decimal | None = None
    detail: str = ""
    reference: str = ""
    is_over: bool = False
    ended_on: date | None = None


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
    fips: str = ""
    latitude: float | None = None
    longitude: float | None = None
    units: int | None = None
    rent_amount: Decimal | None = None
    arv_amount: Decimal | None = None
    loan_rate_pct: Decimal | None = None
    loan_payment_amount: Decimal | None = None
    is_vacant: bool | None = None
    is_deceased: bool = False
    is_do_not_call: bool = False
    people: tuple[PersonCell, ...] = ()
    lists: tuple[str, ...] = ()
    signals: tuple[SignalCell, ...] = ()
    as_of: date | None = None
    external_id: str = ""
    notes: str = ""
    # A contact list has a row for each person of a property: the second one is no duplicate.
    is_person_row: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def rejection(self) -> Problem | None:
        """The reason to refuse the row, if there is one."""
        return next((item for item in self.problems if item.note in REJECTING), None)

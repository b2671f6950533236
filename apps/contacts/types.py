"""What look-ups ask and answer, and a check that is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.contacts.models import Contact, EmailAddress, Phone
    from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class PostalAddress:
    """A US address in the four cells vendors ask for; the line carries the unit."""

    line: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True)
class TraceQuery:
    """Whom to look for: the owner's name, where their mail goes and a property they own.

    `ref` is our own mark for this question; vendors that echo it are matched by it.
    """

    name: str
    line: str
    city: str
    state: str
    postal_code: str
    first_name: str = ""
    last_name: str = ""
    ref: str = ""
    property_address: PostalAddress | None = None

    @property
    def address(self) -> PostalAddress:
        """What a property skip trace is asked about: the property, else the mailing address."""
        mailing = PostalAddress(self.line, self.city, self.state, self.postal_code)
        return self.property_address or mailing


@dataclass(frozen=True)
class TracedPhone:
    """As the vendor wrote it: number is not yet in E.164.

    `is_tcpa`: a known litigator's number. `is_reachable`: None where the vendor does not say.
    `score`: higher is likelier to reach the person, on the vendor's own scale.
    """

    number: str
    line_type: str
    is_dnc: bool
    carrier: str = ""
    is_tcpa: bool = False
    is_reachable: bool | None = None
    score: int = 0
    last_reported: date | None = None


@dataclass(frozen=True)
class TracedPerson:
    """Somebody the vendor ties to the property. `is_owner` is the vendor's word, if it has one."""

    name: str
    phones: tuple[TracedPhone, ...]
    emails: tuple[str, ...]
    is_owner: bool = False
    is_litigator: bool = False
    is_deceased: bool = False


@dataclass(frozen=True)
class TraceResult:
    """The owner's phones, best first, and other persons found at the address.

    `cost_amount` is what the vendor charges for this look-up, in dollars; zero for no match.
    """

    phones: tuple[TracedPhone, ...]
    emails: tuple[str, ...]
    is_litigator: bool
    is_deceased: bool
    cost_amount: Decimal
    candidates: tuple[TracedPerson, ...] = ()

    @property
    def is_match(self) -> bool:
        """The owner was found: candidates alone are somebody else."""
        return bool(self.phones or self.emails or self.is_litigator or self.is_deceased)

    @property
    def is_enough(self) -> bool:
        """Whether no other vendor need be asked: who may never be texted needs no phone."""
        return bool(self.phones) or self.is_litigator or self.is_deceased


@dataclass(frozen=True)
class NumberResult:
    """What a look-up says of a number.

    `is_valid`: a carrier could assign it. `is_reachable`: a phone answers to it; None for unknown.
    `line_type` is '' where the vendor does not know.
    """

    is_valid: bool
    is_reachable: bool | None
    line_type: str
    carrier: str
    cost_amount: Decimal
    note: str = ""

    @property
    def is_bad(self) -> bool:
        return not self.is_valid or self.is_reachable is False


@dataclass(frozen=True)
class DueCheck:
    """A claimed contact check."""

    workspace: Workspace
    contact: Contact


@dataclass(frozen=True)
class Difference:
    """One field of two contacts side by side. `chosen` is "survivor" or "other"."""

    field: str
    label: str
    survivor: str
    other: str
    chosen: str
    is_same: bool


@dataclass(frozen=True)
class Side:
    """One of two contacts about to be made one, with what hangs on it."""

    contact: Contact
    phones: list[Phone]
    emails: list[EmailAddress]
    messages: int

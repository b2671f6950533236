"""What a skip trace asks and answers, and a check that is due."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.contacts.models import Contact, EmailAddress, Phone
    from apps.workspaces.models import Workspace


@dataclass(frozen=True)
class TraceQuery:
    """Whom to look for: the owner's name and the address their mail goes to."""

    name: str
    line: str
    city: str
    state: str
    postal_code: str


@dataclass(frozen=True)
class TracedPhone:
    """As the vendor wrote it: number is not yet in E.164."""

    number: str
    line_type: str
    is_dnc: bool


@dataclass(frozen=True)
class TraceResult:
    """cost_amount is what the vendor charges for this lookup, in dollars; zero for no match."""

    phones: tuple[TracedPhone, ...]
    emails: tuple[str, ...]
    is_litigator: bool
    is_deceased: bool
    cost_amount: Decimal

    @property
    def is_match(self) -> bool:
        return bool(self.phones or self.emails)


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

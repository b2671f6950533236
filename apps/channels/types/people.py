"""What higher rooms tell about a person, and the shape of the functions that tell it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.channels.types.words import Channel, LineType


@dataclass(frozen=True)
class RecipientFacts:
    """What the people room knows about one person at one address, read fresh before each send.

    `states` are two-letter codes and `time_zones` IANA names of every address tied to the person;
    empty means unknown, which the guard reads as "could be anywhere in the fifty states".
    """

    states: frozenset[str] = frozenset()
    time_zones: frozenset[str] = frozenset()
    line_type: LineType = LineType.UNKNOWN
    is_dnc: bool = False
    dnc_checked_on: date | None = None
    is_litigator: bool = False
    is_deceased: bool = False
    is_wrong_number: bool = False
    is_invalid_number: bool = False
    # Why the number was set aside; '' for one that was not.
    parked_because: str = ""
    contact_name: str = ""
    source: str = ""


@dataclass(frozen=True)
class AddressOption:
    """One way to reach a person, as a choice in a form."""

    channel: Channel
    address: str
    label: str


@dataclass(frozen=True)
class ContactCard:
    """Who a thread is with, and where they can be written to; the best address comes first."""

    name: str
    addresses: tuple[AddressOption, ...] = ()


FactsReader = Callable[[int, UUID, str], RecipientFacts]
ContactFinder = Callable[[int, str], UUID | None]
ContactReader = Callable[[int, UUID], ContactCard | None]

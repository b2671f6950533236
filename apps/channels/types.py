"""The words of sending: what a message is, what the guard is told and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    VOICEMAIL = "voicemail"


class Purpose(StrEnum):
    SEQUENCE = "sequence"
    MANUAL = "manual"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    BLOCKED = "blocked"
    CANCELED = "canceled"
    PARKED = "parked"


class Verdict(StrEnum):
    ALLOW = "allow"
    DEFER = "defer"
    BLOCK = "block"


class Intent(StrEnum):
    """What an inbound text asks of the sender, before anybody reads it."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    WRONG_NUMBER = "wrong_number"
    UNCLEAR = "unclear"
    NONE = "none"


class LineType(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    VOIP = "voip"
    UNKNOWN = "unknown"


class SuppressionKind(StrEnum):
    OPT_OUT = "opt_out"
    WRONG_NUMBER = "wrong_number"
    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    CARRIER = "carrier"
    MANUAL = "manual"


class ConsentBasis(StrEnum):
    EXPRESS = "express"
    WRITTEN = "written"
    INQUIRY = "inquiry"
    START_WORD = "start_word"


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


@dataclass(frozen=True)
class SuppressionFact:
    """One standing refusal. An empty `address` means the whole person."""

    kind: SuppressionKind
    at: datetime
    address: str = ""


@dataclass(frozen=True)
class ConsentFact:
    basis: ConsentBasis
    at: datetime
    channels: frozenset[Channel] = frozenset()
    address: str = ""


@dataclass(frozen=True)
class SentFact:
    at: datetime
    channel: Channel


@dataclass(frozen=True)
class Policy:
    """A workspace's own limits. They narrow the built-in ones and can never widen them."""

    opens_at: time = time(0, 0)
    closes_at: time = time(23, 59, 59, 999999)
    is_sunday_closed: bool = False
    max_per_day: int = 3
    is_cold_sms_acknowledged: bool = False


@dataclass(frozen=True)
class ConnectionFacts:
    is_connected: bool = True
    is_sandbox: bool = False
    is_registered: bool = False


@dataclass(frozen=True)
class SenderFacts:
    name: str = ""
    legal_address: str = ""


@dataclass(frozen=True)
class Attempt:
    """Everything the guard may look at, and nothing else."""

    channel: Channel
    purpose: Purpose
    now: datetime
    address: str
    subject: str = ""
    body: str = ""
    recipient: RecipientFacts = RecipientFacts()
    suppressions: tuple[SuppressionFact, ...] = ()
    consents: tuple[ConsentFact, ...] = ()
    sent: tuple[SentFact, ...] = ()
    last_inbound_at: datetime | None = None
    is_first: bool = True
    confirmations_since_opt_out: int = 0
    policy: Policy = Policy()
    connection: ConnectionFacts = ConnectionFacts()
    sender: SenderFacts = SenderFacts()


@dataclass(frozen=True)
class Reason:
    """Why the guard answered so: a stable code, a sentence for people, the rule's id."""

    code: str
    sentence: str
    rule: str


@dataclass(frozen=True)
class LiveAnswer:
    """What the guard says, or would say, of a message that leaves the machine."""

    verdict: Verdict
    until: datetime | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Judgment:
    """`verdict` is what happens now; `live` is what a real connection would have got."""

    verdict: Verdict
    live: LiveAnswer
    version: str
    until: datetime | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class OutboundMessage:
    """What a provider is handed: plain text and our own reference, no rows."""

    client_ref: UUID
    workspace_id: int
    channel: Channel
    to_address: str
    from_address: str
    subject: str
    body: str


@dataclass(frozen=True)
class InboundCall:
    """A provider's call about something the other side wrote, already verified."""

    provider: str
    external_id: str
    channel: Channel
    from_address: str
    to_address: str
    body: str
    raw: dict[str, str] = field(default_factory=dict)

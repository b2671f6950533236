"""What the guard is told and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime, time

from apps.channels.types.people import RecipientFacts
from apps.channels.types.words import (
    Channel,
    ConsentBasis,
    Purpose,
    SuppressionKind,
    Verdict,
)


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
    recipient: RecipientFacts = field(default_factory=RecipientFacts)
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

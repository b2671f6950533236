"""Facts about messages, replies, suppression and consent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Fact):
    """A message waits for its turn."""

    name: ClassVar[str] = "channels.message_queued.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    to_address: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageClaimed(Fact):
    """The guard allowed a message and one worker holds it."""

    name: ClassVar[str] = "channels.message_claimed.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    attempt: int
    decision: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MessageDeferred(Fact):
    """The guard put a message off."""

    name: ClassVar[str] = "channels.message_deferred.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    until: datetime
    decision: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MessageBlocked(Fact):
    """The guard refused a message for good."""

    name: ClassVar[str] = "channels.message_blocked.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    decision: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MessageAccepted(Fact):
    """The provider took a message."""

    name: ClassVar[str] = "channels.message_accepted.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    provider: str
    provider_sid: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Fact):
    """The provider reports delivery."""

    name: ClassVar[str] = "channels.message_delivered.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """A message failed for good."""

    name: ClassVar[str] = "channels.message_failed.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    error_code: str
    error_text: str


@dataclass(frozen=True, kw_only=True)
class MessageUnknown(Fact):
    """Nobody knows whether the provider took a message."""

    name: ClassVar[str] = "channels.message_unknown.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class MessageRequeued(Fact):
    """A message that was provably not taken waits again."""

    name: ClassVar[str] = "channels.message_requeued.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    due_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageParked(Fact):
    """A person must decide about a message."""

    name: ClassVar[str] = "channels.message_parked.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageCanceled(Fact):
    """A message was taken back before it was sent."""

    name: ClassVar[str] = "channels.message_canceled.v1"
    subject_kind: ClassVar[str] = "message"
    contact: UUID
    deal: UUID | None = None
    channel: str
    purpose: str
    idempotency_key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Fact):
    """Someone wrote to us. `intent`: stop, start, help, unclear, wrong_number or none."""

    name: ClassVar[str] = "channels.message_received.v1"
    subject_kind: ClassVar[str] = "inbound_message"
    contact: UUID | None = None
    deal: UUID | None = None
    channel: str
    from_address: str
    body: str
    intent: str


@dataclass(frozen=True, kw_only=True)
class SuppressionAdded(Fact):
    """A person or an address must not be written to."""

    name: ClassVar[str] = "channels.suppression_added.v1"
    subject_kind: ClassVar[str] = "suppression"
    contact: UUID | None = None
    address: str
    channels: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Fact):
    """A person agreed to be written to."""

    name: ClassVar[str] = "channels.consent_recorded.v1"
    subject_kind: ClassVar[str] = "consent"
    contact: UUID
    channel: str
    kind: str
    evidence: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MessageTemplateSaved(Fact):
    """A template was changed."""

    name: ClassVar[str] = "channels.message_template_saved.v1"
    subject_kind: ClassVar[str] = "message_template"
    key: str
    channel: str
    version: int


@dataclass(frozen=True, kw_only=True)
class SendingPolicySaved(Fact):
    """A workspace changed its own limits of sending. Hours are the seller's wall clock."""

    name: ClassVar[str] = "channels.sending_policy_saved.v1"
    subject_kind: ClassVar[str] = "sending_policy"
    opens_at: str
    closes_at: str
    is_sunday_closed: bool
    max_per_day: int
    is_cold_sms_acknowledged: bool

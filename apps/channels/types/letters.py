"""What passes between the sending room and providers."""

from dataclasses import dataclass, field
from uuid import UUID

from apps.channels.types.words import Channel


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

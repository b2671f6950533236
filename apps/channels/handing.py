"""The row of a message as its provider gets it."""

from apps.channels.models import Message
from apps.channels.types import Channel, OutboundMessage


def outbound_of(message: Message) -> OutboundMessage:
    """The message as its provider gets it; the same at every attempt."""
    return OutboundMessage(
        client_ref=message.public_id,
        workspace_id=message.workspace_id,
        channel=Channel(message.channel),
        to_address=message.to_address,
        from_address=message.from_address,
        subject=message.subject,
        body=message.body,
    )

"""Messages, decisions, replies, refusals, consents, texts and the sandbox journal."""

from apps.channels.models.configuration import MessageTemplate, SendingPolicy
from apps.channels.models.inbound import InboundMessage, RawCall
from apps.channels.models.outbound import Decision, Message
from apps.channels.models.people import Consent, PersonAlias, Recipient, Suppression
from apps.channels.models.sandbox import SandboxDelivery

__all__ = [
    "Consent",
    "Decision",
    "InboundMessage",
    "Message",
    "MessageTemplate",
    "PersonAlias",
    "RawCall",
    "Recipient",
    "SandboxDelivery",
    "SendingPolicy",
    "Suppression",
]

"""The words of sending: what a message is, what the guard is told and what it answers."""

from apps.channels.types.judging import (
    Attempt,
    ConnectionFacts,
    ConsentFact,
    Judgment,
    LiveAnswer,
    Policy,
    Reason,
    SenderFacts,
    SentFact,
    SuppressionFact,
)
from apps.channels.types.letters import (
    InboundCall,
    OutboundMessage,
)
from apps.channels.types.people import (
    AddressOption,
    ContactCard,
    ContactFinder,
    ContactReader,
    FactsReader,
    RecipientFacts,
)
from apps.channels.types.words import (
    Channel,
    ConsentBasis,
    Intent,
    LineType,
    MessageState,
    Purpose,
    SuppressionKind,
    Verdict,
)

__all__ = [
    "AddressOption",
    "Attempt",
    "Channel",
    "ConnectionFacts",
    "ConsentBasis",
    "ConsentFact",
    "ContactCard",
    "ContactFinder",
    "ContactReader",
    "FactsReader",
    "InboundCall",
    "Intent",
    "Judgment",
    "LineType",
    "LiveAnswer",
    "MessageState",
    "OutboundMessage",
    "Policy",
    "Purpose",
    "Reason",
    "RecipientFacts",
    "SenderFacts",
    "SentFact",
    "SuppressionFact",
    "SuppressionKind",
    "Verdict",
]

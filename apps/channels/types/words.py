"""The closed lists: channels, purposes, states, verdicts, intents."""

from enum import StrEnum


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

"""Labels for people, over the same values as `apps.channels.types`."""

from django.db import models


class Channel(models.TextChoices):
    SMS = "sms", "SMS"
    EMAIL = "email", "E-mail"
    VOICEMAIL = "voicemail", "Voicemail"


class Purpose(models.TextChoices):
    SEQUENCE = "sequence", "Sequence"
    MANUAL = "manual", "Written by hand"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation", "Opt-out confirmation"


class State(models.TextChoices):
    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Sending"
    UNKNOWN = "unknown", "Checking with the provider"
    ACCEPTED = "accepted", "Sent"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"
    BLOCKED = "blocked", "Not sent"
    CANCELED = "canceled", "Taken back"
    PARKED = "parked", "Needs a decision"


class Verdict(models.TextChoices):
    ALLOW = "allow", "Allowed"
    DEFER = "defer", "Put off"
    BLOCK = "block", "Refused"


class Intent(models.TextChoices):
    STOP = "stop", "Stop"
    START = "start", "Start again"
    HELP = "help", "Help"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    UNCLEAR = "unclear", "For a person to read"
    NONE = "none", "None"


class SuppressionKind(models.TextChoices):
    OPT_OUT = "opt_out", "Asked to stop"
    WRONG_NUMBER = "wrong_number", "Wrong number"
    COMPLAINT = "complaint", "Complained"
    BOUNCE = "bounce", "Address does not take messages"
    CARRIER = "carrier", "Opted out at the carrier"
    MANUAL = "manual", "Stopped by hand"


class ConsentBasis(models.TextChoices):
    EXPRESS = "express", "Express"
    WRITTEN = "written", "Express and in writing"
    INQUIRY = "inquiry", "Asked about an offer"
    START_WORD = "start_word", "Wrote START"

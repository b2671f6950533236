"""Words of a follow-up: states, outcomes, reasons, and a step as the rules see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CHANNEL_LABELS = {"sms": "SMS", "email": "E-mail", "voicemail": "Voicemail"}
CHANNEL_ICONS = {"sms": "message", "email": "mail", "voicemail": "record-mail"}


class EnrollmentState(StrEnum):
    ACTIVE = "active"  # waits for its due time
    WAITING = "waiting"  # a message is with channels, its fate decides what comes next
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


OPEN_STATES = (EnrollmentState.ACTIVE, EnrollmentState.WAITING, EnrollmentState.PAUSED)


class Trigger(StrEnum):
    BY_HAND = "by_hand"
    OFFER_MADE = "offer_made"


class StepOutcome(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"
    UNSURE = "unsure"  # the provider cannot say; a person decides, and it is never sent again


class Settlement(StrEnum):
    """How a message ended, in the words of the facts channels publishes."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    FAILED = "failed"
    CANCELED = "canceled"
    PARKED = "parked"


class StopReason(StrEnum):
    REPLIED = "replied"
    OPTED_OUT = "opted_out"
    OFFER_ACCEPTED = "offer_accepted"
    DEAL_DEAD = "deal_dead"
    DEAD_NUMBER = "dead_number"
    BY_PERSON = "by_person"
    MERGED = "merged"


STOP_SENTENCES = {
    StopReason.REPLIED: "The seller answered.",
    StopReason.OPTED_OUT: "The seller asked not to be contacted.",
    StopReason.OFFER_ACCEPTED: "The seller accepted the offer.",
    StopReason.DEAL_DEAD: "The deal is dead.",
    StopReason.DEAD_NUMBER: "The seller cannot be reached at the known addresses.",
    StopReason.BY_PERSON: "Stopped by hand.",
    StopReason.MERGED: "The seller is in another follow-up: two contacts were made one.",
}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    position: int
    channel: str
    offset: timedelta  # from the start of the enrollment, not from the step before
    archives_after: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A step's message, finished and addressed."""

    to_address: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ExitFacts:
    """What is known about the seller and the deal at the moment a step falls due."""

    has_replied: bool = False
    is_suppressed: bool = False
    is_offer_accepted: bool = False
    is_deal_dead: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a settled message leads to: exactly one of a stop, a next step, or the end."""

    outcome: StepOutcome
    reason: str
    stop: StopReason | None = None
    next_step: PlannedStep | None = None
    next_due_at: datetime | None = None

    @property
    def is_end(self) -> bool:
        return self.stop is None and self.next_step is None

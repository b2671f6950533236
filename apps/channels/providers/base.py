"""What the sending room asks of a provider: one small protocol per capability.

Every adapter calls `assert_no_action()` first: no network call runs inside a transaction.
A result that is certain is returned; whatever is raised means that nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from apps.channels.types import OutboundMessage


@dataclass(frozen=True)
class Accepted:
    """The provider took the message under this id."""

    sid: str


@dataclass(frozen=True)
class Rejected:
    """The provider refused for good. `suppresses`: the person opted out on the carrier's side."""

    code: str
    text: str = ""
    suppresses: bool = False


@dataclass(frozen=True)
class Retry:
    """Certainly not taken (refused connection, rate limit); try again after this pause."""

    after: timedelta | None = None
    text: str = ""


@dataclass(frozen=True)
class Found:
    sid: str


@dataclass(frozen=True)
class Absent:
    """The provider certainly never took it."""


@dataclass(frozen=True)
class Undecided:
    """The provider cannot tell."""

    why: str = ""


Outcome = Accepted | Rejected | Retry
Trace = Found | Absent | Undecided


class Sender(Protocol):
    """Hands one message over, once; makes no second try of its own."""

    def send(self, message: OutboundMessage) -> Outcome: ...


class Finder(Protocol):
    """Looks a message up by our own reference.

    `settle`: how long an accepted message may take to become visible. An absence counts as proof
    only when that time has passed since the call was over.
    """

    settle: timedelta

    def find(self, message: OutboundMessage, since: datetime) -> Trace: ...


class MessageProvider(Sender, Finder, Protocol):
    """What a connection for SMS, e-mail or voicemail must offer."""

    name: str

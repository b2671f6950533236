"""What vendors of look-ups must be able to do, and the ways in which they fail.

A failure tells what became of the money. TraceUnavailable and its kinds: nothing was charged.
AnswerLost: the request was sent and no usable answer came, so it may have been charged, and the
vendor is not asked again before the look-up would have expired.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from apps.contacts.types import NumberResult, TraceQuery, TraceResult


class TraceUnavailable(Exception):
    """The vendor gave no usable answer and charged nothing; the look-up may be tried again."""

    # How long the connection rests, so that others are not refused for the same reason.
    pause: timedelta | None = None


class KeyRefused(TraceUnavailable):
    """The vendor does not accept the key: someone has to mend the connection."""

    pause = timedelta(hours=1)


class OutOfCredit(TraceUnavailable):
    """The account at the vendor is empty."""

    pause = timedelta(hours=1)


class RateLimited(TraceUnavailable):
    """Too many requests; the vendor may name a pause."""

    def __init__(self, why: str, pause: timedelta) -> None:
        super().__init__(why)
        self.pause = pause


class RequestRefused(TraceUnavailable):
    """The vendor cannot work with this question; asking again would change nothing."""


class AnswerLost(Exception):
    """Sent, and no usable answer came back: it may have been charged."""


class SkipTraceProvider(Protocol):
    """Finds phones and e-mail addresses of an owner. Called outside any transaction."""

    name: str

    def trace(self, query: TraceQuery) -> TraceResult:
        """One look-up. Raises TraceUnavailable or AnswerLost; no match is an empty result."""
        ...

    def probe(self) -> None:
        """A call that costs nothing. Raises what a look-up would raise for the whole vendor."""
        ...


TraceOutcome = TraceResult | TraceUnavailable | AnswerLost


@runtime_checkable
class BulkSkipTrace(Protocol):
    """A vendor that takes several questions in one call."""

    most_per_call: int

    def trace_many(self, queries: Sequence[TraceQuery]) -> list[TraceOutcome]:
        """One outcome per query, in order. Raises what holds for the whole call."""
        ...


class PhoneLookupProvider(Protocol):
    """Says what kind of line a number is and whether it works. Called outside any transaction."""

    name: str

    def look_up(self, e164: str) -> NumberResult:
        """Raises TraceUnavailable or AnswerLost; a number that does not exist is an answer."""
        ...

    def probe(self) -> None:
        """A call that costs nothing. Raises what a look-up would raise for the whole vendor."""
        ...

"""What a skip-trace vendor must be able to do."""

from typing import Protocol

from apps.contacts.types import TraceQuery, TraceResult


class TraceUnavailable(Exception):
    """The vendor gave no usable answer and charged nothing; the lookup may be tried again."""


class SkipTraceProvider(Protocol):
    """Finds phones and e-mail addresses of an owner. Called outside any transaction."""

    name: str

    def trace(self, query: TraceQuery) -> TraceResult:
        """One lookup. Raises TraceUnavailable; an empty result means nobody was found."""
        ...

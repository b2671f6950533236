"""What feeds and the runner hand to each other, and what a feed may answer instead of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class FeedError(Exception):
    """No page came. `detail` is what the other side said, for people."""

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class FeedUnauthorized(FeedError):
    """The key, token or password was refused."""


class FeedThrottled(FeedError):
    """Too many calls; `retry_after` is in seconds where the other side names a time."""


class FeedRejected(FeedError):
    """The question itself was refused: an address, a filter or a field is wrong."""


class FeedUnavailable(FeedError):
    """No usable answer: unreachable, too slow, broken, or an error of theirs."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a page. `key` names it for as long as the feed exists.

    `cells` are in the words of `ingestion.fields`; `raw` is what the feed sent, as JSON values.
    One that `is_over` tells of what has ended: it matters only where the feed told of it before.
    """

    key: str
    cells: dict[str, str]
    raw: Any
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A whole list file that lay in a folder."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One answer of a feed.

    `next_token` is '' on the last page. Whoever begins anew at `watermark` misses nothing of what
    follows this page, and may meet records of it again.
    """

    records: list[Record]
    next_token: str
    watermark: dict[str, Any]
    file: FeedFile | None = None


class FeedProvider(Protocol):
    """One kind of feed. Providers change nothing here and keep nothing between two calls."""

    def read_page(
        self,
        source_settings: Mapping[str, Any],
        secrets: Mapping[str, str],
        watermark: Mapping[str, Any],
        page_token: str,
    ) -> FeedPage:
        """The page at `page_token`, or the first one from `watermark` where it is ''.

        Raises FeedUnauthorized, FeedThrottled, FeedRejected or FeedUnavailable.
        """
        ...

    def map_record(self, source_settings: Mapping[str, Any], raw: Any) -> dict[str, str]:
        """The cells of a stored raw record, read with today's mapping."""
        ...


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a person enters for a source of some type.

    `kind`: text, url, integer, flag, choice, lines (several, one a line), json or secret. `starts`:
    another entry here reads the feed from its beginning, because it asks for other records.
    """

    name: str
    label: str
    kind: str = "text"
    is_required: bool = False
    help_text: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    starts: bool = True

    @property
    def is_secret(self) -> bool:
        return self.kind == "secret"


@dataclass(frozen=True, slots=True)
class SourceTest:
    """What one call to a feed showed, as a sentence; `sample` are the cells of one record."""

    is_ok: bool
    sentence: str
    sample: dict[str, str] = field(default_factory=dict)

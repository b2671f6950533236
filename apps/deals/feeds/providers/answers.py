"""What every web feed shares: one call, what its status means, and reading JSON without trust."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from apps.common import safe_http
from apps.common.clock import now
from apps.deals.feeds.rules import http_date, seconds_until
from apps.deals.feeds.types import (
    FeedRejected,
    FeedThrottled,
    FeedUnauthorized,
    FeedUnavailable,
    Record,
)
from apps.events.actions import assert_no_action

LONGEST_TEXT = 500


def ask(method: str, url: str, *, good: Container[int] = (), **request: Any) -> safe_http.Answer:
    """One call whose answer is 2xx, or of a status that is `good` too. Raises the FeedErrors."""
    assert_no_action()
    try:
        answer = safe_http.call(method, url, **request)
    except safe_http.AddressRefused as error:
        raise FeedRejected(str(error)) from error
    except safe_http.NoAnswer as error:
        raise FeedUnavailable(str(error)) from error
    status = answer.status
    if 200 <= status < 300 or status in good:
        return answer
    if status in (401, 403):
        raise FeedUnauthorized(str(status))
    wait = seconds_until(answer.headers.get("retry-after", ""), now())
    if status == 429:
        raise FeedThrottled("429", retry_after=wait)
    if status >= 500 or status == 408:
        raise FeedUnavailable(f"it answered {status}.", retry_after=wait)
    if 300 <= status < 400:
        raise FeedRejected(f"it sent us on to another address ({status}).")
    raise FeedRejected(f"{told_by(answer)} ({status})")


def json_of(answer: safe_http.Answer) -> Any:
    """Raises FeedUnavailable."""
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise FeedUnavailable("the answer is no JSON.") from error


def told_by(answer: safe_http.Answer) -> str:
    """The reason in an error's body, wherever vendors put it."""
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return "no reason was given"
    for path in (
        ("error", "message"), ("message",), ("status", "message"), ("status", "text"),
        ("statusMessage",), ("error_description",), ("reason",), ("error",),
    ):  # fmt: skip
        found = text_at(body, *path)
        if found:
            return found[:200]
    return "no reason was given"


def clock_of(answer: safe_http.Answer) -> datetime | None:
    """The other side's clock."""
    return http_date(answer.headers.get("date", ""))


def at(raw: Any, *path: str | int) -> Any:
    """The value at a path, None where the path leads nowhere."""
    for step in path:
        if isinstance(step, str) and isinstance(raw, Mapping):
            raw = raw.get(step)
        elif isinstance(step, int) and isinstance(raw, list) and 0 <= step < len(raw):
            raw = raw[step]
        else:
            return None
    return raw


def text_at(raw: Any, *path: str | int) -> str:
    """The scalar at a path as a cell; '' for null, objects and lists.

    A whole number loses its '.0', NUL bytes and surrounding spaces go.
    """
    value = at(raw, *path)
    if value is None or isinstance(value, list | Mapping):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return " ".join(str(value).replace("\x00", "").split())[:LONGEST_TEXT]


def day_at(raw: Any, *path: str | int) -> str:
    """The date of an ISO date or timestamp, as it is written there."""
    text = text_at(raw, *path)
    return text[:10] if len(text) >= 10 and text[4:5] == text[7:8] == "-" else text


def positive_at(raw: Any, *path: str | int) -> str:
    """Like text_at, but '' for zero: vendors write 0 where they know nothing."""
    text = text_at(raw, *path)
    try:
        return text if float(text or 0) > 0 else ""
    except ValueError:
        return text


def moment_of(text: str) -> datetime | None:
    """An ISO timestamp as an aware datetime; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def key_of(*parts: str, raw: Any) -> str:
    """The vendor's id where there is one, else what the record itself amounts to."""
    known = ":".join(part for part in parts if part)
    if known:
        return known[:200]
    text = json.dumps(raw, sort_keys=True, default=str)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def records_of(
    raws: Iterable[Any],
    key: Callable[[Any], str],
    cells: Callable[[Any], dict[str, str]],
) -> list[Record]:
    """Every raw becomes a record, a senseless one too: the import refuses it with its reason."""
    return [
        Record(key_of(key(raw), raw=raw), {n: v for n, v in cells(raw).items() if v}, raw)
        for raw in raws
    ]


def page_size_of(source_settings: Mapping[str, Any], default: int) -> int:
    return max(1, min(int(source_settings.get("page_size") or default), 1000))


def offset_of(page_token: str) -> int:
    return int(page_token) if page_token.isascii() and page_token.isdigit() else 0


def base_of(source_settings: Mapping[str, Any], default: str) -> str:
    return str(source_settings.get("url") or default).rstrip("/")

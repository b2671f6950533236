"""One request to a vendor of look-ups: every way it can end, sorted by who paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from apps.common import safe_http
from apps.contacts.providers.base import (
    AnswerLost,
    KeyRefused,
    OutOfCredit,
    RateLimited,
    RequestRefused,
    TraceUnavailable,
)
from apps.events.actions import assert_no_action

MOST_BYTES = 5 * safe_http.MEGABYTE
DEFAULT_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
_KEY = {401, 403}
_REFUSED = {400, 404, 405, 409, 413, 415, 422}
# A gateway that gave up waiting: the vendor behind it may well have done the work.
_GATEWAY = {502, 504}


def ask(
    method: str,
    url: str,
    *,
    vendor: str,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    json: Any = None,
) -> dict[str, Any]:
    """The JSON object of a 2xx answer. Raises one of the failures in `providers.base`."""
    assert_no_action()
    try:
        answer = safe_http.call(
            method, url, headers=headers, params=params, json=json, most_bytes=MOST_BYTES
        )
    except safe_http.AddressRefused as error:
        raise KeyRefused(f"The address of {vendor} cannot be called: {error}") from error
    except safe_http.NoAnswer as error:
        if error.was_sent:
            raise AnswerLost(f"{vendor} was asked, but its answer was lost: {error}") from error
        raise TraceUnavailable(f"{vendor} cannot be reached: {error}") from error
    except (ValueError, UnicodeError) as error:
        raise KeyRefused(f"The key or address of {vendor} has letters it may not have.") from error
    if 200 <= answer.status < 300:
        return _object(answer, vendor)
    raise _failure(answer, vendor)


def _object(answer: safe_http.Answer, vendor: str) -> dict[str, Any]:
    try:
        content = answer.json()
    except (ValueError, RecursionError) as error:
        raise AnswerLost(f"{vendor} answered with something that is no JSON.") from error
    if not isinstance(content, dict):
        raise AnswerLost(f"{vendor} answered with a shape nobody knows.")
    return content


def _failure(answer: safe_http.Answer, vendor: str) -> Exception:
    status, said = answer.status, _said(answer)
    if status in _KEY:
        return KeyRefused(f"{vendor} refuses the key ({status}{said}). Enter it again.")
    if status == 402:
        return OutOfCredit(f"The account at {vendor} is out of credit ({status}{said}).")
    if status == 429:
        return RateLimited(f"{vendor} asks for a pause ({status}{said}).", _pause(answer))
    if status in _REFUSED:
        return RequestRefused(f"{vendor} cannot work with this request ({status}{said}).")
    if status in _GATEWAY:
        return AnswerLost(f"{vendor} was asked, but its gateway gave up ({status}{said}).")
    return TraceUnavailable(f"{vendor} is out of order ({status}{said}).")


def _pause(answer: safe_http.Answer) -> timedelta:
    seconds = answer.retry_after
    if seconds is None:
        return DEFAULT_PAUSE
    return timedelta(seconds=min(max(seconds, 1.0), LONGEST_PAUSE.total_seconds()))


def _said(answer: safe_http.Answer) -> str:
    """The vendor's own words, where the body has some in a usual place."""
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    status = content.get("status")
    nested = status.get("message") or status.get("text") if isinstance(status, dict) else None
    words = content.get("message") or nested or content.get("error") or content.get("reason")
    return f": {' '.join(words.split())[:160]}" if isinstance(words, str) else ""

"""What a person reads when a feed fails: what is wrong, and what to do."""

from __future__ import annotations

from apps.deals.feeds.types import (
    FeedError,
    FeedRejected,
    FeedThrottled,
    FeedUnauthorized,
)

# Who is on the other side, by type of source.
SPEAKERS = {
    "reso": "The MLS",
    "batchdata": "BatchData",
    "reapi": "RealEstateAPI",
    "rentcast": "RentCast",
    "socrata": "The county's open data",
    "folder": "The folder",
}


def sentence_of(error: FeedError, source_type: str) -> str:
    """At most 500 characters. The pause before the next try is shown beside it, not in it."""
    speaker = SPEAKERS.get(source_type, "The source")
    detail = " ".join(error.detail.split())[:300]
    if isinstance(error, FeedUnauthorized):
        text = f"{speaker} refused the key{_in_brackets(detail)}. Enter it again under Settings."
    elif isinstance(error, FeedThrottled):
        text = f"{speaker} asks us to call less often{_in_brackets(detail)}. We wait and go on."
    elif isinstance(error, FeedRejected):
        text = f"{speaker} did not accept what we asked for: {_stopped(detail)} Change it under"
        text += " Settings."
    else:
        text = f"{speaker} gave no usable answer: {_stopped(detail)} We try again by ourselves."
    return text[:500]


def _in_brackets(detail: str) -> str:
    return f" ({detail})" if detail else ""


def _stopped(detail: str) -> str:
    detail = detail or "no reason was given."
    return detail if detail.endswith((".", "!", "?")) else f"{detail}."

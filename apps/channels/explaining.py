"""The guard's answers in words, beside the message they were given about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.channels.models import Decision
from apps.channels.queries import ThreadEntry
from apps.channels.types import MessageState, Verdict


@dataclass(frozen=True)
class Explanation:
    """`headline` in one sentence; `reasons` and `facts` open on demand. `tone`: a badge color."""

    headline: str
    tone: str
    reasons: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def explain(entry: ThreadEntry, zone: str) -> Explanation | None:
    """Why a message went, waits or did not go; None where nothing needs saying."""
    message, decision = entry.message, entry.decision
    if message is None:
        return None
    if message.state == MessageState.PARKED:
        return Explanation("A person must decide about this one.", "red", (message.error_text,))
    if message.state == MessageState.CANCELED:
        return Explanation("Taken back before it went.", "secondary", (message.error_text,))
    if message.state == MessageState.FAILED:
        text = message.error_text or "The provider gave no reason."
        return Explanation("The provider refused it.", "red", (f"{message.error_code} {text}",))
    if decision is None:
        return None
    return _judged(decision, MessageState(message.state), zone)


def _judged(decision: Decision, state: MessageState, zone: str) -> Explanation | None:
    facts = _facts(decision)
    if state == MessageState.BLOCKED:
        headline = f"Not sent. {decision.reasons[0]['sentence']}"
        return Explanation(headline, "red", _sentences(decision.reasons), facts)
    if state == MessageState.QUEUED and decision.until is not None:
        headline = f"Waits until {_clock(decision.until, zone)}."
        return Explanation(headline, "yellow", _sentences(decision.reasons), facts)
    if not decision.is_sandbox:
        return Explanation("Allowed.", "green", (), facts)
    if decision.live_verdict == Verdict.BLOCK:
        reasons = _sentences(decision.live_reasons)
        return Explanation("Live, this would not have been sent.", "yellow", reasons, facts)
    if decision.live_until is not None:
        headline = f"Live, this would have waited until {_clock(decision.live_until, zone)}."
        return Explanation(headline, "yellow", _sentences(decision.live_reasons), facts)
    return Explanation("Live, this would have been sent just the same.", "green", (), facts)


def _sentences(reasons: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(f"{reason['sentence']} ({reason['rule']})" for reason in reasons)


def _facts(decision: Decision) -> tuple[str, ...]:
    seen = decision.seen
    states = ", ".join(seen.get("states", [])) or "unknown place: any of the fifty states"
    zones = seen.get("local_times", {})
    times = ", ".join(f"{at} {name.split('/')[-1].replace('_', ' ')}" for name, at in zones.items())
    return (
        f"Where the seller may be: {states}.",
        f"Their clock: {times}." if len(zones) <= 4 else "Their clock: every US time zone counts.",
        f"Messages in the 24 hours before: {seen.get('sent_in_24h', 0)}.",
        f"Rule tables of {decision.rules_version}.",
    )


def _clock(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a %b} {local.day}, {local:%I:%M %p}".replace(" 0", " ") + f" {local:%Z}"

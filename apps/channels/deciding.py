"""Keeping the guard's answers."""

from __future__ import annotations

from typing import Any

from apps.channels.gathering import seen
from apps.channels.models import Decision, Message
from apps.channels.types import Attempt, Judgment, Reason


def stored(message: Message, attempt: Attempt, judgment: Judgment) -> Decision:
    """The decision row of one attempt: the answer, its reasons and what the guard weighed."""
    return Decision.objects.create(
        workspace_id=message.workspace_id,
        message=message,
        attempt=message.attempt + 1,
        verdict=judgment.verdict,
        until=judgment.until,
        reasons=[_plain(reason) for reason in judgment.reasons],
        live_verdict=judgment.live.verdict,
        live_until=judgment.live.until,
        live_reasons=[_plain(reason) for reason in judgment.live.reasons],
        is_sandbox=attempt.connection.is_sandbox,
        rules_version=judgment.version,
        seen=seen(attempt),
        decided_at=attempt.now,
    )


def _plain(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "sentence": reason.sentence, "rule": reason.rule}

"""Building the facts of a message from its row."""

from datetime import datetime
from typing import Any

from apps.channels.models import Decision, Message
from apps.events.actions import Actor
from apps.events.catalog.base import Fact
from apps.events.publish import publish


def about(message: Message) -> dict[str, Any]:
    """The fields that every fact of a message carries."""
    return {
        "subject": message.public_id,
        "contact": message.contact_ref,
        "deal": message.deal_ref,
        "channel": message.channel,
        "purpose": message.purpose,
        "idempotency_key": message.idempotency_key,
    }


def summary(decision: Decision) -> dict[str, Any]:
    """A decision as facts carry it: codes and times, no addresses and no texts."""
    return {
        "id": str(decision.public_id),
        "verdict": decision.verdict,
        "until": decision.until.isoformat() if decision.until else None,
        "reasons": [reason["code"] for reason in decision.reasons],
        "live_verdict": decision.live_verdict,
        "live_until": decision.live_until.isoformat() if decision.live_until else None,
        "live_reasons": [reason["code"] for reason in decision.live_reasons],
        "is_sandbox": decision.is_sandbox,
        "rules_version": decision.rules_version,
        "seen": decision.seen,
    }


def tell(fact: Fact, message: Message, actor: Actor, now: datetime) -> None:
    publish(fact, workspace_id=message.workspace_id, actor=actor, now=now)

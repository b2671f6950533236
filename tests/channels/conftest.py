"""A workspace that may write to one known seller, and shorthands to queue and send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.channels import registry
from apps.channels.actions import queue_message
from apps.channels.models import Message
from apps.channels.sweeps.reconciling import reconcile
from apps.channels.sweeps.sending import send_due
from apps.channels.types import InboundCall, LineType, RecipientFacts
from apps.workspaces.models import Connection

SELLER = UUID("5e11e600-0000-4000-8000-000000000001")
PHONE = "+12035550123"


@dataclass
class People:
    """The facts the guard will read; tests change them in place."""

    facts: RecipientFacts

    def become(self, **changes: Any) -> None:
        self.facts = replace(self.facts, **changes)


@pytest.fixture(autouse=True)
def people() -> Iterator[People]:
    known = People(
        RecipientFacts(
            states=frozenset({"CT"}),
            time_zones=frozenset({"America/New_York"}),
            line_type=LineType.MOBILE,
            dnc_checked_on=date(2026, 11, 10),
            contact_name="Ann Example",
            source="test list",
        )
    )
    before = list(registry._facts_readers), list(registry._contact_finders)
    registry.register_recipient_facts(lambda workspace_id, contact, address: known.facts)
    registry.register_contact_finder(lambda workspace_id, address: None)
    yield known
    registry._facts_readers[:], registry._contact_finders[:] = before


@pytest.fixture
def queue(workspace: Any, system: Any, now: datetime) -> Callable[..., Message]:
    def put(key: str = "k1", **changes: Any) -> Message:
        values: dict[str, Any] = {
            "contact_ref": SELLER,
            "deal_ref": None,
            "channel": "sms",
            "to_address": PHONE,
            "subject": "",
            "body": "Hi Ann, do you still own 4 Oak St?",
            "purpose": "sequence",
            "idempotency_key": key,
            "now": now,
            "workspace": workspace,
            "actor": system,
        }
        return queue_message(**(values | changes))

    return put


@pytest.fixture
def send(now: datetime) -> Callable[..., int]:
    def sweep(after: timedelta = timedelta(0)) -> int:
        return send_due(clock=lambda: now + after)

    return sweep


@pytest.fixture
def settle(now: datetime) -> Callable[..., int]:
    def sweep(after: timedelta = timedelta(0)) -> int:
        return reconcile(clock=lambda: now + after)

    return sweep


@pytest.fixture
def go_live(workspace: Any) -> Callable[[], None]:
    """Make the SMS connection a live, registered one that still uses the sandbox adapter."""

    def switch(**changes: Any) -> None:
        values = {"is_sandbox": False, "is_registered": True} | changes
        Connection.across_workspaces.filter(workspace=workspace).update(**values)

    return switch


def call(body: str, external_id: str = "in-1", **changes: Any) -> InboundCall:
    values: dict[str, Any] = {
        "provider": "sandbox",
        "external_id": external_id,
        "channel": "sms",
        "from_address": PHONE,
        "to_address": "",
        "body": body,
        "raw": {"Body": body},
    }
    return InboundCall(**(values | changes))

"""What offers do when something happens elsewhere."""

import json
import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.events.actions import Actor
from apps.events.catalog.contacts import ContactsMerged, ContactsUnmerged
from apps.events.catalog.offers import IntentWritten, OfferMade
from apps.events.catalog.workspaces import WorkspaceCreated
from apps.events.registry import Received, subscribe
from apps.offers.actions import install_strategies, install_structures
from apps.offers.actions.reassigning import reassign_offers
from apps.workspaces.queries import get_workspace_by_id

log = logging.getLogger(__name__)


@subscribe(WorkspaceCreated, name="offers.install_strategies")
def give_strategies(event: Received[WorkspaceCreated]) -> None:
    install_strategies(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("offers.install_strategies"),
        shipped=shipped_strategies(),
        now=event.occurred_at,
    )


@subscribe(WorkspaceCreated, name="offers.install_structures")
def give_structures(event: Received[WorkspaceCreated]) -> None:
    install_structures(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("offers.install_structures"),
        now=event.occurred_at,
    )


@subscribe(OfferMade, IntentWritten, name="offers.wake_printer")
def wake_printer(event: Received[OfferMade | IntentWritten]) -> None:
    """Latency only: the sweep prints what this call misses."""
    transaction.on_commit(_wake)


def _wake() -> None:
    if not settings.WAKE_WORKERS:
        return
    from apps.offers.tasks import render_due

    try:
        render_due.apply_async(retry=False, ignore_result=True)
    except Exception:  # the document is queued; the broker may be down
        log.warning("could not wake the printer; the sweep will print", exc_info=True)


@cache
def shipped_strategies() -> list[dict[str, Any]]:
    """The strategies every new workspace starts with."""
    path = settings.BASE_DIR / "fixtures" / "offers" / "strategies.json"
    shipped: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return shipped


@subscribe(ContactsMerged, ContactsUnmerged, name="offers.reassign_offers")
def on_contacts_merged(event: Received[ContactsMerged | ContactsUnmerged]) -> None:
    reassign_offers(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("offers.reassign_offers"),
        merge_id=event.fact.merge,
        now=event.occurred_at,
    )

"""What counts as writing to a seller, as a reply and as a contract, wherever it is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min

from apps.events.catalog.channels import MessageAccepted
from apps.events.catalog.contacts import ContactResponded
from apps.events.catalog.deals import DealMoved
from apps.events.catalog.offers import OfferAccepted
from apps.events.models import Event
from apps.events.queries import Said, any_of

CONTACTED = Said((MessageAccepted.name,), lacking={"purpose": ("opt_out_confirmation",)})
# An opt-out or a wrong number is an answer, but not the one a funnel should boast of.
REPLIED = Said((ContactResponded.name,), lacking={"intent": ("stop", "wrong_number")})
SIGNED = (
    Said((OfferAccepted.name,)),
    Said((DealMoved.name,), having={"to_stage": "under_contract"}),
    Said((DealMoved.name,), having={"to_stage": "closed"}),
)


def first_of_each(
    workspace_id: int, steps: Mapping[str, Sequence[Said]], *, until: datetime
) -> tuple[str, tuple[Any, ...]]:
    """A query, as text and parameters: each `deal` with the time of its first fact of every step,
    NULL for none before `until`. Its columns are named by the steps."""
    said = {name: any_of(facts) for name, facts in steps.items()}
    names = {name for facts in steps.values() for each in facts for name in each.names}
    rows = Event.objects.filter(
        workspace_id=workspace_id,
        name__in=sorted(names),
        occurred_at__lt=until,
        deal__isnull=False,
    )
    firsts = {name: Min("occurred_at", filter=condition) for name, condition in said.items()}
    text, params = rows.order_by().values("deal").annotate(**firsts).query.sql_with_params()
    return text, params

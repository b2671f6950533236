"""The flow of a period, counted from the facts."""

from __future__ import annotations

from datetime import datetime

from apps.events.catalog.deals import DealMoved, DealOpened, DealRemoved
from apps.events.catalog.judging import DealScored
from apps.events.catalog.offers import OfferMade
from apps.events.queries import Said, count_deals_by_step
from apps.events.steps import CONTACTED, REPLIED
from apps.workspaces.models import Workspace

STEPS = {
    "imported": Said((DealOpened.name,)),
    # A new score of a deal that was qualified already is no news to a funnel.
    "qualified": Said(
        (DealScored.name,),
        having={"verdict": "qualified"},
        lacking={"previous_verdict": ("qualified",)},
    ),
    "offered": Said((OfferMade.name,)),
    "contacted": CONTACTED,
    "replied": REPLIED,
    "under_contract": Said((DealMoved.name,), having={"to_stage": "under_contract"}),
}


def count_steps(workspace: Workspace, *, since: datetime, until: datetime) -> dict[str, int]:
    """Distinct deals per funnel step in [since, until), from the facts.

    Deals whose import was undone never were.
    """
    return count_deals_by_step(
        workspace.pk, STEPS, since=since, until=until, leaving_out=DealRemoved.name
    )

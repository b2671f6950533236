"""How many deals stand where: exact, current, and as cheap for a million as for ten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from apps.deals.models import DealTally
from apps.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Tally:
    """Deals by the key of their stage, scores by verdict; what has none is left out."""

    by_stage: dict[int, int]
    by_verdict: dict[str, int]

    @property
    def deals(self) -> int:
        return sum(self.by_stage.values())

    @property
    def scored(self) -> int:
        return sum(self.by_verdict.values())

    def standing_in(self, stages: Iterable[int]) -> int:
        return sum(self.by_stage.get(stage, 0) for stage in stages)


def tally_deals(workspace: Workspace) -> Tally:
    """One query over a few rows; what a committed action moved is in it."""
    rows = DealTally.objects.filter(workspace_id=workspace.pk)
    by_stage: dict[int, int] = {}
    by_verdict: dict[str, int] = {}
    summed = rows.order_by().values_list("stage_id", "verdict").annotate(count=Sum("change"))
    for stage_id, verdict, count in summed.exclude(count=0):
        if stage_id is not None:
            by_stage[stage_id] = count
        else:
            by_verdict[verdict] = count
    return Tally(by_stage, by_verdict)

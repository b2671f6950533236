"""Which deals deserve the day."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.analytics.types import BestDeal
from apps.deals.models import Deal, DealScore, Stage
from apps.deals.queries.tallies import tally_deals
from apps.deals.types import CappedCount
from apps.workspaces.models import Workspace

# So many deals that are past winning are counted one by one.
COUNT_CAP = 10_000

WORKABLE = (Stage.Kind.NEW, Stage.Kind.QUALIFIED, Stage.Kind.OFFERED, Stage.Kind.IN_CONVERSATION)


def has_deals(workspace: Workspace) -> bool:
    return bool(Deal.objects.in_workspace(workspace).exists())


def count_qualified(workspace: Workspace) -> CappedCount:
    """Qualified deals still to be won; current with every committed change.

    The tally knows the qualified; those past winning, whom people carried there one by one, are
    taken off. Above COUNT_CAP of them the count is a floor.
    """
    qualified = tally_deals(workspace).by_verdict.get(DealScore.Verdict.QUALIFIED, 0)
    past = Stage.objects.in_workspace(workspace).exclude(kind__in=WORKABLE)
    rows = Deal.objects.in_workspace(workspace).filter(stage__in=list(past))
    done = rows.filter(score__verdict=DealScore.Verdict.QUALIFIED)
    gone = done.order_by()[: COUNT_CAP + 1].count()
    if gone > COUNT_CAP:
        return CappedCount(_qualified(workspace).order_by()[:COUNT_CAP].count(), is_capped=True)
    return CappedCount(qualified - gone, is_capped=False)


def list_best(workspace: Workspace, *, limit: int = 6) -> list[BestDeal]:
    """Qualified deals still to be won, best score first."""
    rows = _qualified(workspace).select_related("deal__property", "deal__stage", "deal__metrics")
    return [_best(row) for row in rows.order_by("-score", "-coverage", "-deal")[:limit]]


def _qualified(workspace: Workspace) -> QuerySet[DealScore]:
    return DealScore.objects.filter(
        workspace_id=workspace.pk,
        verdict=DealScore.Verdict.QUALIFIED,
        deal__status=Deal.Status.OPEN,
        deal__stage__kind__in=WORKABLE,
    )


def _best(row: DealScore) -> BestDeal:
    deal, home, metrics = row.deal, row.deal.property, getattr(row.deal, "metrics", None)
    return BestDeal(
        deal_id=deal.public_id,
        street=f"{home.line} {home.unit}".strip() or f"APN {home.apn}",
        place=f"{home.city}, {home.state}".strip(" ,"),
        score=row.score,
        stage_kind=deal.stage.kind,
        stage_label=deal.stage.label,
        arv=metrics.arv if metrics else None,
        is_arv_estimate=bool(metrics and metrics.is_arv_estimate),
        equity_pct=metrics.equity_pct if metrics else None,
    )

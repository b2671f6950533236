"""Which deals deserve the day."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.analytics.types import BestDeal
from apps.deals.models import Deal, DealScore, Stage
from apps.workspaces.models import Workspace

# Beyond this a list says "1,000+": an exact count would read every row for a figure nobody uses.
COUNT_CAP = 1000

WORKABLE = (Stage.Kind.NEW, Stage.Kind.QUALIFIED, Stage.Kind.OFFERED, Stage.Kind.IN_CONVERSATION)


def has_deals(workspace: Workspace) -> bool:
    return bool(Deal.objects.in_workspace(workspace).exists())


def count_qualified(workspace: Workspace) -> int:
    """Open deals that are qualified now, counted up to COUNT_CAP + 1."""
    return _qualified(workspace)[: COUNT_CAP + 1].count()


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

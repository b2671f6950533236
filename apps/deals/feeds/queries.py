"""Reading sources: which there are, how they go and what a lead of each costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from apps.deals.models import LeadImport, LeadSource, SourceRecord, SourceRun
from apps.workspaces.models import Workspace

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What a source brought in the last 30 days and costs in a month (dollars).

    `records` are those known of it altogether; `cost_per_lead_amount` is None where nothing came.
    """

    source: LeadSource
    records: int
    runs: int
    failed_runs: int
    rows: int
    created: int
    updated: int
    rejected: int
    cost_month_amount: Decimal
    cost_per_lead_amount: Decimal | None


def get_source(workspace: Workspace, public_id: UUID) -> LeadSource:
    """Raises LeadSource.DoesNotExist."""
    rows = LeadSource.objects.in_workspace(workspace).select_related("lead_list")
    return rows.get(public_id=public_id)


def list_sources(workspace: Workspace) -> list[LeadSource]:
    rows = LeadSource.objects.in_workspace(workspace).select_related("lead_list")
    return list(rows.order_by("name", "pk"))


def list_runs(source: LeadSource, limit: int = 20) -> list[SourceRun]:
    """The latest first."""
    rows = SourceRun.objects.in_workspace(source.workspace).filter(source=source)
    return list(rows.order_by("-id")[:limit])


def list_imports_of(source: LeadSource, limit: int = 20) -> list[LeadImport]:
    """The latest first."""
    rows = LeadImport.objects.in_workspace(source.workspace).filter(source=source)
    return list(rows.order_by("-id")[:limit])


def source_figures(workspace: Workspace, *, now: datetime) -> list[SourceFigures]:
    """One for each source, by name; four queries whatever their number."""
    since = now - MONTH
    runs = SourceRun.objects.in_workspace(workspace).filter(started_at__gte=since)
    imports = LeadImport.objects.in_workspace(workspace).filter(
        source__isnull=False, created_at__gte=since
    )
    sources = list_sources(workspace)
    records = _by_source(
        SourceRecord.objects.filter(source__in=sources)
        .values("source")
        .annotate(n=Count("id"))
        .order_by("source")
    )
    tries = _by_source(runs.values("source", "state").annotate(n=Count("id")).order_by("source"))
    brought = {
        row["source"]: row
        for row in imports.values("source")
        .annotate(
            rows=Sum("rows_total"),
            created=Sum("created_count"),
            updated=Sum("updated_count"),
            rejected=Sum("rejected_count"),
        )
        .order_by("source")
    }
    return [
        _figures(
            source,
            sum(row["n"] for row in records.get(source.pk, [])),
            tries.get(source.pk, []),
            brought.get(source.pk, {}),
        )
        for source in sources
    ]


def _by_source(rows: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["source"], []).append(row)
    return found


def _figures(
    source: LeadSource,
    records: int,
    tries: Sequence[Mapping[str, Any]],
    brought: Mapping[str, Any],
) -> SourceFigures:
    created = brought.get("created") or 0
    cost = source.cost_month_amount
    return SourceFigures(
        source=source,
        records=records,
        runs=sum(row["n"] for row in tries),
        failed_runs=sum(row["n"] for row in tries if row["state"] == SourceRun.State.FAILED),
        rows=brought.get("rows") or 0,
        created=created,
        updated=brought.get("updated") or 0,
        rejected=brought.get("rejected") or 0,
        cost_month_amount=cost,
        cost_per_lead_amount=(cost / created).quantize(Decimal("0.01")) if created else None,
    )

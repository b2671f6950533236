"""Reading kept records again after a mapping was mended, without asking the vendor."""

from __future__ import annotations

from datetime import datetime

from apps.deals.feeds.accepting import digest_of, unpacked
from apps.deals.feeds.providers import provider_of
from apps.deals.feeds.types import Record
from apps.deals.ingestion.reader import records_file
from apps.deals.ingestion.taking import import_started, store_import
from apps.deals.models import LeadImport, LeadSource, SourceRecord
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.base import Fact
from apps.events.catalog.sources import SourceRemapped
from apps.events.publish import publish_many
from apps.workspaces.models import Workspace

BATCH = 500


@action
def remap_source(
    *, workspace: Workspace, actor: Actor, source: LeadSource, now: datetime
) -> LeadImport | None:
    """Map everything kept of a source anew; what reads differently now becomes one import."""
    rows = LeadSource.objects.in_workspace(workspace).select_for_update(of=("self",))
    held = rows.select_related("lead_list").get(pk=source.pk)
    provider = provider_of(held.type)
    count = 0
    cells: list[dict[str, str]] = []
    renewed: list[SourceRecord] = []
    for kept in SourceRecord.objects.filter(source=held).order_by("pk").iterator(BATCH):
        raw = unpacked(kept.raw)
        record = Record(kept.key, provider.map_record(held.settings, raw), raw)
        count += 1
        digest = digest_of(record)
        if record.cells and digest != bytes(kept.digest):
            kept.digest = digest
            renewed.append(kept)
            cells.append(record.cells)
    if not renewed:
        unchanged("every record reads as it did")
        return None
    SourceRecord.objects.bulk_update(renewed, ["digest"], batch_size=BATCH)
    lead_import = store_import(
        workspace=workspace,
        file_name=f"{held.name} {now:%Y-%m-%d %H:%M} mapped anew.csv",
        list_file=records_file(cells),
        now=now,
        source=held,
        strength=held.strength,
        lead_list=held.lead_list,
    )
    remapped = SourceRemapped(
        subject=held.public_id,
        records=count,
        changed=len(renewed),
        lead_import=lead_import.public_id,
    )
    facts: list[Fact] = [remapped, import_started(lead_import)]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return lead_import

"""Taking in a page of a feed, or noting that none came."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from apps.common.failpoints import failpoint
from apps.deals.feeds.rules import LEASE, back_off, next_run
from apps.deals.feeds.sentences import sentence_of
from apps.deals.feeds.types import FeedError, FeedPage, FeedRejected, Record
from apps.deals.ingestion.reader import ListFile, records_file
from apps.deals.ingestion.taking import import_started, store_import
from apps.deals.models import LeadImport, LeadSource, SourceRecord, SourceRun
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.base import Fact
from apps.events.catalog.sources import SourceFailed, SourcePageAccepted
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Workspace

# A row is as of a day; that a day has passed makes no record another.
_NOT_CONTENT = frozenset({"as_of"})


@action
def accept_page(
    *,
    workspace: Workspace,
    actor: Actor,
    source: LeadSource,
    run: SourceRun,
    page: FeedPage,
    now: datetime,
    list_file: ListFile | None = None,
    refused: str = "",
) -> SourceRun:
    """Store what is new on a page as an import and move the watermark: both or neither.

    `source` and `run` are as they stood when the page was asked for. If the run moved on or the
    source was changed meanwhile, nothing happens: the page is not the one that is due. A folder's
    page carries `list_file`, or the sentence why its file was `refused`.
    """
    held = _lock_source(workspace, source)
    ongoing = _lock_run(workspace, run)
    if not _is_due_page(ongoing, run) or held.settings != source.settings:
        unchanged("the page was taken by another worker, or the source was changed")
        return ongoing
    # A refused file is refused again if it comes again.
    changed, over = ([], 0) if refused else _remember(held, page.records, now)
    ongoing.over_count += over
    lead_import = _import(held, ongoing, page, changed, list_file, now) if changed else None
    failpoint("feed.mid_accept")
    _advance(held, ongoing, page, now)
    accepted = SourcePageAccepted(
        subject=held.public_id,
        run=ongoing.public_id,
        page_no=ongoing.page_count,
        records=len(page.records),
        changed=len(changed),
        is_last=not page.next_token,
        lead_import=lead_import.public_id if lead_import else None,
        refused=refused,
    )
    facts: list[Fact] = [accepted]
    if lead_import:
        facts.append(import_started(lead_import))
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return ongoing


@action
def fail_run(
    *,
    workspace: Workspace,
    actor: Actor,
    source: LeadSource,
    run: SourceRun,
    error: FeedError,
    chance: float,
    now: datetime,
) -> SourceRun:
    """Close a run with a sentence and leave the feed alone for a while; what came before stays.

    `chance` (0 to 1) spreads the next tries of many feeds.
    """
    held = _lock_source(workspace, source)
    ongoing = _lock_run(workspace, run)
    if not _is_due_page(ongoing, run):
        unchanged("another worker carried the run on")
        return ongoing
    failures = held.failures + 1
    retry_at = now + back_off(failures, error.retry_after, chance)
    ongoing.state = SourceRun.State.FAILED
    ongoing.finished_at = now
    ongoing.error = sentence_of(error, held.type)
    if isinstance(error, FeedRejected):
        # The place itself may be what was refused: the next run begins at the watermark.
        ongoing.page_token = ""
    ongoing.save()
    _note(
        held,
        health=LeadSource.Health.FAILING if held.is_active else held.health,
        last_error=ongoing.error,
        failures=failures,
        next_run_at=retry_at if held.is_active else None,
        lease_until=None,
    )
    publish(
        SourceFailed(
            subject=held.public_id,
            run=ongoing.public_id,
            error=ongoing.error,
            failures=failures,
            retry_at=retry_at,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return ongoing


def content_of(cells: dict[str, str]) -> dict[str, str]:
    """What makes a record another one when it changes."""
    return {name: cells[name] for name in sorted(cells) if name not in _NOT_CONTENT and cells[name]}


def digest_of(record: Record) -> bytes:
    text = json.dumps(content_of(record.cells), separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).digest()


def packed(raw: object) -> bytes:
    """A raw record as it is kept."""
    return zlib.compress(json.dumps(raw, separators=(",", ":"), default=str).encode(), 6)


def unpacked(stored: bytes) -> object:
    found: object = json.loads(zlib.decompress(bytes(stored)))
    return found


def _lock_source(workspace: Workspace, source: LeadSource) -> LeadSource:
    rows = LeadSource.objects.in_workspace(workspace).select_for_update(of=("self",))
    return rows.select_related("lead_list").get(pk=source.pk)


def _lock_run(workspace: Workspace, run: SourceRun) -> SourceRun:
    rows = SourceRun.objects.in_workspace(workspace).select_for_update()
    return rows.get(pk=run.pk)


def _is_due_page(held: SourceRun, read: SourceRun) -> bool:
    return (
        held.state == SourceRun.State.RUNNING
        and held.page_count == read.page_count
        and held.page_token == read.page_token
    )


def _remember(
    source: LeadSource, records: Iterable[Record], now: datetime
) -> tuple[list[Record], int]:
    """The records that are new or say something new; each is kept with what the vendor sent.

    Beside them how many tell of what is over and was never heard of.
    """
    newest = {record.key[:200]: record for record in records}
    stored = SourceRecord.objects.filter(source=source, key__in=list(newest))
    known = {row.key: row for row in stored.defer("raw")}
    changed: list[Record] = []
    over = 0
    fresh: list[SourceRecord] = []
    renewed: list[SourceRecord] = []
    for key, record in newest.items():
        digest = digest_of(record)
        row = known.get(key)
        if row is None and record.is_over:
            over += 1
            continue
        if row is not None and bytes(row.digest) == digest:
            continue
        changed.append(record)
        kept = row or SourceRecord(source=source, key=key)
        kept.digest, kept.raw, kept.seen_at = digest, packed(record.raw), now
        (renewed if row else fresh).append(kept)
    SourceRecord.objects.bulk_create(fresh, batch_size=500)
    SourceRecord.objects.bulk_update(renewed, ["digest", "raw", "seen_at"], batch_size=200)
    return changed, over


def _import(
    source: LeadSource,
    run: SourceRun,
    page: FeedPage,
    changed: Sequence[Record],
    list_file: ListFile | None,
    now: datetime,
) -> LeadImport:
    name = f"{source.name} {now:%Y-%m-%d %H:%M} page {run.page_count + 1}.csv"
    return store_import(
        workspace=source.workspace,
        file_name=page.file.name if page.file else name,
        list_file=list_file or records_file([record.cells for record in changed]),
        now=now,
        source=source,
        strength=source.strength,
        lead_list=source.lead_list,
    )


def _advance(source: LeadSource, run: SourceRun, page: FeedPage, now: datetime) -> None:
    run.page_count += 1
    run.record_count += len(page.records)
    run.watermark_after = page.watermark
    run.page_token = page.next_token
    is_last = not page.next_token
    if is_last:
        run.state = SourceRun.State.DONE
        run.finished_at = now
    run.save()
    changes: dict[str, Any] = {"watermark": page.watermark, "failures": 0, "last_error": ""}
    if source.is_active:
        changes["health"] = LeadSource.Health.OK
    if is_last:
        changes["last_ok_at"] = now
        changes["lease_until"] = None
        changes["next_run_at"] = next_run(now, source.every_minutes) if source.is_active else None
    else:
        changes["lease_until"] = now + LEASE
    _note(source, **changes)


def _note(source: LeadSource, **changes: Any) -> None:
    """Past the record history: where a feed stands is told by its runs."""
    LeadSource.objects.in_workspace(source.workspace).filter(pk=source.pk).update(**changes)

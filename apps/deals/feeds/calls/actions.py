"""Taking stored calls in, trying refused ones again, replacing a source's secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from apps.common.failpoints import failpoint
from apps.deals.feeds.calls.reading import Reading
from apps.deals.feeds.calls.secrets import CURRENT, PREVIOUS, new_secret
from apps.deals.feeds.calls.shapes import Record
from apps.deals.ingestion.reader import records_file
from apps.deals.ingestion.taking import import_started, store_import
from apps.deals.models import LeadImport, LeadSource, SourceRun, WebhookCall
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.base import Fact
from apps.events.catalog.sources import SourceSecretRotated, WebhookCallsRead, WebhookCallsReplayed
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Workspace
from apps.workspaces.vault import seal, unseal

State = WebhookCall.State
_CLOSED = (
    "state", "reason", "record_count", "consents", "lead_import", "processed_at", "lease_until"
)  # fmt: skip


@action
def take_in_calls(
    *,
    workspace: Workspace,
    actor: Actor,
    source: LeadSource,
    readings: Mapping[int, Reading],
    now: datetime,
) -> LeadImport | None:
    """Hand what the calls say to the importer, as one import, and close the calls with it.

    `readings` by primary key of the call. One transaction: a call is done exactly when the import
    with its records exists. Calls that another worker closed meanwhile are left out. Raises
    FileRefused when no record names a property in words the importer takes.
    """
    calls = _lock(workspace, source, State.WAITING, list(readings))
    if not calls:
        unchanged("these calls were taken in already")
        return None
    read = [(call, readings[call.pk]) for call in calls]
    records = [_listed(record, source) for _, reading in read for record in reading.records]
    facts: list[Fact] = []
    lead_import = None
    if records:
        lead_import = store_import(
            workspace=workspace,
            file_name=_name(source, now),
            list_file=records_file(records),
            now=now,
            source=source,
            strength=source.strength,
            lead_list=source.lead_list,
        )
        facts.append(import_started(lead_import))
    for call, reading in read:
        _close(call, reading, lead_import, now)
    WebhookCall.objects.in_workspace(workspace).bulk_update(calls, _CLOSED)
    _note_run(source, read, len(records), now)
    failpoint("calls.before_commit")
    facts.append(
        WebhookCallsRead(
            subject=source.public_id,
            calls=[call.public_id for call in calls],
            refused=sum(1 for _, reading in read if reading.refusal),
            records=len(records),
            lead_import=lead_import.public_id if lead_import else None,
        )
    )
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return lead_import


@action
def replay_calls(
    *,
    workspace: Workspace,
    actor: Actor,
    source: LeadSource,
    now: datetime,
    call_ids: Sequence[UUID] | None = None,
) -> int:
    """Let refused calls be read again, all of the source's or those named; returns how many.

    Calls that were taken in stay as they are.
    """
    refused = WebhookCall.objects.in_workspace(workspace).filter(source=source, state=State.REFUSED)
    if call_ids is not None:
        refused = refused.filter(public_id__in=call_ids)
    count = refused.update(state=State.WAITING, reason="", lease_until=None, processed_at=None)
    if not count:
        unchanged("no refused call is left")
        return 0
    publish(
        WebhookCallsReplayed(subject=source.public_id, count=count),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return count


@action
def rotate_secret(
    *, workspace: Workspace, actor: Actor, source: LeadSource, now: datetime, ends_old: bool = False
) -> str:
    """Make a new secret and return it: the only time it is seen. The one before stays valid until
    the next rotation, or ends at once with `ends_old` (it became known to somebody)."""
    sources = LeadSource.objects.in_workspace(workspace).select_for_update()
    held = sources.get(pk=source.pk)
    before = unseal(held.credentials).get(CURRENT, "")
    secrets = {CURRENT: new_secret()}
    if before and not ends_old:
        secrets[PREVIOUS] = before
    held.credentials = seal(unseal(held.credentials) | {PREVIOUS: ""} | secrets)
    held.save(update_fields=["credentials"])
    publish(
        SourceSecretRotated(subject=held.public_id, is_old_valid=PREVIOUS in secrets),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return secrets[CURRENT]


def _lock(
    workspace: Workspace, source: LeadSource, state: State, keys: list[int]
) -> list[WebhookCall]:
    calls = WebhookCall.objects.in_workspace(workspace).select_for_update().defer("body")
    return list(calls.filter(source=source, state=state, pk__in=keys).order_by("id"))


def _close(
    call: WebhookCall, reading: Reading, lead_import: LeadImport | None, now: datetime
) -> None:
    call.state = State.REFUSED if reading.refusal else State.DONE
    call.reason = reading.refusal[:400]
    call.record_count = len(reading.records)
    call.consents = reading.consents
    call.lead_import = lead_import if reading.records else None
    call.processed_at = now
    call.lease_until = None


def _listed(record: Record, source: LeadSource) -> Record:
    """Who wrote to us through this address is on its list, where nothing else is said."""
    if source.lead_list_id or record.get("list_name"):
        return record
    return record | {"list_name": source.name}


def _note_run(
    source: LeadSource, read: Sequence[tuple[WebhookCall, Reading]], records: int, now: datetime
) -> None:
    """A webhook's run is a batch of calls: months and health are counted as those of a feed."""
    refusals = [reading.refusal for _, reading in read if reading.refusal]
    error = f"{len(refusals)} of {len(read)} calls: {refusals[-1]}" if refusals else ""
    SourceRun.objects.create(
        workspace_id=source.workspace_id,
        source=source,
        state=SourceRun.State.DONE if records else SourceRun.State.FAILED,
        started_at=now,
        finished_at=now,
        page_count=len(read),
        record_count=records,
        error=error,
    )
    held = LeadSource.objects.in_workspace(source.workspace_id).filter(pk=source.pk)
    if records:
        held.update(
            health=LeadSource.Health.OK, last_run_at=now, last_ok_at=now, last_error="", failures=0
        )
    else:
        health = LeadSource.Health.FAILING
        held.update(health=health, last_run_at=now, last_error=error, failures=F("failures") + 1)


def _name(source: LeadSource, now: datetime) -> str:
    return f"{source.name} {now:%Y-%m-%d %H:%M}.csv"

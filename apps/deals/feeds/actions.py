"""Entering, stopping and asking for feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from apps.deals.feeds.credentials import kept_secrets
from apps.deals.feeds.schemas import problems_of, settings_of
from apps.deals.models import LeadSource
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.sources import SourcePaused, SourceResumed, SourceRunRequested, SourceSaved
from apps.events.publish import publish
from apps.workspaces.models import Workspace
from apps.workspaces.vault import KeyMissing, seal, unseal

# What a person may change; everything else of a source belongs to the runner.
ENTERED = (
    "name",
    "type",
    "settings",
    "strength",
    "every_minutes",
    "cost_month_amount",
    "lead_list",
)


class SourceNotUsable(ValueError):
    """The source cannot be saved; the message is a sentence for the form."""


@action
def save_source(
    *,
    workspace: Workspace,
    actor: Actor,
    source: LeadSource,
    now: datetime,
    secrets: Mapping[str, str] | None = None,
) -> LeadSource:
    """Store a new source (unsaved `source`) or what a person changed of one.

    Secrets that are empty stay as they were, unless the feed moves to another address: a key goes
    only where it was entered for. Where other records are asked for, or another place,
    the feed is read from its beginning. A saved source is read at once. Raises SourceNotUsable.
    """
    held = _held(workspace, source)
    sealed_before = held.credentials if held else ""
    known = _kept(source) | {name: value for name, value in (secrets or {}).items() if value}
    problems = problems_of(source.type, source.settings, known)
    if problems:
        raise SourceNotUsable(" ".join(problems))
    _refuse_taken_name(workspace, source)
    starts = held is None or _asks_other_records(held, source)
    row = held or LeadSource(workspace=workspace)
    for name in ENTERED:
        setattr(row, name, getattr(source, name))
    row.credentials = seal(known) if known != _known(sealed_before) else sealed_before
    if starts:
        row.watermark = {}
    if row.is_active and row.type != LeadSource.Type.WEBHOOK:
        row.next_run_at = now
        row.failures = 0
    row.save()
    if starts and held is not None:
        row.runs.update(page_token="")
    publish(
        SourceSaved(
            subject=row.public_id,
            source_name=row.name,
            type=row.type,
            is_active=row.is_active,
            every_minutes=row.every_minutes,
            settings=row.settings,
            reads_from_start=starts,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return row


@action
def pause_source(
    *, workspace: Workspace, actor: Actor, source: LeadSource, now: datetime
) -> LeadSource:
    """Stop a feed; how far it was read is kept."""
    held = _lock(workspace, source)
    if not held.is_active:
        unchanged("the source is paused already")
        return held
    held.is_active = False
    held.health = LeadSource.Health.PAUSED
    held.next_run_at = None
    held.save()
    publish(
        SourcePaused(subject=held.public_id, source_name=held.name),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def resume_source(
    *, workspace: Workspace, actor: Actor, source: LeadSource, now: datetime
) -> LeadSource:
    """Let a paused feed go on where it stopped."""
    held = _lock(workspace, source)
    if held.is_active:
        unchanged("the source is not paused")
        return held
    held.is_active = True
    held.failures = 0
    held.last_error = ""
    held.health = LeadSource.Health.OK if held.last_ok_at else LeadSource.Health.NEW
    held.next_run_at = None if held.type == LeadSource.Type.WEBHOOK else now
    held.save()
    publish(
        SourceResumed(subject=held.public_id, source_name=held.name),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def request_run(
    *, workspace: Workspace, actor: Actor, source: LeadSource, now: datetime
) -> LeadSource:
    """Have a feed read at once instead of at its time. A paused one stays paused."""
    held = _lock(workspace, source)
    if not held.is_active or held.type == LeadSource.Type.WEBHOOK:
        unchanged("the source is paused, or is not read by us")
        return held
    if held.next_run_at is not None and held.next_run_at <= now:
        unchanged("the source is due already")
        return held
    held.next_run_at = now
    held.save()
    publish(
        SourceRunRequested(subject=held.public_id, source_name=held.name),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


def _lock(workspace: Workspace, source: LeadSource) -> LeadSource:
    rows = LeadSource.objects.in_workspace(workspace).select_for_update()
    return rows.get(pk=source.pk)


def _held(workspace: Workspace, source: LeadSource) -> LeadSource | None:
    return _lock(workspace, source) if source.pk else None


def _known(sealed: str) -> dict[str, str]:
    try:
        return unseal(sealed)
    except KeyMissing:
        # Whoever enters the credentials again must be able to save.
        return {}


def _kept(source: LeadSource) -> dict[str, str]:
    try:
        return kept_secrets(source)
    except KeyMissing:
        # Whoever enters the credentials again must be able to save.
        return {}


def _refuse_taken_name(workspace: Workspace, source: LeadSource) -> None:
    rows = LeadSource.objects.in_workspace(workspace).filter(name=source.name)
    if not source.name.strip():
        raise SourceNotUsable("The source needs a name.")
    if rows.exclude(pk=source.pk).exists():
        raise SourceNotUsable(f"Another source is named {source.name}.")


def _asks_other_records(held: LeadSource, source: LeadSource) -> bool:
    if held.type != source.type:
        return True
    return any(
        held.settings.get(setting.name) != source.settings.get(setting.name)
        for setting in settings_of(source.type)
        if setting.starts and not setting.is_secret
    )

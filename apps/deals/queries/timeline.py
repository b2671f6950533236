"""Facts and record history of a deal in one stream, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from apps.deals.models import Deal, Property
from apps.deals.sentences import QUALIFIED_REASON, TITLES, tell
from apps.deals.types import TimelineEntry, TimelinePage
from apps.events.queries import StoredFact, list_facts, name_facts
from apps.workspaces.models import Workspace

PAGE = 40
HISTORY_LIMIT = 60
# Columns whose change says nothing to a person.
QUIET = {"search_text", "address_key", "apn_key", "county_key", "hand_edited", "stage_entered_at"}
# Reasons of changes that a fact of the same stream tells already, with what changed.
TOLD = ("deals.actions.", QUALIFIED_REASON, "imported from a list", "undone with import")


def list_timeline(workspace: Workspace, deal: Deal, *, before: int = 0) -> TimelinePage:
    """Facts of the deal and of its offers, messages and follow-ups, with changes of its records."""
    facts = list_facts(workspace.pk, deal=deal.public_id, before=before, limit=PAGE + 1)
    page, is_last = facts[:PAGE], len(facts) <= PAGE
    causes = name_facts(workspace.pk, {fact.cause for fact in page if fact.cause})
    entries = [_entry(fact, causes) for fact in page]
    newest = page[0].occurred_at if before and page else None
    oldest = page[-1].occurred_at if page and not is_last else None
    entries += _history(deal, newest, oldest)
    entries.sort(key=lambda entry: (entry.at, entry.position), reverse=True)
    return TimelinePage(entries, None if is_last else page[-1].position)


def _entry(fact: StoredFact, causes: dict[UUID, str]) -> TimelineEntry:
    told = tell(fact.name, fact.payload)
    cause = causes.get(fact.cause, "") if fact.cause else ""
    return TimelineEntry(
        at=fact.occurred_at,
        position=fact.position,
        icon=told.icon,
        color=told.color,
        title=told.title,
        details=told.details,
        actor=fact.actor_label,
        cause=TITLES.get(cause, ""),
    )


def _history(deal: Deal, newest: datetime | None, oldest: datetime | None) -> list[TimelineEntry]:
    entries = _changes(deal, "Deal", newest, oldest)
    return entries + _changes(deal.property, "Property", newest, oldest)


def _changes(
    record: Deal | Property, noun: str, newest: datetime | None, oldest: datetime | None
) -> list[TimelineEntry]:
    """Changed columns of a record within the page's span; creations are told by facts."""
    history: Any = record.history
    rows = list(history.order_by("-history_id")[:HISTORY_LIMIT])[::-1]
    entries = []
    for old, new in pairwise(rows):
        if (newest and new.history_date > newest) or (oldest and new.history_date < oldest):
            continue
        if (new.history_change_reason or "").startswith(TOLD):
            continue
        changes = _diff(old, new, record)
        if changes:
            entries.append(_change_entry(noun, new, changes))
    return entries


def _diff(old: Any, new: Any, record: Deal | Property) -> list[tuple[str, str, str]]:
    found = []
    for field in record._meta.concrete_fields:
        before, after = getattr(old, field.attname), getattr(new, field.attname)
        if field.name not in QUIET and before != after:
            found.append((_label(field.verbose_name), _shown(before), _shown(after)))
    return found


def _label(verbose_name: Any) -> str:
    text = str(verbose_name).removesuffix(" amount")
    return text.upper() if text in ("arv", "apn") else text.capitalize()


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:,.2f}".removesuffix(".00")
    return "nothing" if value in (None, "") else str(value)


def _change_entry(noun: str, row: Any, changes: Sequence[tuple[str, str, str]]) -> TimelineEntry:
    return TimelineEntry(
        at=row.history_date,
        position=0,
        icon="history",
        color="secondary",
        title=f"{noun} record changed",
        details=[],
        actor=(row.history_actor or "").partition(": ")[2],
        changes=list(changes),
    )

"""What is known of a property, from whom, and what others say instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.deals.known import (
    BY_COLUMN,
    KNOWN,
    Known,
    Provenance,
    provenance,
    provenance_of,
    read_stored,
    shown,
)
from apps.deals.models import Deal, ListMembership, Property, Signal
from apps.workspaces.models import Workspace

# A conflict that somebody settled by keeping what stands has a fifth item.
_OPEN_ITEMS = 4
_WHOLE = {"address": "Address", "owners": "Owners"}
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another source's word. `is_whole`: about the address or the owners, not about one fact."""

    column: str
    label: str
    value: str
    origin: Provenance
    is_whole: bool


@dataclass(frozen=True, slots=True)
class KnownFact:
    known: Known
    value: str
    origin: Provenance
    is_hand_edited: bool
    conflict: Conflict | None


@dataclass(frozen=True, slots=True)
class FactGroup:
    heading: str
    facts: list[KnownFact]


@dataclass(frozen=True, slots=True)
class PropertyPanel:
    """`unknown`: facts nobody told; `conflicts`: about the address or the owners as a whole."""

    groups: list[FactGroup]
    unknown: list[KnownFact]
    conflicts: list[Conflict]
    parcel: str
    # Of every fact that does not name another.
    origin: Provenance
    signals: list[Signal]
    memberships: list[ListMembership]


def get_property_panel(workspace: Workspace, deal: Deal) -> PropertyPanel:
    held = deal.property
    facts = [_fact(held, known) for known in KNOWN]
    told = [fact for fact in facts if fact.value]
    return PropertyPanel(
        groups=_grouped(told),
        unknown=[fact for fact in facts if not fact.value],
        conflicts=[one for one in (_conflict(held, name) for name in _WHOLE) if one],
        parcel=", ".join(part for part in (held.apn, held.county) if part),
        origin=provenance(held.source, held.as_of, held.strength),
        signals=list_signals(workspace, held),
        memberships=list_memberships(workspace, held),
    )


def list_signals(workspace: Workspace, held: Property) -> list[Signal]:
    """Open ones first, then the newest."""
    rows = Signal.objects.in_workspace(workspace).filter(property=held)
    found = rows.order_by("-observed_on", "kind")[:LONGEST]
    return sorted(found, key=lambda signal: signal.ended_on is not None)


def list_memberships(workspace: Workspace, held: Property) -> list[ListMembership]:
    rows = ListMembership.objects.in_workspace(workspace).filter(property=held)
    return list(rows.select_related("lead_list").order_by("-last_seen_on", "-pk")[:LONGEST])


def _grouped(facts: Sequence[KnownFact]) -> list[FactGroup]:
    headings = dict.fromkeys(fact.known.group for fact in facts)
    return [
        FactGroup(heading, [fact for fact in facts if fact.known.group == heading])
        for heading in headings
    ]


def _fact(held: Property, known: Known) -> KnownFact:
    value = getattr(held, known.column)
    # A warning that nobody raised is no fact.
    is_silent = value is False and known.column == "is_do_not_mail"
    return KnownFact(
        known=known,
        value="" if is_silent else shown(known, value),
        origin=provenance_of(held, known.column),
        is_hand_edited=known.column in held.hand_edited,
        conflict=_conflict(held, known.column),
    )


def _conflict(held: Property, column: str) -> Conflict | None:
    stored = held.conflicts.get(column)
    if not stored or len(stored) > _OPEN_ITEMS:
        return None
    known = BY_COLUMN.get(column)
    return Conflict(
        column=column,
        label=known.label if known else _WHOLE.get(column, column),
        value=shown(known, read_stored(column, stored[0])) if known else _listed(stored[0]),
        origin=provenance(*stored[1:_OPEN_ITEMS]),
        is_whole=known is None,
    )


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

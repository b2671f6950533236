"""What an import did to a record and what others did since, read from the record's history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models

from apps.deals.ingestion.upsert import REASON, reason_of
from apps.deals.models import LeadImport
from apps.deals.sentences import QUALIFIED_REASON

# What the house does by itself because of the import is no edit.
AUTOMATIC_REASONS = (QUALIFIED_REASON, "contacts.actions.checking.")
AUTOMATIC_FACTS = frozenset(
    {
        "deals.deal_opened.v1",
        "deals.deal_scored.v1",
        "contacts.contact_checked.v1",
        "contacts.merge_suggested.v1",
    }
)
# Outcomes of rows that may have changed something.
TOUCHING = ("created", "updated", "unchanged")
# How the reason of a row begins that undoing left alone.
KEPT = "Left as it is: "
DEAL_UPDATED = "deals.deal_updated.v1"


def undo_reason(lead_import: LeadImport) -> str:
    return f"undone with import {lead_import.pk}"


@dataclass(frozen=True, slots=True)
class Trace:
    """One record. `before` is its last history row from before the import; `is_retold` says that
    nobody but later imports edited it since."""

    is_created: bool
    is_edited: bool
    before: Any
    is_retold: bool = False


class Since(StrEnum):
    """What was said of a deal after an import."""

    NOTHING = ""
    RETOLD = "retold"
    USED = "used"


@dataclass
class Traces:
    """Reads the history of records an import may have touched.

    Imports undone in the meantime, and `gone`, which is just being undone, left nothing: `_silent`
    are their reasons.
    """

    lead_import: LeadImport
    gone: LeadImport | None = None
    _silent: frozenset[str] = field(default_factory=frozenset)
    _undone: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        others = LeadImport.objects.in_workspace(self.lead_import.workspace_id)
        undone = list(others.filter(state=LeadImport.State.UNDONE))
        undone += [self.gone] if self.gone else []
        self._silent = frozenset(
            text for other in undone for text in (reason_of(other), undo_reason(other))
        )
        self._undone = frozenset(str(other.public_id) for other in undone)

    def of(self, model: type[models.Model], ids: Iterable[int]) -> dict[int, Trace]:
        """Traces of those records that this import touched."""
        stories: dict[int, list[Any]] = {}
        history: Any = model.history  # type: ignore[attr-defined]
        for row in history.filter(id__in=list(ids)).order_by("id", "history_id"):
            stories.setdefault(row.id, []).append(row)
        found = {key: self._trace(rows) for key, rows in stories.items()}
        return {key: trace for key, trace in found.items() if trace is not None}

    def _trace(self, rows: Sequence[Any]) -> Trace | None:
        mine = reason_of(self.lead_import)
        first = next((at for at, row in enumerate(rows) if row.history_change_reason == mine), None)
        if first is None:
            return None
        reasons = [row.history_change_reason or "" for row in rows[first:]]
        edits = [reason for reason in reasons if self._is_edit(reason)]
        is_retold = bool(edits) and all(reason.startswith(REASON) for reason in edits)
        is_created = rows[first].history_type == "+"
        return Trace(is_created, bool(edits), rows[first - 1] if first else None, is_retold)

    def _is_edit(self, reason: str) -> bool:
        if reason == reason_of(self.lead_import) or reason in self._silent:
            return False
        return not reason.startswith(AUTOMATIC_REASONS)

    def since(self, story: Sequence[tuple[str, dict[str, Any]]]) -> Since:
        """What was said of a deal since this import opened or changed it."""
        mine = str(self.lead_import.public_id)
        first = next(
            (at for at, (_, payload) in enumerate(story) if payload.get("lead_import") == mine),
            len(story),
        )
        said = [self._news(name, payload) for name, payload in story[first:]]
        return next((one for one in (Since.USED, Since.RETOLD) if one in said), Since.NOTHING)

    def _news(self, name: str, payload: dict[str, Any]) -> Since:
        if name != DEAL_UPDATED:
            return Since.NOTHING if name in AUTOMATIC_FACTS else Since.USED
        by = payload.get("lead_import")
        if by == str(self.lead_import.public_id) or by in self._undone:
            return Since.NOTHING
        return Since.RETOLD if by else Since.USED

"""A batch of properties and their deals back to what they were before an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from apps.deals.ingestion.former_values import FormerValues
from apps.deals.ingestion.reverting_people import revert_people
from apps.deals.ingestion.traces import KEPT, TOUCHING, Trace, Traces, undo_reason
from apps.deals.models import (
    Deal,
    DealParty,
    ImportBefore,
    ImportRow,
    LeadImport,
    ListMembership,
    Property,
    Signal,
)
from apps.events.actions import Actor
from apps.events.catalog.deals import DealRemoved, DealUpdated
from apps.events.history import deletions_recorded, record_bulk
from apps.events.queries import map_stories

EDITED = "it was edited after this import."
USED = "an offer, a message, a follow-up or a later list names it."
LISTED = "a later list or source names it."
NO_RECORD = "there is no record of what it was before."


Pairs = list[tuple[Property, Deal | None]]


@dataclass
class Reversal:
    """`undo` works on one batch; afterwards the counts and facts tell what it did."""

    lead_import: LeadImport
    actor: Actor
    now: datetime
    undone: int = 0
    kept: int = 0
    facts: list[DealRemoved | DealUpdated] = field(default_factory=list)
    restored_deals: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._former = FormerValues(self.lead_import, self.actor, self.now)

    def undo(self, rows: Sequence[ImportRow]) -> None:
        traces = Traces(self.lead_import)
        by_property = {row.property_id: row for row in rows if row.property_id}
        here = Property.objects.in_workspace(self.lead_import.workspace_id)
        locked = here.select_for_update(no_key=True).filter(pk__in=list(by_property)).order_by("pk")
        properties = list(locked)
        deals = self._lock_deals(properties)
        self._properties = traces.of(Property, [item.pk for item in properties])
        self._deals = traces.of(Deal, [deal.pk for deal in deals.values()])
        self._later = self._later_lists(properties)
        self._listed = self._named_by_others(properties)
        self._marked = self._marked_by_this(properties)
        stories = map_stories(
            self.lead_import.workspace_id, [deal.public_id for deal in deals.values()]
        )
        undoable: Pairs = []
        for item in properties:
            deal = deals.get(item.pk)
            is_used = deal is not None and traces.has_later_facts(stories[deal.public_id])
            row = by_property[item.pk]
            if why := self._why_kept(row, item, deal, is_used=is_used):
                self._keep(row, why)
            else:
                undoable.append((item, deal))
        people = self._people_of(undoable)
        for item, deal in self._remove_at_once(undoable):
            self._undo_one(by_property[item.pk], item, deal)
        first_row = min(row.row_no for row in rows) if rows else 0
        revert_people(traces, people, first_row=first_row, actor=self.actor, now=self.now)

    def _lock_deals(self, properties: Sequence[Property]) -> dict[int, Deal]:
        rows = Deal.objects.in_workspace(self.lead_import.workspace_id)
        locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
        return {deal.property_id: deal for deal in locked.filter(property__in=properties)}

    def _named_by_others(self, properties: Sequence[Property]) -> set[int]:
        """Properties that another import put on a list or gave a signal, or a later one told of."""
        named: set[int] = set(self._later)
        for model in (ListMembership, Signal):
            rows = model.objects.in_workspace(self.lead_import.workspace_id)
            others = rows.filter(property__in=properties).exclude(lead_import=self.lead_import)
            named.update(others.values_list("property_id", flat=True))
        return named

    def _later_lists(self, properties: Sequence[Property]) -> dict[int, dict[int | None, int]]:
        """By property: the lists that later imports put their rows on, and the first such import.

        What a later file says again leaves no other trace where it changed nothing.
        """
        rows = ImportRow.objects.filter(
            property__in=properties,
            outcome__in=TOUCHING,
            lead_import__workspace=self.lead_import.workspace_id,
            lead_import__gt=self.lead_import.pk,
        ).exclude(lead_import__state=LeadImport.State.UNDONE)
        found: dict[int, dict[int | None, int]] = {}
        for item, lead_list, later in rows.order_by("lead_import").values_list(
            "property_id", "lead_import__lead_list_id", "lead_import_id"
        ):
            found.setdefault(item, {}).setdefault(lead_list, later)
        return found

    def _marked_by_this(self, properties: Sequence[Property]) -> set[int]:
        """Properties whose lists or signals this import changed."""
        marked: set[int] = set()
        for model in (ListMembership, Signal, ImportBefore):
            rows = model._default_manager.filter(
                property__in=properties, lead_import=self.lead_import
            )
            marked.update(rows.values_list("property_id", flat=True))
        return marked

    def _why_kept(self, row: ImportRow, item: Property, deal: Deal | None, *, is_used: bool) -> str:
        trace = self._properties.get(item.pk)
        told = self._deals.get(deal.pk) if deal else None
        if any(found and found.is_edited for found in (trace, told)):
            return EDITED
        if is_used:
            return USED
        if trace and trace.is_created and item.pk in self._listed:
            return LISTED
        found = [one for one in (trace, told) if one]
        if any(not one.is_created and one.before is None for one in found):
            return NO_RECORD
        # Imports of earlier versions wrote nothing down by which their changes are known.
        is_changed = row.outcome != ImportRow.Outcome.UNCHANGED
        if is_changed and not found and item.pk not in self._marked:
            return NO_RECORD
        return ""

    def _people_of(self, undoable: Sequence[tuple[Property, Deal | None]]) -> set[int]:
        """Contacts that stand in these deals now."""
        deals = [deal for _, deal in undoable if deal]
        parties = DealParty.objects.in_workspace(self.lead_import.workspace_id)
        standing = parties.filter(deal__in=deals).values_list("contact_id", flat=True)
        return {*standing, *(deal.seller_id for deal in deals if deal.seller_id)}

    def _remove_at_once(self, undoable: Pairs) -> Pairs:
        """Delete what the import brought, set by set; returns what is to be undone one by one."""
        brought: Pairs = []
        rest: Pairs = []
        for item, deal in undoable:
            told = self._deals.get(deal.pk) if deal else None
            trace = self._properties.get(item.pk)
            is_new = trace is not None and trace.is_created
            is_whole = is_new and (deal is None or (told is not None and told.is_created))
            (brought if is_whole else rest).append((item, deal))
        facts = [self._removed(item, deal) for item, deal in brought if deal]
        try:
            with transaction.atomic(), deletions_recorded(Deal, Property):
                self._delete(Deal, [deal.pk for _, deal in brought if deal])
                self._delete(Property, [item.pk for item, _ in brought])
        except (ProtectedError, RestrictedError):
            # One of them is named by something that stays.
            return undoable
        self.undone += len(brought)
        self.facts += facts
        return rest

    def _delete(self, model: type[Deal] | type[Property], keys: list[int]) -> None:
        record_bulk(
            model, keys, kind="-", reason=undo_reason(self.lead_import), actor=self.actor,
            now=self.now,
        )  # fmt: skip
        model.objects.in_workspace(self.lead_import.workspace_id).filter(pk__in=keys).delete()

    def _undo_one(self, row: ImportRow, item: Property, deal: Deal | None) -> None:
        trace = self._properties.get(item.pk)
        told = self._deals.get(deal.pk) if deal else None
        try:
            with transaction.atomic():
                facts = self._revert(item, deal, trace, told)
        except (ProtectedError, RestrictedError):
            self._keep(row, USED)
            return
        if row.outcome != ImportRow.Outcome.UNCHANGED or trace or told:
            self.undone += 1
            if deal is not None and not (told and told.is_created):
                self.restored_deals.append(deal.public_id)
        self.facts += facts

    def _revert(
        self, item: Property, deal: Deal | None, trace: Trace | None, told: Trace | None
    ) -> list[DealRemoved | DealUpdated]:
        facts: list[DealRemoved | DealUpdated] = []
        is_removed = deal is not None and told is not None and told.is_created
        if deal is not None and is_removed:
            facts.append(self._removed(item, deal))
            deal.delete()
        if trace is not None and trace.is_created:
            item.delete()
            return facts
        changes = self._former.restore_property(item, trace.before) if trace else {}
        self._former.restore_marks(item, self._later.get(item.pk, {}))
        if deal is not None and not is_removed:
            if told is not None:
                changes |= self._former.restore_deal(deal, told.before)
            if changes:
                facts.append(self._updated(deal, changes))
        return facts

    def _removed(self, item: Property, deal: Deal) -> DealRemoved:
        return DealRemoved(
            subject=deal.public_id,
            address=item.address,
            reason=f"The import of {self.lead_import.file_name} was undone.",
            lead_import=self.lead_import.public_id,
        )

    def _updated(self, deal: Deal, changes: dict[str, list[Any]]) -> DealUpdated:
        return DealUpdated(
            subject=deal.public_id,
            changes=changes,
            source=f"undoing {self.lead_import.file_name}"[:80],
            lead_import=self.lead_import.public_id,
        )

    def _keep(self, row: ImportRow, why: str) -> None:
        self.kept += 1
        ImportRow.objects.filter(pk=row.pk).update(reason=f"{KEPT}{why}")

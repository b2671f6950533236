"""A batch of properties and their deals back to what they were before an import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from apps.common.bulk import insert_rows, update_rows
from apps.contacts.models import Contact
from apps.contacts.queries import get_survivor
from apps.deals.ingestion.claims import plain
from apps.deals.ingestion.later import NAMED, Later
from apps.deals.ingestion.property_values import COLUMNS
from apps.deals.ingestion.reverting_marks import MarksReversal
from apps.deals.ingestion.reverting_people import revert_people
from apps.deals.ingestion.traces import KEPT, Since, Trace, Traces, undo_reason
from apps.deals.ingestion.writing import ORIGIN
from apps.deals.models import (
    Deal,
    DealParty,
    ImportBefore,
    ImportRow,
    LeadImport,
    Property,
)
from apps.events.actions import Actor
from apps.events.catalog.deals import DealRemoved, DealUpdated
from apps.events.history import deletions_recorded, record_bulk
from apps.events.queries import map_stories

EDITED = "it was edited after this import."
USED = "an offer, a message or a follow-up names it."
NO_RECORD = "there is no record of what it was before."


Pairs = list[tuple[Property, Deal | None]]


@dataclass
class Reversal:
    """`undo` works on one batch; afterwards the counts and facts tell what it did.

    `gone` is another import that is just being undone: what it said from row `gone_from` on counts
    no more.
    """

    lead_import: LeadImport
    actor: Actor
    now: datetime
    gone: LeadImport | None = None
    gone_from: int = 0
    undone: int = 0
    kept: int = 0
    facts: list[DealRemoved | DealUpdated] = field(default_factory=list)
    restored_deals: list[UUID] = field(default_factory=list)
    people: set[int] = field(default_factory=set)

    def undo(self, rows: Sequence[ImportRow]) -> None:
        traces = Traces(self.lead_import, self.gone)
        by_property = {row.property_id: row for row in rows if row.property_id}
        here = Property.objects.in_workspace(self.lead_import.workspace_id)
        locked = here.select_for_update(no_key=True).filter(pk__in=list(by_property)).order_by("pk")
        properties = list(locked)
        deals = self._lock_deals(properties)
        self._properties = traces.of(Property, [item.pk for item in properties])
        self._deals = traces.of(Deal, [deal.pk for deal in deals.values()])
        later = Later(self.lead_import, self.gone, self.gone_from)
        self._marks = MarksReversal(
            self.lead_import, properties, later.lists_of(by_property), self.gone
        )
        self._retold = self._marks.retold()
        stories = map_stories(
            self.lead_import.workspace_id, [deal.public_id for deal in deals.values()]
        )
        undoable: Pairs = []
        for item in properties:
            deal = deals.get(item.pk)
            since = traces.since(stories[deal.public_id]) if deal else Since.NOTHING
            row = by_property[item.pk]
            if why := self._why_kept(row, item, deal, since):
                self._keep(row, why)
            else:
                undoable.append((item, deal))
        self.people = self._people_of(undoable)
        for item, deal in self._remove_at_once(undoable):
            self._undo_one(by_property[item.pk], item, deal)
        # Of another one's turn all rows are done already.
        first_row = min((row.row_no for row in rows), default=0) if self.gone is None else 0
        self._revert_people(traces, later, first_row)

    def _revert_people(self, traces: Traces, later: Later, first_row: int) -> None:
        revert_people(
            traces, later, self.people, first_row=first_row, actor=self.actor, now=self.now
        )

    def undo_people(self, contact_ids: set[int]) -> None:
        """Only what the import did to these contacts."""
        self.people = contact_ids
        later = Later(self.lead_import, self.gone, self.gone_from)
        self._revert_people(Traces(self.lead_import, self.gone), later, 0)

    def _lock_deals(self, properties: Sequence[Property]) -> dict[int, Deal]:
        rows = Deal.objects.in_workspace(self.lead_import.workspace_id)
        locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
        return {deal.property_id: deal for deal in locked.filter(property__in=properties)}

    def _why_kept(self, row: ImportRow, item: Property, deal: Deal | None, since: Since) -> str:
        trace = self._properties.get(item.pk)
        told = self._deals.get(deal.pk) if deal else None
        edited = [found for found in (trace, told) if found and found.is_edited]
        if any(not found.is_retold for found in edited):
            return EDITED
        if since == Since.USED:
            return USED
        if edited or since == Since.RETOLD or item.pk in self._retold:
            return NAMED
        if trace and trace.is_created and item.pk in self._marks.named:
            return NAMED
        if (trace or told) and item.pk in self._marks.later:
            return NAMED
        found = [one for one in (trace, told) if one]
        if any(not one.is_created and one.before is None for one in found):
            return NO_RECORD
        # Imports of earlier versions wrote nothing down by which their changes are known.
        is_changed = row.outcome != ImportRow.Outcome.UNCHANGED
        if is_changed and not found and item.pk not in self._marks.marked:
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
        changes = self._restore_property(item, trace.before) if trace else {}
        self._marks.restore(item)
        if deal is not None and not is_removed:
            if told is not None:
                changes |= self._restore_deal(deal, told.before)
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

    def _restore_property(self, item: Property, before: Any) -> dict[str, list[Any]]:
        columns = (*COLUMNS, *ORIGIN)
        stored = [
            json.dumps(value) if isinstance(value, dict) else value
            for value in (getattr(before, name) for name in columns)
        ]
        update_rows(Property, columns, [[*stored, item.pk]])
        self._record(Property, item.pk)
        return {
            name: [plain(getattr(item, name)), plain(getattr(before, name))]
            for name in COLUMNS
            if getattr(item, name) != getattr(before, name) and not name.endswith("_key")
        }

    def _restore_deal(self, deal: Deal, before: Any) -> dict[str, list[Any]]:
        seller = self._who_is(before.seller_id)
        if before.seller_id and seller is None:
            # Whoever sold then went with another undoing: the owners of now are better than none.
            return {}
        update_rows(Deal, ["seller_id", "search_text"], [[seller, before.search_text, deal.pk]])
        self._record(Deal, deal.pk)
        kept = ImportBefore.objects.filter(
            lead_import=self.lead_import,
            property=deal.property_id,
            what=ImportBefore.What.PARTIES,
        ).first()
        if kept is None:
            return {}
        return self._restore_parties(deal, kept.rows)

    def _who_is(self, contact_id: int | None) -> int | None:
        """The contact as it stands now: since then it may have become part of another, or gone."""
        rows = Contact.objects.in_workspace(self.lead_import.workspace_id)
        found = rows.filter(pk=contact_id).first() if contact_id else None
        return get_survivor(self.lead_import.workspace_id, found).pk if found else None

    def _restore_parties(self, deal: Deal, rows: Sequence[list[Any]]) -> dict[str, list[Any]]:
        parties = DealParty.objects.in_workspace(deal.workspace_id).filter(deal=deal)
        now_there = list(parties.order_by("rank").values_list("contact__name", flat=True))
        wanted = {row[0]: row for row in rows}
        parties.exclude(public_id__in=list(wanted)).delete()
        there = {str(found) for found in parties.values_list("public_id", flat=True)}
        taken = set(parties.values_list("contact_id", flat=True))
        back = []
        for public_id, former, part, rank, created_at, key in rows:
            contact = self._who_is(former)
            if public_id in there or contact is None or contact in taken:
                continue
            taken.add(contact)
            created = datetime.fromisoformat(created_at)
            back.append(
                [key, UUID(public_id), contact, part, rank, created, deal.pk, deal.workspace_id]
            )
        insert_rows(
            DealParty,
            ["id", "public_id", "contact_id", "part", "rank", "created_at", "deal_id",
             "workspace_id"],
            back,
        )  # fmt: skip
        before = list(parties.order_by("rank").values_list("contact__name", flat=True))
        return {"owners": [now_there, before]}

    def _record(self, model: Any, key: int) -> None:
        record_bulk(
            model, [key], kind="~", reason=undo_reason(self.lead_import), actor=self.actor,
            now=self.now,
        )  # fmt: skip

    def _keep(self, row: ImportRow, why: str) -> None:
        self.kept += 1
        row.reason = f"{KEPT}{why}"
        ImportRow.objects.filter(pk=row.pk).update(reason=row.reason)

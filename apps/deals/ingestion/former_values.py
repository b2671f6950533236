"""One property and its deal given back what they were before an import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.common.bulk import insert_rows, update_rows
from apps.contacts.models import Contact
from apps.contacts.queries import get_survivor
from apps.deals.ingestion.claims import plain
from apps.deals.ingestion.property_values import COLUMNS
from apps.deals.ingestion.traces import undo_reason
from apps.deals.ingestion.writing import ORIGIN
from apps.deals.models import (
    Deal,
    DealParty,
    ImportBefore,
    LeadImport,
    ListMembership,
    Property,
    Signal,
)
from apps.events.actions import Actor
from apps.events.history import record_bulk


@dataclass(frozen=True)
class FormerValues:
    """Restores what an import changed; each change gets its history row."""

    lead_import: LeadImport
    actor: Actor
    now: datetime

    def restore_property(self, item: Property, before: Any) -> dict[str, list[Any]]:
        """As the history row `before` has it; {column: [now, then]}."""
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

    def restore_deal(self, deal: Deal, before: Any) -> dict[str, list[Any]]:
        """Its seller and parties; {"owners": [now, then]} where parties were kept."""
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

    def restore_marks(self, item: Property, later_lists: dict[int | None, int]) -> None:
        """Lists and signals of this import go; the days of others are set back.

        `later_lists`: lists that a later import put it on as well -> the first such import.
        """
        memberships = ListMembership.objects.in_workspace(self.lead_import.workspace_id)
        for lead_list, later in later_lists.items():
            # That file put it there as well: undoing that one takes it off.
            mine = memberships.filter(property=item, lead_import=self.lead_import)
            mine.filter(lead_list=lead_list).update(lead_import=later)
        for model in (ListMembership, Signal):
            rows = model.objects.in_workspace(self.lead_import.workspace_id)
            rows.filter(property=item, lead_import=self.lead_import).delete()
        befores = ImportBefore.objects.filter(lead_import=self.lead_import, property=item)
        for kept in befores.exclude(what=ImportBefore.What.PARTIES):
            if kept.what == ImportBefore.What.MEMBERSHIPS:
                days = [[_day(listed), _day(seen), key] for key, listed, seen in kept.rows]
                update_rows(ListMembership, ["listed_on", "last_seen_on"], days)
            else:
                update_rows(Signal, ["ended_on"], [[None, key] for (key,) in kept.rows])

    def _record(self, model: Any, key: int) -> None:
        record_bulk(
            model, [key], kind="~", reason=undo_reason(self.lead_import), actor=self.actor,
            now=self.now,
        )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Lists and signals of properties back to what they were before an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.common.bulk import update_rows
from apps.deals.models import ImportBefore, LeadImport, ListMembership, Property, Signal

What = ImportBefore.What


@dataclass
class MarksReversal:
    """`later`: by property, the lists that later imports put their rows on, and the first such.

    `gone` is another import whose own marks on these properties were undone just now.
    """

    lead_import: LeadImport
    properties: Sequence[Property]
    later: dict[int, dict[int | None, int]]
    gone: LeadImport | None = None

    def __post_init__(self) -> None:
        self.marked = self._marked()
        self.named = {*self.later, *self._named_by_others()}

    def _named_by_others(self) -> set[int]:
        """Properties that another import put on a list or gave a signal."""
        named: set[int] = set()
        for model in (ListMembership, Signal):
            rows = model.objects.in_workspace(self.lead_import.workspace_id)
            others = rows.filter(property__in=self.properties).exclude(lead_import=self.lead_import)
            named.update(others.values_list("property_id", flat=True))
        return named

    def _marked(self) -> set[int]:
        """Properties whose lists or signals this import changed."""
        marked: set[int] = set()
        for model in (ListMembership, Signal, ImportBefore):
            marked.update(self._mine(model).values_list("property_id", flat=True))
        return marked

    def retold(self) -> set[int]:
        """Of the properties with later rows those where this import left a mark that a later row
        may have told again. A place on a later import's own list is handed over instead."""
        rows = self._mine(ListMembership).values_list("property_id", "lead_list_id")
        found = {item for item, key in rows if key not in self.later.get(item, {})}
        found.update(self._mine(Signal).values_list("property_id", flat=True))
        befores = self._mine(ImportBefore).exclude(what=What.MEMBERSHIPS)
        found.update(befores.values_list("property_id", flat=True))
        return found & set(self.later)

    def _mine(self, model: Any) -> Any:
        return model._default_manager.filter(
            property__in=self.properties, lead_import=self.lead_import
        )

    def restore(self, item: Property) -> None:
        """Lists and signals of this import go; the days of others are set back."""
        memberships = ListMembership.objects.in_workspace(self.lead_import.workspace_id)
        for lead_list, later in self.later.get(item.pk, {}).items():
            # That file put it there as well: undoing that one takes it off.
            mine = memberships.filter(property=item, lead_import=self.lead_import)
            mine.filter(lead_list=lead_list).update(lead_import=later)
        for model in (ListMembership, Signal):
            rows = model.objects.in_workspace(self.lead_import.workspace_id)
            rows.filter(property=item, lead_import=self.lead_import).delete()
        befores = ImportBefore.objects.filter(lead_import=self.lead_import, property=item)
        for kept in befores.exclude(what=What.PARTIES):
            if kept.what == What.MEMBERSHIPS:
                self._set_days_back(kept)
            else:
                former = [[_day(ended), number, key] for key, ended, number in kept.rows]
                update_rows(Signal, ["ended_on", "reference"], former)

    def _set_days_back(self, kept: ImportBefore) -> None:
        """Where a later import saw it too, that one has the former days to go back to now."""
        former = {key: [key, listed, seen] for key, listed, seen in kept.rows}
        afterwards = ImportBefore.objects.filter(
            property=kept.property_id, what=What.MEMBERSHIPS, pk__gt=kept.pk
        ).exclude(lead_import__state=LeadImport.State.UNDONE)
        if self.gone is not None:
            afterwards = afterwards.exclude(lead_import=self.gone)
        for later in afterwards.order_by("pk"):
            if any(row[0] in former for row in later.rows):
                later.rows = [former.pop(row[0], row) for row in later.rows]
                later.save(update_fields=["rows"])
        days = [[_day(listed), _day(seen), key] for key, listed, seen in former.values()]
        update_rows(ListMembership, ["listed_on", "last_seen_on"], days)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

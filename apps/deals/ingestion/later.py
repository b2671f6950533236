"""What imports after this one said of the same properties.

Later is what was applied later: a draft may have waited while other files came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q, QuerySet

from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion.traces import KEPT, TOUCHING
from apps.deals.ingestion.upsert import REASON, reason_of
from apps.deals.models import Deal, ImportRow, LeadImport

NAMED = "a later list or source names it. It goes when that import is undone too."
WAITING = f"{KEPT}{NAMED}"


@dataclass(frozen=True)
class Later:
    """Reads rows of other imports that stand. Of `gone`, which is just being undone, those count
    that were left as they are and those before `gone_from`, whose turn is still to come.

    What a later file says again leaves no other trace where it changed nothing.
    """

    lead_import: LeadImport
    gone: LeadImport | None = None
    gone_from: int = 0

    def lists_of(self, rows: Mapping[int, ImportRow]) -> dict[int, dict[int | None, int]]:
        """By property: the lists that later imports put their rows on, and the first such import.

        `rows`: by property, where this import told of it. None stands for imports that put their
        rows on no list.
        """
        found: dict[int, dict[int | None, int]] = {}
        told = self._rows().filter(property__in=list(rows)).order_by("pk")
        for key, item, lead_list, later in told.values_list(
            "pk", "property_id", "lead_import__lead_list_id", "lead_import_id"
        ):
            if key > rows[item].pk:
                found.setdefault(item, {}).setdefault(lead_list, later)
        return found

    def people_of(self, contact_ids: Sequence[int]) -> set[int]:
        """Those of the contacts who stand in a deal that another import told of since."""
        first = ImportRow.objects.filter(lead_import=self.lead_import).aggregate(key=Min("pk"))
        told = self._rows().filter(pk__gt=first["key"] or 0).values("property")
        deals = Deal.objects.in_workspace(self.lead_import.workspace_id).filter(property__in=told)
        deals = deals.filter(Q(seller__in=contact_ids) | Q(parties__contact__in=contact_ids))
        pairs = deals.values_list("seller_id", "parties__contact_id")
        return {key for pair in pairs for key in pair if key} & set(contact_ids)

    def _rows(self) -> QuerySet[ImportRow]:
        """Of other imports that stand."""
        held = self.lead_import
        rows = ImportRow.objects.filter(
            outcome__in=TOUCHING,
            property__isnull=False,
            lead_import__workspace=held.workspace_id,
        ).exclude(lead_import=held)
        stands = ~Q(lead_import__state=LeadImport.State.UNDONE)
        if self.gone is not None:
            left = Q(row_no__lt=self.gone_from) | Q(reason__startswith=KEPT)
            stands &= ~Q(lead_import=self.gone) | left
        return rows.filter(stands)


def waiting_rows(
    lead_import: LeadImport, properties: Iterable[int]
) -> list[tuple[LeadImport, list[ImportRow]]]:
    """Rows of undone imports that were left because of what came after them, by import, the latest
    first."""
    rows = ImportRow.objects.filter(
        property__in=list(properties),
        reason=WAITING,
        lead_import__workspace=lead_import.workspace_id,
        lead_import__state=LeadImport.State.UNDONE,
    )
    found: dict[int, list[ImportRow]] = {}
    for row in rows.order_by("-pk"):
        found.setdefault(row.lead_import_id, []).append(row)
    imports = LeadImport.objects.in_workspace(lead_import.workspace_id)
    held = imports.select_for_update(of=("self",)).order_by("pk").in_bulk(list(found))
    return [(held[key], waiting) for key, waiting in found.items()]


def undone_imports_of_people(lead_import: LeadImport, contact_ids: set[int]) -> list[LeadImport]:
    """Undone imports that had to leave something of these contacts, the latest first."""
    undone = LeadImport.objects.in_workspace(lead_import.workspace_id).filter(
        state=LeadImport.State.UNDONE
    )
    others = list(undone.order_by("-pk"))
    if not (others and contact_ids):
        return []
    reasons: set[str] = set()
    for model, field in ((Contact, "pk"), (Phone, "contact"), (EmailAddress, "contact")):
        rows = model.objects.in_workspace(lead_import.workspace_id)
        keys = list(rows.filter(**{f"{field}__in": contact_ids}).values_list("pk", flat=True))
        history: Any = model.history
        told = history.filter(id__in=keys, history_change_reason__startswith=REASON)
        reasons.update(told.order_by().values_list("history_change_reason", flat=True).distinct())
    return [other for other in others if reason_of(other) in reasons]

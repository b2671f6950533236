"""Rows of a file that came before, known without being read: nothing became of them, nothing will.

The row must have stood in the last finished import of the same file, read in the same way
(`reading_mark`), and have brought its property or changed nothing there; and since then nobody may
have touched what it speaks of. That is so when

- the property is known by the very keys of the row, so that it is the one the row would find;
- no later row of any import told of it;
- its record, its deal's, and those of everybody standing in the deal have no history but their
  beginning, apart from what the house does by itself;
- nobody standing there took in another contact.

Records only add to their history, so the order of transactions that overlap does not matter: once a
change can be seen at all, it is seen here. Parties, lists and signals keep no history: they are
written by imports, by merges, and by renaming and undoing, which change the mark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, TextField
from django.db.models.functions import Cast

from apps.common.lookups import Many, by_index
from apps.contacts.models import Contact, EmailAddress, Merge, Phone
from apps.deals.ingestion.reading_mark import reading_mark
from apps.deals.models import Deal, DealParty, ImportRow, LeadImport, Property
from apps.deals.sentences import QUALIFIED_REASON

# A check writes down when it was; what it mends of phones and e-mails is in their own histories. It
# deletes second spellings only, and a list's own spelling is the one it keeps.
CHECKED_REASON = "contacts.actions.checking."


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row that changes nothing: its property, and who stands in the deal; `notes` as JSON."""

    property_id: int
    contacts: frozenset[int]
    notes: str


def mark_reading(lead_import: LeadImport) -> str:
    """Note how the rows about to be applied are read; returns the mark.

    An import whose chunks were read in different ways is the same as no other.
    """
    mark = reading_mark(lead_import)
    is_first = not lead_import.rows_done
    lead_import.reading = mark if is_first or lead_import.reading == mark else ""
    return lead_import.reading


def find_repeats(lead_import: LeadImport, first_row: int, last_row: int) -> dict[int, Repeat]:
    """Row number -> what is known of it, for the rows from `first_row` to `last_row` that would
    change nothing. The caller holds the workspace's lock and has called `mark_reading`."""
    earlier = _earlier(lead_import)
    if earlier is None:
        return {}
    rows = earlier.rows.filter(
        row_no__range=(first_row, last_row),
        is_repeatable=True,
        property__isnull=False,
    )
    told = {
        item: (row_no, notes)
        for item, row_no, notes in rows.values_list(
            "property_id", "row_no", Cast("notes", TextField())
        )
    }
    if not told:
        return {}
    by_index()
    for item in _told_later(earlier, told, rows.aggregate(first=Min("id"))["first"]):
        del told[item]
    untouched = _Untouched(lead_import.workspace_id, told).find()
    return {
        told[item][0]: Repeat(item, contacts, told[item][1]) for item, contacts in untouched.items()
    }


def _told_later(earlier: LeadImport, properties: Collection[int], first: int) -> set[int]:
    """Those that rows of other imports told of, at or after the row with the key `first`."""
    rows = ImportRow.objects.filter(property_id__any_of=Many(properties))
    others = rows.exclude(lead_import=earlier).exclude(outcome=ImportRow.Outcome.DUPLICATE)
    # Compared here: a planner would read all that was ever imported since.
    return {item for item, key in others.values_list("property_id", "id") if key > first}


def _earlier(lead_import: LeadImport) -> LeadImport | None:
    if not lead_import.reading:
        return None
    others = LeadImport.objects.in_workspace(lead_import.workspace_id)
    same = others.filter(reading=lead_import.reading, state=LeadImport.State.DONE)
    return same.exclude(pk=lead_import.pk).order_by("-finished_at", "-id").first()


@dataclass
class _Untouched:
    """Which of these properties are as they came, with everybody who stands in their deals."""

    workspace_id: int
    properties: Collection[int]
    _contacts: dict[int, set[int]] = field(default_factory=dict)

    def find(self) -> dict[int, frozenset[int]]:
        """Property -> contacts standing in its deal."""
        deals = self._deals()
        changed = {*_changed(Property, self.properties)}
        moved = {*_changed(Deal, deals, but=QUALIFIED_REASON)}
        for deal, contact in (
            DealParty.objects.keyed_in_workspace(self.workspace_id)
            .filter(deal_id__any_of=Many(deals))
            .values_list("deal_id", "contact_id")
        ):
            self._contacts[deal].add(contact)
        touched = self._touched({one for found in self._contacts.values() for one in found})
        return {
            item: frozenset(self._contacts[deal])
            for deal, item in deals.items()
            if item not in changed
            and deal not in moved
            and touched.isdisjoint(self._contacts[deal])
        }

    def _deals(self) -> dict[int, int]:
        rows = Deal.objects.keyed_in_workspace(self.workspace_id)
        found = {}
        for deal, item, seller in rows.filter(
            property_id__any_of=Many(self.properties)
        ).values_list("id", "property_id", "seller_id"):
            found[deal] = item
            self._contacts[deal] = {seller} if seller else set()
        return found

    def _touched(self, contacts: set[int]) -> set[int]:
        """Contacts that were changed or took in another, or whose phones or e-mails changed."""
        touched = set(_changed(Contact, contacts, but=CHECKED_REASON))
        merges = Merge.objects.keyed_in_workspace(self.workspace_id)
        touched.update(
            merges.filter(survivor_id__any_of=Many(contacts)).values_list("survivor_id", flat=True)
        )
        owners = self._owners(Phone, contacts)
        touched.update(owners[key] for key in _changed(Phone, owners))
        emails = self._owners(EmailAddress, contacts)
        touched.update(emails[key] for key in _changed(EmailAddress, emails))
        return touched

    def _owners(
        self, model: type[Phone] | type[EmailAddress], contacts: set[int]
    ) -> dict[int, int]:
        rows: Any = model.objects.keyed_in_workspace(self.workspace_id)
        return dict(rows.filter(contact_id__any_of=Many(contacts)).values_list("id", "contact_id"))


def _changed(model: Any, keys: Iterable[int], *, but: str = "") -> Iterator[int]:
    """Records with more history than their beginning; what was done for the reason `but` counts
    for nothing."""
    rows = model.history.filter(id__any_of=Many(keys)).exclude(history_type="+").order_by()
    if but:
        rows = rows.exclude(history_change_reason__startswith=but)
    return iter(rows.values_list("id", flat=True))

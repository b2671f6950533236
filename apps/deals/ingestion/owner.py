"""One contact in a chunk, and what rows add to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.contacts.models import Phone
from apps.deals.ingestion.types import PhoneCell, PostalAddress

_LINE_TYPES = frozenset(Phone.LineType.values)


@dataclass(slots=True)
class KnownPhone:
    id: int | None
    line_type: str
    is_dnc: bool
    is_changed: bool = False
    is_marked: bool = False
    # What the list said of the number beside these columns: carrier, litigator, reachable.
    cell: PhoneCell | None = None

    def mark(self) -> None:
        """Do not call."""
        self.is_dnc = self.is_marked = True
        self.is_changed = self.id is not None


@dataclass(slots=True, eq=False)
class Owner:
    """A contact as it stands in this chunk."""

    id: int | None
    public_id: uuid.UUID
    values: dict[str, Any]
    phones: dict[str, KnownPhone] = field(default_factory=dict)
    emails: dict[str, int | None] = field(default_factory=dict)
    is_changed: bool = False
    # Match keys of contacts that were merged into this one.
    former_keys: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def name_key(self) -> str:
        return str(self.values["match_key"]).rpartition(" @ ")[0]


def has_moved(owner: Owner, mailing: PostalAddress) -> bool:
    """False for the address the contact was made with, or two parcels' lists would take turns.

    The same holds for the addresses of contacts that were merged into it.
    """
    made_with = {str(owner.values["match_key"]), *owner.former_keys}
    known = {key.rpartition(" @ ")[2] for key in made_with} | {owner.values["mailing_key"]}
    return bool(mailing.key) and mailing.key not in known


def merge_phones(
    owner: Owner, cells: Sequence[PhoneCell], *, is_do_not_call: bool
) -> dict[str, list[Any]]:
    """Add numbers behind those known; do-not-call marks are only ever added."""
    before = list(owner.phones)
    for cell in cells:
        line_type = cell.line_type if cell.line_type in _LINE_TYPES else "unknown"
        known = owner.phones.get(cell.e164)
        if known is None:
            known = owner.phones[cell.e164] = KnownPhone(None, line_type, cell.is_dnc, cell=cell)
        elif known.line_type == "unknown" != line_type:
            known.line_type = line_type
            known.is_changed = known.id is not None
        if cell.is_dnc and not known.is_dnc:
            known.mark()
    for known in owner.phones.values() if is_do_not_call else ():
        if not known.is_dnc:
            known.mark()
    changes: dict[str, list[Any]] = {}
    if len(owner.phones) > len(before):
        changes["phones"] = [before, list(owner.phones)]
    marked = [number for number in before if owner.phones[number].is_marked]
    if marked:
        changes["do_not_call"] = [[], marked]
        for number in marked:
            owner.phones[number].is_marked = False
    return changes


def merge_emails(owner: Owner, addresses: Sequence[str]) -> dict[str, list[Any]]:
    before = list(owner.emails)
    for address in addresses:
        owner.emails.setdefault(address, None)
    return {"emails": [before, list(owner.emails)]} if len(owner.emails) > len(before) else {}

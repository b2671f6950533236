"""Owners as contacts: one contact per name and mailing address, with phones and e-mails."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from apps.common.names import Name
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.queries import get_survivor
from apps.deals.ingestion.contact_values import (
    COLUMNS,
    comparable_name,
    contact_values,
    mailing_values,
    match_key,
    owners_of,
)
from apps.deals.ingestion.owner import KnownPhone, Owner, has_moved, merge_emails, merge_phones
from apps.deals.ingestion.types import LeadRow


@dataclass
class People:
    """The contacts a chunk of rows may be about."""

    workspace_id: int
    new: list[Owner] = field(default_factory=list)
    _by_id: dict[int, Owner] = field(default_factory=dict)
    _by_key: dict[str, Owner] = field(default_factory=dict)

    def load(self, rows: Sequence[LeadRow], contact_ids: Iterable[int]) -> None:
        """Read the contacts these rows name, and those already standing in their deals."""
        keys = {match_key(name, row) for row in rows for name in owners_of(row)}
        here = Contact.objects.in_workspace(self.workspace_id)
        merged = [
            *self._load(here.filter(match_key__in=keys)),
            *self._load(here.filter(pk__in=set(contact_ids))),
        ]
        for row in Contact.objects.in_workspace(self.workspace_id).filter(pk__in=merged):
            self._lead_on(row)
        self._load_addresses()

    def _load(self, rows: QuerySet[Contact]) -> list[int]:
        """Keep the standing contacts; keys of those that are part of another by now."""
        merged = []
        for values in rows.values("id", "public_id", "merged_into_id", *COLUMNS):
            if values.pop("merged_into_id") is not None:
                merged.append(values["id"])
            elif values["id"] not in self._by_id:
                self._keep(Owner(values.pop("id"), values.pop("public_id"), values))
        return merged

    def _lead_on(self, merged: Contact) -> None:
        """The next list that spells the duplicate finds the one it became part of."""
        survivor = get_survivor(self.workspace_id, merged).pk
        self._load(Contact.objects.in_workspace(self.workspace_id).filter(pk=survivor))
        owner = self._by_id[survivor]
        owner.former_keys.add(merged.match_key)
        self._by_key[merged.match_key] = self._by_id[merged.pk] = owner

    def _load_addresses(self) -> None:
        phones = Phone.objects.in_workspace(self.workspace_id).filter(contact__in=list(self._by_id))
        for contact, e164, key, line_type, is_dnc in phones.order_by("rank", "id").values_list(
            "contact_id", "e164", "id", "line_type", "is_dnc"
        ):
            self._by_id[contact].phones[e164] = KnownPhone(key, line_type, is_dnc)
        emails = EmailAddress.objects.in_workspace(self.workspace_id)
        for contact, address, key in (
            emails.filter(contact__in=list(self._by_id))
            .order_by("rank", "id")
            .values_list("contact_id", "address", "id")
        ):
            self._by_id[contact].emails[address] = key

    def _keep(self, owner: Owner) -> None:
        self._by_key[owner.values["match_key"]] = owner
        if owner.id is not None:
            self._by_id[owner.id] = owner

    def by_id(self, contact_id: int) -> Owner:
        return self._by_id[contact_id]

    def find_or_open(self, name: Name, row: LeadRow, standing: Sequence[Owner]) -> Owner:
        """The contact of that name in the deal, else by name and mailing address, else a new one.

        Whoever stands in the deal stays the same contact when only the mailing address moves:
        conversations and opt-outs hang on it.
        """
        wanted = comparable_name(name)
        for owner in standing:
            if owner.name_key == wanted:
                return owner
        key = match_key(name, row)
        if key not in self._by_key:
            owner = Owner(None, uuid.uuid4(), contact_values(name, row, key))
            self.new.append(owner)
            self._keep(owner)
        return self._by_key[key]

    def merge(self, owner: Owner, row: LeadRow, *, is_first: bool) -> dict[str, list[Any]]:
        """Take over what the row knows better; {field: [old, new]} of what changed.

        Phones and e-mails of a row are the first owner's. Warnings (do not call, do not mail,
        litigator) are only ever added: a list's silence lifts none.
        """
        wanted: dict[str, Any] = {}
        if row.is_litigator:
            wanted["is_litigator"] = True
        if row.is_do_not_mail:
            wanted["is_do_not_mail"] = True
        if has_moved(owner, row.mailing):
            wanted |= mailing_values(row.mailing)
        changes = {
            name: [owner.values[name], value]
            for name, value in wanted.items()
            if owner.values[name] != value
        }
        owner.values.update(wanted)
        owner.is_changed = owner.is_changed or bool(changes)
        changes.pop("mailing_key", None)
        if is_first:
            changes |= merge_phones(owner, row) | merge_emails(owner, row)
        return changes

    @property
    def known(self) -> list[Owner]:
        return list(dict.fromkeys(self._by_id.values()))

    @property
    def everyone(self) -> list[Owner]:
        return [*self.new, *self.known]

"""Owners as contacts: one contact per name and mailing address, with phones and e-mails."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from apps.common.lookups import Many
from apps.common.names import Name
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.contacts.queries import get_survivor
from apps.deals.ingestion.contact_values import (
    COLUMNS,
    comparable_name,
    contact_values,
    keys_of,
    mailing_values,
    match_key,
    person_key,
)
from apps.deals.ingestion.owner import KnownPhone, Owner, has_moved, merge_emails, merge_phones
from apps.deals.ingestion.parcels import Parcel
from apps.deals.ingestion.types import LeadRow, PersonCell, PostalAddress

OWNER = "owner"
NOWHERE = PostalAddress()


@dataclass
class People:
    """The contacts a chunk of rows may be about."""

    workspace_id: int
    new: list[Owner] = field(default_factory=list)
    _by_id: dict[int, Owner] = field(default_factory=dict)
    _by_key: dict[str, Owner] = field(default_factory=dict)

    def load(
        self, rows: Sequence[LeadRow], contact_ids: Iterable[int], held: Mapping[int, Owner]
    ) -> None:
        """Read the contacts these rows name, and those already standing in their deals.

        `held` are newer than the database already.
        """
        keys = {key for row in rows for key in keys_of(row)}
        here = Contact.objects.in_workspace(self.workspace_id)
        fresh: dict[int, Owner] = {}
        merged = self._load(here.filter(match_key__any_of=Many(keys)), held, fresh)
        others = set(contact_ids) - self._by_id.keys()
        if others:
            keyed = Contact.objects.keyed_in_workspace(self.workspace_id)
            merged += self._load(keyed.filter(pk__any_of=Many(others)), held, fresh)
        for row in here.filter(pk__in=merged) if merged else ():
            self._lead_on(row, held, fresh)
        self._load_addresses(fresh)

    def _load(
        self, rows: QuerySet[Contact], held: Mapping[int, Owner], fresh: dict[int, Owner]
    ) -> list[int]:
        """Keep the standing contacts; keys of those that are part of another by now."""
        merged = []
        columns = ("id", "public_id", "merged_into_id", *COLUMNS)
        for key, public_id, merged_into, *values in rows.values_list(*columns):
            if merged_into is not None:
                merged.append(key)
                continue
            if key in self._by_id:
                continue
            owner = held.get(key)
            if owner is None:
                owner = Owner(key, public_id, dict(zip(COLUMNS, values, strict=True)))
                fresh[key] = owner
            self._keep(owner)
        return merged

    def _lead_on(self, merged: Contact, held: Mapping[int, Owner], fresh: dict[int, Owner]) -> None:
        """The next list that spells the duplicate finds the one it became part of."""
        survivor = get_survivor(self.workspace_id, merged).pk
        self._load(Contact.objects.in_workspace(self.workspace_id).filter(pk=survivor), held, fresh)
        owner = self._by_id[survivor]
        owner.former_keys.add(merged.match_key)
        self._by_key[merged.match_key] = self._by_id[merged.pk] = owner

    def adopt(self, parcels: Iterable[Parcel]) -> None:
        """Whoever stands in deals that were read before."""
        for parcel in parcels:
            for owner in parcel.deal.everybody if parcel.deal else ():
                self._keep(owner)

    def _load_addresses(self, fresh: dict[int, Owner]) -> None:
        if not fresh:
            return
        phones = Phone.objects.keyed_in_workspace(self.workspace_id).filter(
            contact_id__any_of=Many(fresh)
        )
        for contact, e164, key, line_type, is_dnc in phones.order_by("rank", "id").values_list(
            "contact_id", "e164", "id", "line_type", "is_dnc"
        ):
            fresh[contact].phones[e164] = KnownPhone(key, line_type, is_dnc)
        emails = EmailAddress.objects.keyed_in_workspace(self.workspace_id)
        for contact, address, key in (
            emails.filter(contact_id__any_of=Many(fresh))
            .order_by("rank", "id")
            .values_list("contact_id", "address", "id")
        ):
            fresh[contact].emails[address] = key

    def _keep(self, owner: Owner) -> None:
        self._by_key[owner.values["match_key"]] = owner
        if owner.id is not None:
            self._by_id[owner.id] = owner

    def has_any(self, contact_ids: Set[int]) -> bool:
        """Whether one of them was read."""
        return not self._by_id.keys().isdisjoint(contact_ids)

    def by_id(self, contact_id: int) -> Owner:
        return self._by_id[contact_id]

    def find_or_open(self, name: Name, row: LeadRow, standing: Sequence[Owner]) -> Owner:
        """The contact of that name in the deal, else by name and mailing address, else a new one.

        Whoever stands in the deal stays the same contact when only the mailing address moves:
        conversations and opt-outs hang on it.
        """
        if found := named(name, standing):
            return found
        return self._by_match(match_key(name, row), name, row, row.mailing)

    def find_or_open_person(
        self, person: PersonCell, row: LeadRow, standing: Sequence[Owner]
    ) -> Owner:
        """The same for somebody with a part of their own; only an owner gets the row's mail."""
        if found := named(person.name, standing):
            return found
        mailing = row.mailing if person.part == OWNER else NOWHERE
        return self._by_match(person_key(person, row), person.name, row, mailing)

    def _by_match(self, key: str, name: Name, row: LeadRow, mailing: PostalAddress) -> Owner:
        owner = self._by_key.get(key)
        if owner is None:
            owner = Owner(None, uuid.uuid4(), contact_values(name, row, key, mailing))
            self.new.append(owner)
            self._keep(owner)
        return owner

    def merge(
        self, owner: Owner, row: LeadRow, *, is_first: bool, may_move: bool = True
    ) -> dict[str, list[Any]]:
        """Take over what the row knows better; {field: [old, new]} of what changed.

        Phones and e-mails of a row are the first owner's. Warnings (do not call, do not mail,
        litigator) are only ever added: a list's silence lifts none. A stale row moves nobody.
        """
        wanted: dict[str, Any] = {}
        if row.is_litigator or (is_first and any(cell.is_litigator for cell in row.phones)):
            wanted["is_litigator"] = True
        if row.is_do_not_mail:
            wanted["is_do_not_mail"] = True
        if row.is_deceased and is_first:
            wanted["is_deceased"] = True
        if may_move and has_moved(owner, row.mailing):
            wanted |= mailing_values(row.mailing)
        changes = _take(owner, wanted) if wanted else {}
        if is_first:
            changes |= merge_phones(owner, row.phones, is_do_not_call=row.is_do_not_call)
            changes |= merge_emails(owner, row.emails)
        return changes

    def merge_person(self, owner: Owner, person: PersonCell) -> dict[str, list[Any]]:
        """The same for a person with phones of their own."""
        wanted: dict[str, Any] = {}
        if person.is_litigator or any(cell.is_litigator for cell in person.phones):
            wanted["is_litigator"] = True
        if person.is_deceased:
            wanted["is_deceased"] = True
        changes = _take(owner, wanted)
        changes |= merge_phones(owner, person.phones, is_do_not_call=False)
        return changes | merge_emails(owner, person.emails)

    @property
    def known(self) -> list[Owner]:
        return list(dict.fromkeys(self._by_id.values()))

    @property
    def everyone(self) -> list[Owner]:
        return [*self.new, *self.known]


def named(name: Name, standing: Sequence[Owner]) -> Owner | None:
    """Whoever of those standing has this name."""
    if not standing:
        return None
    wanted = comparable_name(name)
    return next((owner for owner in standing if owner.name_key == wanted), None)


def _take(owner: Owner, wanted: dict[str, Any]) -> dict[str, list[Any]]:
    changes = {
        name: [owner.values[name], value]
        for name, value in wanted.items()
        if owner.values[name] != value
    }
    owner.values.update(wanted)
    owner.is_changed = owner.is_changed or bool(changes)
    changes.pop("mailing_key", None)
    return changes

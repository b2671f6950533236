"""Owners as contacts: one contact per name and mailing address, with phones and e-mails."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.common.bulk import insert_rows, reserve_ids, update_rows
from apps.common.names import Name, NameKind, name_key
from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.ingestion.normalize import bounded
from apps.deals.ingestion.types import LeadRow, PostalAddress

MAILING = ("mailing_line", "mailing_unit", "mailing_city", "mailing_state", "mailing_zip")
CHANGING = (*MAILING, "mailing_key", "is_do_not_mail", "is_litigator")
COLUMNS = (
    "kind", "name", "first_name", "last_name", "care_of", "match_key", *CHANGING,
)  # fmt: skip
_LINE_TYPES = frozenset(Phone.LineType.values)


@dataclass(slots=True)
class KnownPhone:
    id: int | None
    line_type: str
    is_dnc: bool
    is_changed: bool = False


@dataclass(slots=True, eq=False)
class Owner:
    """A contact as it stands in this chunk."""

    id: int | None
    public_id: uuid.UUID
    values: dict[str, Any]
    phones: dict[str, KnownPhone] = field(default_factory=dict)
    emails: dict[str, int | None] = field(default_factory=dict)
    is_changed: bool = False

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def name_key(self) -> str:
        return str(self.values["match_key"]).rpartition(" @ ")[0]


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
        for matching in (here.filter(match_key__in=keys), here.filter(pk__in=set(contact_ids))):
            for values in matching.values("id", "public_id", *COLUMNS):
                if values["id"] not in self._by_id:
                    self._keep(Owner(values.pop("id"), values.pop("public_id"), values))
        self._load_addresses()

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
            owner = Owner(None, uuid.uuid4(), _values_of(name, row, key))
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
        if _has_moved(owner, row.mailing):
            wanted |= _mailing_values(row.mailing)
        changes = {
            name: [owner.values[name], value]
            for name, value in wanted.items()
            if owner.values[name] != value
        }
        owner.values.update(wanted)
        owner.is_changed = owner.is_changed or bool(changes)
        changes.pop("mailing_key", None)
        if is_first:
            changes |= _merge_phones(owner, row) | _merge_emails(owner, row)
        return changes

    def write(self, source: str, now: datetime) -> Written:
        """Insert the new and update the changed; returns the keys of every touched row."""
        for owner, key in zip(self.new, reserve_ids(Contact, len(self.new)), strict=True):
            owner.id = key
        fixed = ("workspace_id", "public_id", "created_at", "source", "is_deceased", "id")
        insert_rows(
            Contact,
            [*COLUMNS, *fixed],
            [
                [*map(item.values.__getitem__, COLUMNS), self.workspace_id, item.public_id, now,
                 source, False, item.id]
                for item in self.new
            ],
        )  # fmt: skip
        changed = [owner for owner in self._by_id.values() if owner.is_changed]
        update_rows(
            Contact,
            CHANGING,
            [[*map(item.values.__getitem__, CHANGING), item.id] for item in changed],
        )
        phones, changed_phones = self._write_phones(source, now)
        return Written(
            contacts=[owner.id for owner in self.new if owner.id],
            changed_contacts=[owner.id for owner in changed if owner.id],
            phones=phones,
            changed_phones=changed_phones,
            emails=self._write_emails(source, now),
        )

    def _everyone(self) -> list[Owner]:
        return [*self.new, *self._by_id.values()]

    def _write_phones(self, source: str, now: datetime) -> tuple[list[int], list[int]]:
        new = [
            (owner.id, rank, e164, phone)
            for owner in self._everyone()
            for rank, (e164, phone) in enumerate(owner.phones.items(), 1)
            if phone.id is None
        ]
        keys = reserve_ids(Phone, len(new))
        insert_rows(
            Phone,
            ["id", "workspace_id", "public_id", "created_at", "contact_id", "e164", "rank",
             "line_type", "status", "is_dnc", "source"],
            [
                [key, self.workspace_id, uuid.uuid4(), now, contact, e164, rank, phone.line_type,
                 Phone.Status.UNVERIFIED.value, phone.is_dnc, source]
                for key, (contact, rank, e164, phone) in zip(keys, new, strict=True)
            ],
        )  # fmt: skip
        changed = [
            phone
            for owner in self._everyone()
            for phone in owner.phones.values()
            if phone.is_changed
        ]
        update_rows(
            Phone,
            ["line_type", "is_dnc"],
            [[phone.line_type, phone.is_dnc, phone.id] for phone in changed],
        )
        return keys, [phone.id for phone in changed if phone.id]

    def _write_emails(self, source: str, now: datetime) -> list[int]:
        new = [
            (owner.id, rank, address)
            for owner in self._everyone()
            for rank, (address, key) in enumerate(owner.emails.items(), 1)
            if key is None
        ]
        keys = reserve_ids(EmailAddress, len(new))
        insert_rows(
            EmailAddress,
            ["id", "workspace_id", "public_id", "created_at", "contact_id", "address", "rank",
             "status", "source"],
            [
                [key, self.workspace_id, uuid.uuid4(), now, contact, address, rank,
                 EmailAddress.Status.UNVERIFIED.value, source]
                for key, (contact, rank, address) in zip(keys, new, strict=True)
            ],
        )  # fmt: skip
        return keys


@dataclass(frozen=True, slots=True)
class Written:
    """Primary keys of what a chunk inserted and changed."""

    contacts: list[int]
    changed_contacts: list[int]
    phones: list[int]
    changed_phones: list[int]
    emails: list[int]


def owners_of(row: LeadRow) -> tuple[Name, ...]:
    """The owners a row names; one with phones but no name is still somebody."""
    if row.owners or not (row.phones or row.emails):
        return row.owners
    return (Name(NameKind.PERSON, f"Owner of {row.place.line or row.apn}"),)


def comparable_name(name: Name) -> str:
    """Names in other scripts have no ASCII key and stand for themselves."""
    return bounded(name_key(name) or name.full, 180)


def match_key(name: Name, row: LeadRow) -> str:
    """Where there is no mailing address the property keeps namesakes apart."""
    place = row.mailing.key or row.place.key or f"{row.county_key} {row.apn_key}"
    return f"{comparable_name(name)} @ {bounded(place, 200)}"


def _values_of(name: Name, row: LeadRow, key: str) -> dict[str, Any]:
    given = f"{name.first} {name.middle}".strip()
    return {
        "kind": name.kind.value,
        "name": name.full[:200],
        "first_name": given[:80],
        "last_name": f"{name.last} {name.suffix}".strip()[:120],
        "care_of": row.care_of,
        "match_key": key,
        "is_do_not_mail": row.is_do_not_mail,
        "is_litigator": row.is_litigator,
        **_mailing_values(row.mailing),
    }


def _mailing_values(mailing: PostalAddress) -> dict[str, Any]:
    return {
        "mailing_line": mailing.line,
        "mailing_unit": mailing.unit,
        "mailing_city": mailing.city,
        "mailing_state": mailing.state,
        "mailing_zip": mailing.zip_code,
        "mailing_key": mailing.key,
    }


def _has_moved(owner: Owner, mailing: PostalAddress) -> bool:
    """False for the address the contact was made with, or two parcels' lists would take turns."""
    original = str(owner.values["match_key"]).rpartition(" @ ")[2]
    return bool(mailing.key) and mailing.key not in (owner.values["mailing_key"], original)


def _merge_phones(owner: Owner, row: LeadRow) -> dict[str, list[Any]]:
    before = list(owner.phones)
    marked = []
    for cell in row.phones:
        line_type = cell.line_type if cell.line_type in _LINE_TYPES else "unknown"
        known = owner.phones.setdefault(cell.e164, KnownPhone(None, line_type, cell.is_dnc))
        if cell.is_dnc and not known.is_dnc:
            known.is_dnc = True
            known.is_changed = known.id is not None
            marked.append(cell.e164)
        if known.line_type == "unknown" != line_type:
            known.line_type = line_type
            known.is_changed = known.id is not None
    changes: dict[str, list[Any]] = {}
    if len(owner.phones) > len(before):
        changes["phones"] = [before, list(owner.phones)]
    if marked:
        changes["do_not_call"] = [[], marked]
    return changes


def _merge_emails(owner: Owner, row: LeadRow) -> dict[str, list[Any]]:
    before = list(owner.emails)
    for address in row.emails:
        owner.emails.setdefault(address, None)
    return {"emails": [before, list(owner.emails)]} if len(owner.emails) > len(before) else {}

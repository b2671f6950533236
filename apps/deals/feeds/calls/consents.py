"""Whose the consents are that came with the calls of an import."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from apps.channels.actions import ConsentGiven
from apps.channels.addresses import any_address
from apps.contacts.models import EmailAddress, Phone
from apps.deals.feeds.calls.agreeing import consents_given
from apps.deals.models import DealParty, ImportRow, WebhookCall
from apps.workspaces.models import Workspace

# `records_file` writes the header into row 1 and a record into each row after it.
_FIRST_ROW = 2


@dataclass(frozen=True, slots=True)
class _Told:
    """One lead's evidence, the call it came with and the row it became."""

    call: WebhookCall
    evidence: Mapping[str, str]
    row_no: int


@dataclass(frozen=True, slots=True)
class _Holder:
    """A person of a deal and where they can be reached."""

    ref: UUID
    name: str
    addresses: frozenset[str]


def consents_of_rows(
    workspace: Workspace, import_id: UUID, first_row: int, last_row: int
) -> list[tuple[UUID, ConsentGiven]]:
    """(contact, consent) of rows of an import that webhook calls brought; none of other imports.

    A consent is of the contact of the row's deal who has the phone or e-mail that the form named:
    of several the one of the form's name, else the first. A rejected row has nobody; its evidence
    stays with the call.
    """
    told = [one for one in _told(workspace, import_id) if first_row <= one.row_no <= last_row]
    if not told:
        return []
    rows = ImportRow.objects.filter(
        lead_import__workspace=workspace,
        lead_import__public_id=import_id,
        row_no__in=[one.row_no for one in told],
        property__isnull=False,
    )
    properties = dict(rows.values_list("row_no", "property_id"))
    holders = _holders(workspace, set(properties.values()))
    return [
        found
        for one in told
        if one.row_no in properties
        for found in _given(one, holders.get(properties[one.row_no], ()))
    ]


def _told(workspace: Workspace, import_id: UUID) -> Iterator[_Told]:
    calls = WebhookCall.objects.in_workspace(workspace).filter(lead_import__public_id=import_id)
    calls = calls.select_related("source", "workspace").order_by("id")
    first = _FIRST_ROW
    for call in calls:
        for evidence in call.consents:
            yield _Told(call, evidence, first + int(evidence.get("lead", 0)))
        first += call.record_count


def _given(told: _Told, holders: Sequence[_Holder]) -> Iterator[tuple[UUID, ConsentGiven]]:
    call = told.call
    source_hash = hashlib.sha256(bytes(call.body)).hexdigest()
    for given in consents_given(
        told.evidence, seller_name=call.workspace.name, received_at=call.received_at
    ):
        holder = _holder_of(any_address(given.address), told.evidence.get("name", ""), holders)
        if holder is None:
            continue
        way = "email" if "@" in given.address else "phone"
        key = f"call:{call.public_id}:{told.evidence.get('lead', '0')}:{way}:{given.basis}"
        recorded_by = f"web form: {call.source.name}"
        yield (
            holder.ref,
            replace(given, source_hash=source_hash, evidence_key=key, recorded_by=recorded_by),
        )


def _holder_of(address: str, name: str, holders: Sequence[_Holder]) -> _Holder | None:
    found = [holder for holder in holders if address in holder.addresses]
    same = [holder for holder in found if _words(holder.name) == _words(name)]
    return next(iter(same or found), None)


def _words(name: str) -> frozenset[str]:
    return frozenset(name.casefold().replace(",", " ").split())


def _holders(workspace: Workspace, property_ids: set[int]) -> dict[int, list[_Holder]]:
    """By property: the people of its deal, the first owner first."""
    parties = (
        DealParty.objects.in_workspace(workspace)
        .filter(deal__property_id__in=property_ids)
        .order_by("rank", "id")
        .values_list("deal__property_id", "contact_id", "contact__public_id", "contact__name")
    )
    rows = list(parties)
    contact_ids = {contact_id for _, contact_id, _, _ in rows}
    addresses: dict[int, set[str]] = {contact_id: set() for contact_id in contact_ids}
    for model, column in ((Phone, "e164"), (EmailAddress, "address")):
        held = model.objects.in_workspace(workspace).filter(contact_id__in=contact_ids)
        for contact_id, address in held.values_list("contact_id", column):
            addresses[contact_id].add(address)
    found: dict[int, list[_Holder]] = {}
    for property_id, contact_id, ref, name in rows:
        holder = _Holder(ref, name, frozenset(addresses[contact_id]))
        found.setdefault(property_id, []).append(holder)
    return found

"""One person under several ids, since two contacts were made one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.channels.models import PersonAlias


def current_ref(workspace: Any, contact_ref: UUID) -> UUID:
    """The id the person goes by now; the same id for everybody who was never merged."""
    seen = {contact_ref}
    rows = PersonAlias.objects.in_workspace(workspace)
    while True:
        known = rows.filter(alias_ref=contact_ref).values_list("contact_ref", flat=True).first()
        if known is None or known in seen:
            return contact_ref
        seen.add(known)
        contact_ref = known


def all_refs(workspace: Any, contact_ref: UUID) -> set[UUID]:
    """Every id of the person, old and new: one query for somebody who was never merged."""
    found, fresh = {contact_ref}, {contact_ref}
    rows = PersonAlias.objects.in_workspace(workspace)
    while fresh:
        beside = rows.filter(Q(alias_ref__in=fresh) | Q(contact_ref__in=fresh))
        pairs = beside.values_list("alias_ref", "contact_ref")
        fresh = {ref for pair in pairs for ref in pair} - found
        found |= fresh
    return found

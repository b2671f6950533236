"""Who a contact is now, since some were made one."""

from uuid import UUID

from apps.contacts.models import Contact
from apps.workspaces.models import Workspace


def get_survivor(workspace: Workspace | int, contact: Contact) -> Contact:
    """The contact this one became part of, over any number of merges; itself if none."""
    while contact.merged_into_id is not None:
        contact = Contact.objects.in_workspace(workspace).get(pk=contact.merged_into_id)
    return contact


def same_person_refs(workspace: Workspace | int, contact_ref: UUID) -> set[UUID]:
    """Every public id the person has or had, this one included."""
    rows = Contact.objects.in_workspace(workspace)
    start = rows.filter(public_id=contact_ref).first()
    if start is None:
        return {contact_ref}
    survivor = get_survivor(workspace, start)
    found, fresh = {survivor.pk: survivor.public_id}, [survivor.pk]
    while fresh:
        below = dict(rows.filter(merged_into__in=fresh).values_list("pk", "public_id"))
        fresh = [key for key in below if key not in found]
        found |= below
    return set(found.values())

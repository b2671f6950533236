"""Lists get names people understand."""

from __future__ import annotations

from datetime import datetime

from apps.deals.ingestion.marks import list_key
from apps.deals.models import LeadList
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.lists import ListRenamed
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class ListNameRefused(ValueError):
    """A list cannot have that name."""


@action
def rename_list(
    *, workspace: Workspace, actor: Actor, lead_list: LeadList, name: str, now: datetime
) -> LeadList:
    """Give a list another name; files that name it so from now on are put on it.

    Raises ListNameRefused for an empty name or one that another list has.
    """
    name, key = " ".join(name.split())[:120], list_key(name)
    if not key:
        raise ListNameRefused("A list needs a name.")
    lists = LeadList.objects.in_workspace(workspace)
    held = lists.select_for_update().get(pk=lead_list.pk)
    if held.name == name:
        unchanged("the list has that name already")
        return held
    if lists.filter(key=key).exclude(pk=held.pk).exists():
        raise ListNameRefused("Another list has that name. Each list keeps a name of its own.")
    before, held.name, held.key = held.name, name, key
    held.save(update_fields=["name", "key"])
    publish(
        ListRenamed(subject=held.public_id, before=before, after=name),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held

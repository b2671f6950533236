"""A vendor that does not serve us rests, with the reason in a sentence, and comes back."""

from __future__ import annotations

from datetime import datetime

from apps.contacts.models import VendorTrouble
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import VendorRecovered, VendorTroubled
from apps.events.publish import publish
from apps.workspaces.models import Connection, Workspace


@action
def note_trouble(
    *,
    workspace: Workspace,
    actor: Actor,
    connection: Connection,
    problem: str,
    until: datetime,
    now: datetime,
) -> None:
    """Ask this vendor nothing before `until`; the same trouble again is told once."""
    rows = VendorTrouble.objects.in_workspace(workspace)
    trouble = rows.select_for_update().filter(connection=connection).first()
    is_same = trouble is not None and trouble.problem == problem[:400]
    trouble = trouble or VendorTrouble(workspace=workspace, connection=connection)
    trouble.problem, trouble.noted_at, trouble.paused_until = problem[:400], now, until
    trouble.save()
    if is_same:
        unchanged("this trouble is known")
        return
    publish(
        VendorTroubled(
            subject=connection.public_id, provider=connection.provider, problem=problem[:400]
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )


@action
def end_trouble(
    *, workspace: Workspace, actor: Actor, connection: Connection, now: datetime
) -> None:
    """The vendor answered, or somebody changed the connection."""
    rows = VendorTrouble.objects.in_workspace(workspace).filter(connection=connection)
    if not rows.exists():
        unchanged("there was no trouble")
        return
    rows.delete()
    publish(
        VendorRecovered(subject=connection.public_id, provider=connection.provider),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )

"""A new workspace starts with the shipped courses."""

from apps.courses.actions import load_courses
from apps.courses.providers.shipped import read_shipped_courses
from apps.events.actions import Actor
from apps.events.catalog.workspaces import WorkspaceCreated
from apps.events.registry import Received, subscribe
from apps.workspaces.queries import get_workspace_by_id


@subscribe(WorkspaceCreated, name="courses.load_shipped")
def load_shipped(event: Received[WorkspaceCreated]) -> None:
    load_courses(
        workspace=get_workspace_by_id(event.workspace_id),
        actor=Actor.system("courses.load_shipped"),
        courses=read_shipped_courses(),
        now=event.occurred_at,
    )

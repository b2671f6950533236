"""`manage.py create_workspace SLUG`: a new, empty workspace with sandbox connections."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.common.clock import now
from apps.events.actions import Actor
from apps.workspaces.actions import (
    WorkspaceSlugInvalid,
    WorkspaceSlugTaken,
    add_member,
    create_workspace,
)
from apps.workspaces.models import User
from apps.workspaces.types import Role


class Command(BaseCommand):
    help = "Create a workspace; with --owner, make that user its owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--name", default="")
        parser.add_argument("--owner", default="", help="e-mail of an existing user")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, actor = options["slug"], Actor.system("create_workspace")
        owner = None
        if options["owner"]:
            owner = User.objects.filter(email__iexact=options["owner"]).first()
            if owner is None:
                raise CommandError(f"No user signs in as {options['owner']}; nothing was created.")
        try:
            workspace = create_workspace(
                actor=actor, slug=slug, name=options["name"] or slug, now=now()
            )
        except (WorkspaceSlugTaken, WorkspaceSlugInvalid) as error:
            raise CommandError(str(error)) from error
        if owner is not None:
            add_member(workspace=workspace, actor=actor, user=owner, role=Role.OWNER, now=now())
        self.stdout.write(f"Workspace '{slug}' is ready.")

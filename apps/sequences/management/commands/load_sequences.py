"""manage.py load_sequences: give a workspace the shipped follow-up it does not have yet."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.common.clock import now
from apps.events.actions import Actor
from apps.sequences.actions import load_sequences
from apps.workspaces.queries import get_workspace


class Command(BaseCommand):
    help = "Create the shipped sequences and their texts; what the workspace has stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workspace = get_workspace(options["workspace"])
        except ObjectDoesNotExist:
            raise CommandError(f"There is no workspace '{options['workspace']}'.") from None
        actor = Actor.system("sequences.load_sequences")
        sequences = load_sequences(workspace=workspace, actor=actor, now=now())
        self.stdout.write(f"{len(sequences)} sequence(s) stand in {workspace.slug}.")

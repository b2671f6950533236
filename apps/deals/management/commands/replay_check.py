"""`manage.py replay_check`: do the facts alone lead to the stages and statuses that stand?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.deals.replay import Replay
from apps.workspaces.models import Workspace


class Command(BaseCommand):
    help = "Rebuild every deal's stage and status from its facts and compare with the rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", default="", help="slug; all workspaces when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        workspaces = Workspace.objects.order_by("slug")
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
            if not workspaces.exists():
                raise CommandError(f"There is no workspace '{options['workspace']}'.")
        checked = differing = 0
        for workspace in workspaces:
            replay = Replay()
            for difference in replay.differences(workspace):
                differing += 1
                self.stderr.write(f"{workspace.slug} deal {difference.deal}: {difference.sentence}")
            checked += replay.checked
        if differing:
            raise CommandError(f"{differing} differences in {checked} deals.")
        self.stdout.write(f"{checked} deals stand as their facts say.")

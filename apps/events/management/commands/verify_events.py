"""`manage.py verify_events`: re-compute every seal; exit 1 names each disagreement."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.events.models import Event, Seal
from apps.events.seals import find_flaws


class Command(BaseCommand):
    help = "Re-compute the hash chain over all facts and name every disagreement."

    def handle(self, *args: Any, **options: Any) -> None:
        flaws = 0
        for flaw in find_flaws():
            flaws += 1
            self.stderr.write(f"workspace {flaw.workspace_id}: {flaw.text}")
        if flaws:
            raise CommandError(f"the log was altered: {flaws} disagreements")
        sealed = Event.objects.filter(seal__isnull=False).count()
        open_count = Event.objects.filter(seal__isnull=True).count()
        self.stdout.write(
            f"{sealed} facts under {Seal.objects.count()} seals are as they were written;"
            f" {open_count} wait for a seal."
        )

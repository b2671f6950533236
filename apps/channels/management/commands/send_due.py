"""One sweep of the sender, for operators and crash tests."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.channels.sweeps.reconciling import reconcile
from apps.channels.sweeps.sending import send_due
from apps.common.clock import now


class Command(BaseCommand):
    help = "Send what is due, once. With --reconcile, first settle what is in doubt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reconcile", action="store_true")
        parser.add_argument("--limit", type=int, default=1000)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reconcile"]:
            self.stdout.write(f"{reconcile(clock=now)} in doubt looked up")
        self.stdout.write(f"{send_due(clock=now, limit=options['limit'])} due taken up")

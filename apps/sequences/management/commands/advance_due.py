"""manage.py advance_due: take every follow-up step that is due, then end."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.common.clock import now
from apps.sequences.actions import advance_due


class Command(BaseCommand):
    help = "Take every follow-up step that is due. Beat does the same every two seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while count := advance_due(clock=now):
            total += count
        self.stdout.write(f"{total} step(s) taken.")

"""manage.py metrics: the page of the manual that lists every metric."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.deals.qualification.reference import metrics_page


class Command(BaseCommand):
    help = "Print every metric a rule may ask for, as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(metrics_page(), ending="")

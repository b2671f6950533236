"""manage.py import_leads FILE --workspace SLUG [--json]: the importer, in the foreground."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Case, QuerySet, When

from apps.common.clock import now
from apps.deals.ingestion.actions import counts_of, start_import
from apps.deals.ingestion.due import hold
from apps.deals.ingestion.reader import FileRefused, ListFile, inspect
from apps.deals.ingestion.types import Outcome
from apps.deals.ingestion.worker import run_import
from apps.deals.models import ImportRow, LeadImport
from apps.events.actions import Actor
from apps.workspaces.models import Workspace

SHOWN_PROBLEMS = 50


class Command(BaseCommand):
    help = "Import a list of leads from a file into a workspace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="end in one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace '{options['workspace']}'.")
        actor = Actor.system("import_leads")
        lead_import = start_import(
            workspace=workspace,
            actor=actor,
            file_name=options["file"].name,
            list_file=_checked(options["file"]),
            now=now(),
        )
        # Held from the start, so that a worker beside us leaves it alone.
        hold(lead_import, now())
        self._began = time.monotonic()
        done = run_import(lead_import, clock=now, actor=actor, progress=self._report)
        self._show_problems(done)
        self._conclude(done, as_json=options["json"])
        if done.state != LeadImport.State.DONE:
            raise CommandError(done.error or f"The import was {done.state}.")

    def _report(self, lead_import: LeadImport) -> None:
        rate = lead_import.rows_done / max(time.monotonic() - self._began, 0.001)
        self.stderr.write(
            f"{lead_import.rows_done:,} of {lead_import.rows_total:,} rows, {rate:,.0f} a second"
        )

    def _show_problems(self, lead_import: LeadImport) -> None:
        """One line per odd row, as far as a terminal is the place for it."""
        odd = _odd_rows(lead_import)
        for row in odd[:SHOWN_PROBLEMS]:
            said = " ".join(dict.fromkeys(part for part in (row.reason, *row.notes) if part))
            self.stderr.write(f"row {row.row_no}: {row.outcome}. {said}")
        more = odd.count() - SHOWN_PROBLEMS
        if more > 0:
            self.stderr.write(f"… and {more:,} more rows with notes, on the import's page.")

    def _conclude(self, lead_import: LeadImport, *, as_json: bool) -> None:
        counts = counts_of(lead_import)
        if as_json:
            answer = {
                "import": str(lead_import.public_id),
                "vendor": lead_import.vendor,
                "rows": lead_import.rows_total,
                "counts": counts,
            }
            self.stdout.write(json.dumps(answer))
            return
        said = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
        self.stdout.write(f"{lead_import.rows_total:,} rows: {said}.")


def _checked(path: Path) -> ListFile:
    try:
        with path.open("rb") as source:
            return inspect(source)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except FileRefused as error:
        raise CommandError(f"{path.name}: {error}") from error


def _odd_rows(lead_import: LeadImport) -> QuerySet[ImportRow]:
    """What was not taken comes first, then what was taken with a note."""
    rows = ImportRow.objects.filter(lead_import=lead_import).exclude(notes=[], reason="")
    weight = Case(
        When(outcome=Outcome.REJECTED, then=0), When(outcome=Outcome.DUPLICATE, then=1), default=2
    )
    return rows.order_by(weight, "row_no")

"""manage.py import_leads FILE --workspace SLUG: the importer, in the foreground, or a dry run."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Case, QuerySet, When

from apps.common.clock import now
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.fields import get_field
from apps.deals.ingestion.preview import preview_file
from apps.deals.ingestion.reader import FileRefused, ListFile, inspect
from apps.deals.ingestion.taking import detect_in, require_mapping
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
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change and write nothing"
        )
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE.json", help="column header -> field, as JSON"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace '{options['workspace']}'.")
        mapping = _read_mapping(options["mapping"]) if options["mapping"] else None
        path: Path = options["file"]
        try:
            with path.open("rb") as source:
                self._take(workspace, source, path.name, mapping, options)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except FileRefused as error:
            raise CommandError(f"{path.name}: {error}") from error

    def _take(
        self,
        workspace: Workspace,
        source: BinaryIO,
        name: str,
        mapping: dict[str, str] | None,
        options: dict[str, Any],
    ) -> None:
        list_file = inspect(source)
        if options["dry_run"]:
            self._try_out(workspace, list_file, name, mapping, as_json=options["json"])
            return
        actor = Actor.system("import_leads")
        lead_import = start_import(
            workspace=workspace,
            actor=actor,
            file_name=name,
            list_file=list_file,
            mapping=mapping,
            now=now(),
        )
        # Held from the start, so that a worker beside us leaves it alone.
        lead_import.hold(now())
        self._began = time.monotonic()
        done = run_import(lead_import, clock=now, actor=actor, progress=self._report)
        self._show_problems(done)
        self._conclude(done, as_json=options["json"])
        if done.state != LeadImport.State.DONE:
            raise CommandError(done.error or f"The import was {done.state}.")

    def _try_out(
        self,
        workspace: Workspace,
        list_file: ListFile,
        name: str,
        mapping: dict[str, str] | None,
        *,
        as_json: bool,
    ) -> None:
        known = detect_in(workspace, list_file)
        chosen = known.mapping if mapping is None else mapping
        require_mapping(list_file, chosen)
        found = preview_file(workspace, list_file, chosen, now=now(), file_name=name)
        if as_json:
            answer = {
                "vendor": known.preset_slug,
                "mapping": chosen,
                "rows": list_file.row_count,
                "counts": found.counts,
            }
            self.stdout.write(json.dumps(answer))
            return
        self.stdout.write(f"{known.label}.")
        for header, meant in chosen.items():
            self.stdout.write(f"  {header} -> {get_field(meant).label}")
        said = ", ".join(f"{count:,} {outcome}" for outcome, count in found.counts.items())
        self.stdout.write(f"{list_file.row_count:,} rows would be: {said}.")

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
        counts = lead_import.counts
        if as_json:
            answer = {
                "import": str(lead_import.public_id),
                "vendor": lead_import.vendor,
                "mapping": lead_import.mapping,
                "rows": lead_import.rows_total,
                "counts": counts,
            }
            self.stdout.write(json.dumps(answer))
            return
        said = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
        self.stdout.write(f"{lead_import.rows_total:,} rows: {said}.")


def _read_mapping(path: Path) -> dict[str, str]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error
    if not isinstance(held, dict) or not all(isinstance(one, str) for one in held.values()):
        raise CommandError(f"{path} must be one JSON object of column headers and field names.")
    return {name: meant for name, meant in held.items() if meant}


def _odd_rows(lead_import: LeadImport) -> QuerySet[ImportRow]:
    """What was not taken comes first, then what was taken with a note."""
    rows = ImportRow.objects.filter(lead_import=lead_import).exclude(notes=[], reason="")
    weight = Case(
        When(outcome=Outcome.REJECTED, then=0), When(outcome=Outcome.DUPLICATE, then=1), default=2
    )
    return rows.order_by(weight, "row_no")

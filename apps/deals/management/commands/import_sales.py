"""manage.py import_sales FILE --workspace SLUG [--json]: recorded sales, in the foreground."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.common.addresses import normalize_state
from apps.common.clock import now
from apps.deals.ingestion.reader import FileRefused
from apps.deals.models import SaleImport
from apps.deals.sales.actions import start_sale_import
from apps.deals.sales.file import SaleFile, inspect_sales
from apps.deals.sales.presets import WORDS
from apps.deals.sales.worker import run_sale_import
from apps.events.actions import Actor
from apps.workspaces.models import Workspace

SHOWN = 50


class Command(BaseCommand):
    help = "Import recorded sales (county, city or any CSV) into a workspace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=HEADER",
            help="name a column, like address=Situs; fields: " + ", ".join(WORDS),
        )
        parser.add_argument("--state", default="", help="state of the sales, if no column tells")
        parser.add_argument("--json", action="store_true", help="end in one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace '{options['workspace']}'.")
        actor = Actor.system("import_sales")
        held = start_sale_import(
            workspace=workspace,
            actor=actor,
            file_name=options["file"].name,
            sale_file=_checked(options["file"], _named(options["map"])),
            default_state=normalize_state(options["state"]),
            now=now(),
        )
        held.hold(now())
        done = run_sale_import(held, clock=now, actor=actor, progress=self._report)
        for row in done.rows.order_by("row_no")[:SHOWN]:
            self.stderr.write(f"row {row.row_no}: {row.outcome}. {row.reason}")
        counts = done.counts
        if options["json"]:
            answer = {"import": str(done.public_id), "preset": done.preset, "counts": counts}
            self.stdout.write(json.dumps({**answer, "rows": done.rows_total}))
        else:
            said = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items())
            self.stdout.write(f"{done.rows_total:,} rows: {said}.")
        if done.state != SaleImport.State.DONE:
            raise CommandError(done.error or f"The import was {done.state}.")

    def _report(self, held: SaleImport) -> None:
        self.stderr.write(f"{held.rows_done:,} of {held.rows_total:,} rows")


def _named(pairs: list[str]) -> dict[str, str]:
    named = dict(pair.partition("=")[::2] for pair in pairs)
    if unknown := set(named) - set(WORDS):
        raise CommandError(f"There is no field {', '.join(sorted(unknown))}.")
    return named


def _checked(path: Path, named: dict[str, str]) -> SaleFile:
    try:
        with path.open("rb") as source:
            return inspect_sales(source, named)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except FileRefused as error:
        raise CommandError(f"{path.name}: {error}") from error

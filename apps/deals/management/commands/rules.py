"""manage.py rules export|import: rule sets out to YAML or JSON, and in from it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.common.clock import now
from apps.deals.actions import save_rule_set
from apps.deals.actions.laying import rule_set_of, write_rules_of
from apps.deals.models import RuleSet
from apps.deals.qualification.rows import find_active_rule_set, rule_set_row
from apps.deals.qualification.shipped import RuleFileRefused, parse_rule_set, write_rule_set
from apps.events.actions import Actor
from apps.workspaces.models import Workspace


class Command(BaseCommand):
    help = "Write a workspace's rules to a file, or take a file's rules into use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        out = commands.add_parser("export", help="print a rule set, YAML or JSON")
        out.add_argument("--name", default="", help="the active rule set when left out")
        out.add_argument("--json", action="store_true")
        into = commands.add_parser("import", help="store a file as a new rule set in use")
        into.add_argument("file", help="a YAML or JSON file, or - for standard input")
        for command in (out, into):
            command.add_argument("--workspace", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace '{options['workspace']}'.")
        if options["what"] == "export":
            self._export(workspace, options["name"], as_json=options["json"])
        else:
            self._import(workspace, options["file"])

    def _export(self, workspace: Workspace, name: str, *, as_json: bool) -> None:
        rows = RuleSet.objects.in_workspace(workspace)
        rule_set = rows.filter(name=name).first() if name else find_active_rule_set(workspace)
        if rule_set is None:
            raise CommandError(
                f"There is no rule set '{name}'." if name else "No rules are in use."
            )
        self.stdout.write(write_rule_set(rule_set_row(rule_set), as_json=as_json), ending="")

    def _import(self, workspace: Workspace, file: str) -> None:
        """The set in use before is kept, switched off."""
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
            row = parse_rule_set(text)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except RuleFileRefused as refusal:
            raise CommandError(f"{file}: {refusal} Nothing was changed.") from refusal
        rule_set = rule_set_of(workspace, row)
        save_rule_set(
            workspace=workspace,
            actor=Actor.system("rules import"),
            rule_set=rule_set,
            write_rules=lambda: write_rules_of(rule_set, row),
            now=now(),
        )
        self.stdout.write(f"{rule_set} is in use; every deal is judged anew in the background.")

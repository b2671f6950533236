"""manage.py rules export|import: rule sets out to YAML or JSON, and in from it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.common.clock import now
from apps.deals.actions import PublishRefused, publish_rule_set, save_rule_set
from apps.deals.actions.deriving import find_missing
from apps.deals.actions.laying import rule_set_of, write_rules_of
from apps.deals.models import RuleSet
from apps.deals.qualification.rows import draft_row, find_active_rule_set
from apps.deals.qualification.shipped import (
    RuleFileRefused,
    RuleSetRow,
    parse_rule_set,
    write_rule_set,
)
from apps.deals.qualification.versions import draft_digest, find_version, row_of
from apps.events.actions import Actor
from apps.workspaces.models import Workspace


class Command(BaseCommand):
    help = "Write a workspace's rules to a file, or store a file's rules as a draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        out = commands.add_parser("export", help="print a rule set, YAML or JSON")
        out.add_argument("--name", default="", help="the active rule set when left out")
        out.add_argument("--json", action="store_true")
        out.add_argument("--number", type=int, help="a published version; the draft when left out")
        into = commands.add_parser("import", help="store a file as the draft of a new rule set")
        into.add_argument("file", help="a YAML or JSON file, or - for standard input")
        into.add_argument("--publish", action="store_true", help="take it into use at once")
        into.add_argument("--note", default="", help="why, for the history; needed to publish")
        for command in (out, into):
            command.add_argument("--workspace", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace '{options['workspace']}'.")
        if options["what"] == "export":
            row = self._row(workspace, options["name"], options["number"])
            self.stdout.write(write_rule_set(row, as_json=options["json"]), ending="")
        else:
            self._import(workspace, options["file"], options["publish"], options["note"])

    def _row(self, workspace: Workspace, name: str, number: int | None) -> RuleSetRow:
        rows = RuleSet.objects.in_workspace(workspace)
        rule_set = rows.filter(name=name).first() if name else find_active_rule_set(workspace)
        if rule_set is None:
            raise CommandError(
                f"There is no rule set '{name}'." if name else "No rules are in use."
            )
        if number is None:
            return draft_row(rule_set)
        version = find_version(rule_set, number)
        if version is None:
            raise CommandError(f"“{rule_set.name}” has no version {number}.")
        return row_of(version.content)

    def _import(self, workspace: Workspace, file: str, is_published: bool, note: str) -> None:
        """Whatever is in use is kept: it goes on, or it is put to rest when this is published."""
        if is_published and not note.strip():
            raise CommandError("Publishing needs --note, a sentence that says why.")
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
            row = parse_rule_set(text)
            find_missing(workspace, row.derived)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        except RuleFileRefused as refusal:
            raise CommandError(f"{file}: {refusal} Nothing was changed.") from refusal
        rule_set = rule_set_of(workspace, row)
        actor = Actor.system("rules import")
        save_rule_set(
            workspace=workspace,
            actor=actor,
            rule_set=rule_set,
            write_rules=lambda: write_rules_of(rule_set, row),
            now=now(),
        )
        if not is_published:
            self.stdout.write(f"“{rule_set.name}” is a draft; no deal moves until it is published.")
            return
        try:
            version = publish_rule_set(
                workspace=workspace,
                actor=actor,
                rule_set=rule_set,
                note=note,
                seen_digest=draft_digest(rule_set),
                now=now(),
            )
        except PublishRefused as refusal:
            raise CommandError(f"“{rule_set.name}” is kept as a draft. {refusal}") from refusal
        self.stdout.write(f"{version} is in use; every deal is judged anew in the background.")

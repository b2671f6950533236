"""One story told twice: in one workspace rows that came before are known, in the other none is.

What is compared holds no keys and no ids, so that both can stand side by side.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from apps.contacts.models import Contact, EmailAddress, Phone
from apps.deals.actions import lay_pipeline
from apps.deals.ingestion.actions import start_import
from apps.deals.ingestion.marks import find_or_create_list
from apps.deals.ingestion.preview import preview_import
from apps.deals.ingestion.property_values import COLUMNS
from apps.deals.ingestion.reader import inspect
from apps.deals.ingestion.repeats import find_repeats, mark_reading
from apps.deals.ingestion.undo import run_undo, undo_import
from apps.deals.ingestion.worker import run_import
from apps.deals.ingestion.writing import ORIGIN
from apps.deals.models import (
    Deal,
    DealParty,
    ImportBefore,
    ImportRow,
    LeadImport,
    ListMembership,
    Property,
    Signal,
)
from apps.events.actions import Actor
from apps.events.models import Event
from apps.workspaces.actions import create_workspace

SYSTEM = Actor.system("tests")
LAST_ROW = 1_000_000


class Worlds:
    """`knows`: the workspace whose imports know rows again; the other `reads` them all."""

    def __init__(self, now: Any) -> None:
        self.now = now
        self.knows, self.reads = self.both = [self._workspace(name) for name in ("knows", "reads")]
        self.imports: list[list[LeadImport]] = []
        self.known = 0

    def _workspace(self, slug: str) -> Any:
        found = create_workspace(actor=SYSTEM, slug=slug, name=slug, now=self.now)
        lay_pipeline(workspace=found, actor=SYSTEM, now=self.now)
        return found

    def begin(
        self, content: bytes, *, lists: str = "", file_name: str = "list.csv", **options: Any
    ) -> list[LeadImport]:
        """Imports that wait for a worker, one in each."""
        pair = []
        for workspace in self.both:
            held = start_import(
                workspace=workspace, actor=SYSTEM, file_name=file_name, now=self.now,
                list_file=inspect(io.BytesIO(content)),
                lead_list=find_or_create_list(workspace.pk, lists), **options,
            )  # fmt: skip
            pair.append(held)
        return pair

    def take(self, content: bytes, **options: Any) -> int:
        """Import into both; how many rows were known without being read."""
        pair = self.begin(content, **options)
        mark_reading(pair[0])
        known = len(find_repeats(pair[0], 1, LAST_ROW))
        told = [preview_import(held, now=self.now).counts for held in pair]
        self.run(pair)
        assert [held.counts for held in self.imports[-1]] == told
        self.known += known
        return known

    def run(self, pair: list[LeadImport]) -> None:
        """Carry them on to their end; both must have become the same."""
        LeadImport.objects.in_workspace(self.reads).exclude(pk=pair[1].pk).update(reading="")
        done = [run_import(held, clock=lambda: self.now) for held in pair]
        assert [held.state for held in done] == ["done", "done"], [held.error for held in done]
        self.imports.append(done)
        self.compare()

    def undo(self, at: int) -> None:
        for held in self.imports[at]:
            held.refresh_from_db()
            begun = undo_import(
                workspace=held.workspace, actor=SYSTEM, lead_import=held, now=self.now
            )
            run_undo(begun, clock=lambda: self.now)

    def each(self, step: Callable[[Any], Any]) -> None:
        for workspace in self.both:
            step(workspace)

    def compare(self) -> None:
        one, other = map(content_of, self.both)
        for table, rows in one.items():
            assert rows == other[table], table

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)


def content_of(workspace: Any) -> dict[str, Any]:
    """All that imports write, by table."""
    houses = {row.pk: _house(row) for row in Property.objects.in_workspace(workspace)}
    people = {row.pk: row.match_key for row in Contact.objects.in_workspace(workspace)}
    deals = {row.pk: row for row in Deal.objects.in_workspace(workspace).select_related("stage")}
    imports = [row.pk for row in LeadImport.objects.in_workspace(workspace).order_by("pk")]
    number = {key: at for at, key in enumerate(imports)}

    def story(row: Any) -> list[Any]:
        return [(old.history_type, _plain(old.history_change_reason, number)) for old in
                row.history.order_by("history_id")]  # fmt: skip

    found: dict[str, list[Any]] = {
        "properties": [
            [houses[row.pk], [getattr(row, name) for name in (*COLUMNS, *ORIGIN, "hand_edited")],
             story(row)]
            for row in Property.objects.in_workspace(workspace)
        ],
        "deals": [
            [houses[row.property_id], people.get(row.seller_id), row.search_text, row.stage.kind,
             story(row)]
            for row in deals.values()
        ],
        "parties": [
            [houses[deals[row.deal_id].property_id], people[row.contact_id], row.part, row.rank]
            for row in DealParty.objects.in_workspace(workspace)
        ],
        "contacts": [
            [row.match_key, row.name, row.mailing_key, row.mailing_line, row.is_do_not_mail,
             row.is_litigator, row.is_deceased, people.get(row.merged_into_id), story(row)]
            for row in Contact.objects.in_workspace(workspace)
        ],
        "phones": [
            [people[row.contact_id], row.e164, row.rank, row.line_type, row.is_dnc, story(row)]
            for row in Phone.objects.in_workspace(workspace)
        ],
        "emails": [
            [people[row.contact_id], row.address, row.rank, story(row)]
            for row in EmailAddress.objects.in_workspace(workspace)
        ],
        "memberships": [
            [houses[row.property_id], row.lead_list.key, str(row.listed_on),
             str(row.first_seen_on), str(row.last_seen_on), number.get(row.lead_import_id)]
            for row in ListMembership.objects.in_workspace(workspace).select_related("lead_list")
        ],
        "signals": [
            [houses[row.property_id], row.kind, str(row.observed_on), str(row.ended_on),
             str(row.amount), row.source, number.get(row.lead_import_id)]
            for row in Signal.objects.in_workspace(workspace)
        ],
        "rows": [
            [number[row.lead_import_id], row.row_no, row.outcome, row.reason, row.notes,
             str(row.duplicate_of), houses.get(row.property_id), row.raw, row.is_repeatable]
            for row in ImportRow.objects.filter(lead_import__in=imports)
        ],
        "befores": [
            [number[row.lead_import_id], houses[row.property_id], row.what, len(row.rows)]
            for row in ImportBefore.objects.filter(lead_import__in=imports)
        ],
        "facts": list(
            Counter(
                (name, str(payload.get("changes") or payload.get("counts")))
                for name, payload in Event.objects.filter(
                    workspace_id=workspace.pk, name__startswith="deals."
                ).values_list("name", "payload")
            ).items()
        ),
    }  # fmt: skip
    return {table: sorted(rows, key=repr) for table, rows in found.items()}


def _house(row: Property) -> str:
    return f"{row.county_key} {row.apn_key} {row.address_key}"


def _plain(reason: str | None, number: dict[int, int]) -> str:
    head, _, tail = (reason or "").rpartition(" ")
    key = tail.strip("()")
    return f"{head} {number[int(key)]}" if key.isdigit() and int(key) in number else reason or ""

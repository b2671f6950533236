"""Writing the terms of the creative ways of buying."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.offers import StructureSaved
from apps.events.publish import publish, publish_many
from apps.offers.models import StructureTerms
from apps.offers.strategies.compare import TERMS, read_terms, write_terms
from apps.offers.strategies.structure import StructureKind
from apps.workspaces.models import Workspace


@action
def save_structure(
    *,
    workspace: Workspace,
    actor: Actor,
    kind: str,
    values: Mapping[str, Any],
    is_active: bool,
    now: datetime,
) -> StructureTerms:
    """Store the terms of one way of buying; a changed term raises the version.

    Raises TermsRefused for values that cannot be worked with.
    """
    written = write_terms(read_terms(StructureKind(kind), values))
    rows = StructureTerms.objects.in_workspace(workspace).select_for_update()
    row: StructureTerms = rows.filter(kind=kind).first() or StructureTerms(
        workspace=workspace, kind=kind, version=0
    )
    if row.values == written and row.is_active == is_active and row.pk:
        unchanged("nothing was changed")
        return row
    row.version += int(row.values != written)
    row.values, row.is_active = written, is_active
    row.save()
    publish(_fact(row), workspace_id=workspace.pk, actor=actor, now=now)
    return row


@action
def install_structures(*, workspace: Workspace, actor: Actor, now: datetime) -> None:
    """Give a workspace the ways of buying it does not have, on the shipped terms. Repeatable."""
    rows = StructureTerms.objects.in_workspace(workspace)
    known = set(rows.values_list("kind", flat=True))
    created = [
        StructureTerms.objects.create(
            workspace=workspace, kind=kind.value, values=write_terms(terms())
        )
        for kind, terms in TERMS.items()
        if kind.value not in known
    ]
    if not created:
        unchanged("the workspace has them all")
        return
    publish_many(map(_fact, created), workspace_id=workspace.pk, actor=actor, now=now)


def _fact(row: StructureTerms) -> StructureSaved:
    return StructureSaved(
        subject=row.public_id,
        kind=row.kind,
        version=row.version,
        is_active=row.is_active,
        values=row.values,
    )

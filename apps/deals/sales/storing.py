"""Sales into their table: new ones inserted, corrected ones updated, known ones left alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.common.addresses import address_key
from apps.common.bulk import insert_rows, reserve_ids, update_rows
from apps.deals.models import ComparableSale
from apps.deals.sales.places import center_of
from apps.deals.sales.rules import why_not_arms_length
from apps.deals.sales.types import Outcome, SaleRow

COLUMNS = (
    "line", "unit", "city", "state", "zip", "address_key", "latitude", "longitude",
    "is_point_exact", "sold_on", "amount", "assessed_amount", "building_sqft", "lot_sqft",
    "bedrooms", "bathrooms", "year_built", "kind", "is_arms_length", "not_arms_length_because",
    "remarks",
)  # fmt: skip


@dataclass
class Stored:
    """What became of the rows; `odd`: (row, outcome, reason) of rows that became no sale."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    odd: list[tuple[SaleRow, Outcome, str]] = field(default_factory=list)

    def leave_out(self, row: SaleRow, outcome: Outcome, reason: str) -> None:
        self.counts[outcome] += 1
        self.odd.append((row, outcome, reason))


def store_sales(workspace_id: int, source: str, rows: Sequence[SaleRow], now: datetime) -> Stored:
    """Write sales of one source; call inside an action that holds the workspace's lock."""
    stored = Stored()
    first: dict[str, SaleRow] = {}
    for row in rows:
        if row.rejection:
            stored.leave_out(row, Outcome.REJECTED, row.rejection)
        elif (known := first.setdefault(row.external_id, row)) is not row:
            stored.leave_out(row, Outcome.DUPLICATE, f"The same sale as row {known.row_no}.")
    held = _held(workspace_id, source, list(first))
    new: list[list[Any]] = []
    changed: list[list[Any]] = []
    for external_id, row in first.items():
        values = _values(row)
        if external_id not in held:
            new.append([workspace_id, source, external_id, uuid.uuid4(), now, *values])
        elif held[external_id][1:] != tuple(values):
            changed.append([*values, held[external_id][0]])
        else:
            stored.counts[Outcome.UNCHANGED] += 1
    stored.counts[Outcome.CREATED] += len(new)
    stored.counts[Outcome.UPDATED] += len(changed)
    keys = reserve_ids(ComparableSale, len(new))
    names = ["workspace_id", "source", "external_id", "public_id", "created_at", *COLUMNS, "id"]
    insert_rows(ComparableSale, names, [[*row, key] for row, key in zip(new, keys, strict=True)])
    update_rows(ComparableSale, COLUMNS, changed)
    return stored


def _held(workspace_id: int, source: str, ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    rows = ComparableSale.objects.in_workspace(workspace_id).filter(source=source)
    found: dict[str, tuple[Any, ...]] = {}
    for start in range(0, len(ids), 500):
        part = rows.filter(external_id__in=ids[start : start + 500])
        for external_id, *values in part.values_list("external_id", "id", *COLUMNS):
            found[external_id] = tuple(values)
    return found


def _values(row: SaleRow) -> list[Any]:
    """In the order of COLUMNS."""
    point = (row.latitude, row.longitude)
    is_exact = None not in point
    if not is_exact:
        point = center_of(row.zip_code) or (None, None)
    reason = why_not_arms_length(row)
    key = address_key(row.line, row.unit, row.city, row.state, row.zip_code)
    return [
        row.line, row.unit, row.city, row.state, row.zip_code, key[:240], *point, is_exact,
        row.sold_on, row.amount, row.assessed_amount, row.building_sqft, row.lot_sqft,
        row.bedrooms, row.bathrooms, row.year_built, row.kind, not reason, reason, row.remarks,
    ]  # fmt: skip

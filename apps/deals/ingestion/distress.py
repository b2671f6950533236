"""Signs of distress that a row shows: columns of dates, flags and amounts turned into signals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from apps.deals.ingestion import cells
from apps.deals.ingestion.columns import Columns
from apps.deals.ingestion.types import SignalCell
from apps.deals.models.lists import Signal

_K = Signal.Kind
_DATED = {
    "pre_foreclosure_on": _K.PRE_FORECLOSURE,
    "auction_on": _K.AUCTION,
    "bankruptcy_on": _K.BANKRUPTCY,
    "divorce_on": _K.DIVORCE,
    "probate_on": _K.PROBATE,
}
_VIOLATION = ("violation_on", "violation_number", "violation_status", "violation_closed_on")
_FAILED_LISTING = frozenset(
    {"FAIL", "FAILED", "REMOVED", "EXPIRED", "WITHDRAWN", "CANCELED", "CANCELLED", "TERMINATED"}
)
_MOST_SIGNALS = 50
_WORD = re.compile(r"[a-z]+")
# The first word of a status that means that nothing is left to do.
_OVER = frozenset(
    ("abated", "cleared", "close", "closed", "complete", "completed", "complied", "compliant",
     "corrected", "dismissed", "inactive", "paid", "rescinded", "resolved", "satisfied", "void",
     "voided", "withdrawn", "compliance")
)  # fmt: skip
# 'Paid - still open' and 'Not in compliance' are not over, whatever else they say.
_NOT_OVER = frozenset(("open", "opened", "reopened", "pending", "active", "not", "non", "still"))
# 'first day/last day', as ISO 8601 writes an interval; 'over' where nobody says the last one.
_INTERVAL = re.compile(r"(?P<first>[\d-]{10}|)/(?P<last>[\d-]{10}|over|)")


def signals_reader(
    columns: Columns,
) -> Callable[[Sequence[str], Mapping[str, Any], bool], tuple[SignalCell, ...]]:
    """What reads a row's signals: given its cells, its values and whether the owner has died."""
    dated = [(columns[name], kind) for name, kind in _DATED.items() if name in columns]
    violation = tuple(columns[name] for name in _VIOLATION)
    knows_violations = any(name in columns for name in _VIOLATION)
    lien = columns["lien_on"]
    flag, year, owed = (columns[f"tax_delinquent{part}"] for part in ("", "_year", "_amount"))
    written = columns["signals"]

    def read(
        row: Sequence[str], values: Mapping[str, Any], is_deceased: bool
    ) -> tuple[SignalCell, ...]:
        found = [_dated(kind, row[at]) for at, kind in dated if row[at]]
        if knows_violations:
            found.append(_violation(*(row[at] for at in violation)))
        if values.get("is_vacant"):
            found.append(SignalCell(_K.VACANT))
        if is_deceased:
            found.append(SignalCell(_K.DECEASED_OWNER))
        if row[flag] or row[year] or row[owed]:
            found.append(_tax(row[flag], row[year], row[owed]))
        if row[lien] or values.get("lien_amount"):
            found.append(_lien(row[lien], values.get("lien_amount")))
        if values.get("mls_status") in _FAILED_LISTING:
            found.append(
                SignalCell(
                    _K.FAILED_LISTING,
                    values.get("mls_on"),
                    values.get("mls_amount"),
                    values["mls_status"].capitalize(),
                )
            )
        if row[written]:
            found += _written(row[written])
        return tuple(signal for signal in found if signal) if found else ()

    return read


def _dated(kind: str, cell: str) -> SignalCell | None:
    """A date, or a mere yes where the list keeps the day to itself."""
    if day := cells.date_of(cell):
        return SignalCell(kind, day)
    return SignalCell(kind) if cells.flag_of(cell) else None


def _violation(on: str, number: str, status: str, closed_on: str) -> SignalCell | None:
    """A case by its day or its number; a closed one ends what it was before."""
    told = _dated(_K.VIOLATION, on) if on else None
    reference = reference_of(number)
    if told is None and not (reference and (status or closed_on)):
        return None
    ended_on = cells.date_of(closed_on)
    return SignalCell(
        _K.VIOLATION,
        told.observed_on if told else None,
        reference=reference,
        is_over=bool(ended_on) or is_over(status),
        ended_on=ended_on,
    )


def is_over(status: str) -> bool:
    """'Closed', 'Case closed', 'Resolved - paid'; 'Open' and 'Paid - still open' are not."""
    words = set(_WORD.findall(status[:80].casefold()))
    return bool(words & _OVER) and not words & _NOT_OVER


def reference_of(text: str) -> str:
    """A case number as a signal keeps it."""
    return " ".join(text.split())[:80]


def _tax(flag: str, since: str, owed: str) -> SignalCell | None:
    year, amount = cells.year_of(since), cells.money_of(owed)
    said = cells.flag_of(flag)
    if said is False or not (said or year or (amount and amount > 0) or _speaks(flag)):
        return None
    return SignalCell(_K.TAX_DELINQUENT, date(year, 1, 1) if year else None, amount or None)


def _speaks(flag: str) -> bool:
    """'Delinquent', '2 years': anything but a number of nothing or a no."""
    text = cells.text_of(flag).casefold()
    return bool(text.strip("0.$-")) and text not in ("none", "null", "n/a", "unknown", "current")


def _lien(cell: str, amount: Decimal | None) -> SignalCell | None:
    day = cells.date_of(cell)
    if not day and not (amount and amount > 0) and not cells.flag_of(cell):
        return None
    return SignalCell(_K.LIEN, day, amount or None)


def _written(cell: str) -> list[SignalCell]:
    """'tax_lien:2024-03-01:1200|vacant', 'violation#4711:2024-03-01/2024-05-02'; a kind we have no
    word for is kept as other."""
    found = []
    for part in cell.split("|")[:_MOST_SIGNALS]:
        kind, day, amount, detail = (*(text.strip() for text in part.split(":", 3)), "", "", "")[:4]
        kind, _, number = kind.partition("#")
        if not kind:
            continue
        known = kind.casefold().strip().replace(" ", "_").replace("-", "_")
        is_known = known in _K.values
        interval = _INTERVAL.fullmatch(day)
        last = interval["last"] if interval else ""
        found.append(
            SignalCell(
                known if is_known else _K.OTHER,
                cells.date_of(interval["first"] if interval else day),
                cells.money_of(amount),
                (detail if is_known else f"{kind} {detail}".strip())[:200],
                reference_of(number),
                bool(last),
                cells.date_of(last),
            )
        )
    return found

"""Lists a property is put on and signs of distress it shows, as a chunk of rows tells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.common.lookups import Many
from apps.deals.ingestion.parcels import Parcel
from apps.deals.ingestion.types import LeadRow, SignalCell
from apps.deals.models import LeadList, ListMembership, Signal

VACANT = Signal.Kind.VACANT.value
_KINDS = frozenset(Signal.Kind.values)
Changes = dict[str, list[Any]]


@dataclass(slots=True, eq=False)
class Membership:
    """A property on a list; `id` is None until it is stored."""

    key: str
    listed_on: date | None
    first_seen_on: date
    last_seen_on: date
    id: int | None = None
    before: tuple[date | None, date] | None = None


@dataclass(slots=True, eq=False)
class Sign:
    """A signal of a property; `id` is None until it is stored."""

    kind: str
    source: str
    observed_on: date
    as_of: date
    ended_on: date | None = None
    amount: Any = None
    detail: str = ""
    id: int | None = None
    reference: str = ""
    # When it had ended and its number, as stored, where this chunk changes them.
    before: tuple[date | None, str] | None = None

    def change(self, *, ended_on: date | None, reference: str) -> None:
        self.before = self.before or (self.ended_on, self.reference)
        self.ended_on, self.reference = ended_on, reference


@dataclass(slots=True, eq=False)
class ParcelMarks:
    memberships: dict[str, Membership] = field(default_factory=dict)
    signs: list[Sign] = field(default_factory=list)


@dataclass
class Marks:
    """What is known and what is new of the lists and signals of a chunk's properties.

    `day` is the day the file is of, `source` who gives its signals, `own_list` the list that every
    row of the file is put on.
    """

    workspace_id: int
    source: str
    day: date
    own_list: str = ""
    names: dict[str, str] = field(default_factory=dict)
    _held: dict[Parcel, ParcelMarks] = field(default_factory=dict)

    def load(self, parcels: Iterable[Parcel]) -> None:
        """Read the lists and signals of known properties."""
        by_id = {parcel.id: parcel for parcel in parcels if parcel not in self._held}
        for parcel in by_id.values():
            self._held[parcel] = ParcelMarks()
        memberships = ListMembership.objects.keyed_in_workspace(self.workspace_id)
        for property_id, *row in memberships.filter(property_id__any_of=Many(by_id)).values_list(
            "property_id", "lead_list__key", "listed_on", "first_seen_on", "last_seen_on", "id"
        ):
            self._held[by_id[property_id]].memberships[row[0]] = Membership(*row)
        signals = Signal.objects.keyed_in_workspace(self.workspace_id)
        for property_id, *row in (
            signals.filter(property_id__any_of=Many(by_id))
            .order_by("id")
            .values_list(
                "property_id", "kind", "source", "observed_on", "as_of", "ended_on", "amount",
                "detail", "id", "reference",
            )
        ):  # fmt: skip
            self._held[by_id[property_id]].signs.append(Sign(*row))

    def merge(self, parcel: Parcel, row: LeadRow, as_of: date) -> Changes:
        """Put the property on the row's lists and note its signals; {field: [old, new]}."""
        lists = [*row.lists, self.own_list] if self.own_list else row.lists
        if not (lists or row.signals or row.is_vacant is not None):
            return {}
        held = self._held.get(parcel)
        if held is None:
            held = self._held[parcel] = ParcelMarks()
        changes: Changes = {}
        if joined := [name for name in lists if self._join(held, name, row.listed_on)]:
            changes["lists"] = [[], joined]
        if row.signals or row.is_vacant is not None:
            self._merge_signals(held, row, as_of, changes)
        return changes

    def _merge_signals(
        self, held: ParcelMarks, row: LeadRow, as_of: date, changes: Changes
    ) -> None:
        seen: list[str] = []
        ended: list[str] = []
        for cell in _signals(row):
            if cell.is_over:
                ended += _close(held, cell, self.source, as_of)
            elif self._note(held, cell, as_of):
                seen.append(cell.kind)
        if row.is_vacant is False:
            ended += _end(held, VACANT, as_of)
        if seen:
            changes["signals"] = [[], seen]
        if ended:
            changes["ended_signals"] = [[], ended]

    def _join(self, held: ParcelMarks, name: str, listed_on: date | None) -> bool:
        key = list_key(name)
        if not key:
            return False
        known = held.memberships.get(key)
        if known is None:
            self.names.setdefault(key, " ".join(name.split())[:120])
            held.memberships[key] = Membership(key, listed_on, self.day, self.day)
            return True
        if self.day > known.last_seen_on or (listed_on and known.listed_on is None):
            known.before = known.before or (known.listed_on, known.last_seen_on)
            known.last_seen_on = max(self.day, known.last_seen_on)
            known.listed_on = known.listed_on or listed_on
        return False

    def _note(self, held: ParcelMarks, cell: SignalCell, as_of: date) -> bool:
        """Whether the signal is news: nobody told of it, or it was over and is open again."""
        mine = _of_source(held, cell.kind, self.source)
        day = cell.observed_on or as_of
        known = _match(mine, cell, day)
        if known is None and cell.observed_on is None:
            # One without a day only repeats what stands open; what ended later than this row says
            # is not open again.
            known = next(
                (
                    sign
                    for sign in mine
                    if (sign.ended_on is None or sign.ended_on > as_of)
                    and not (cell.reference and sign.reference)
                ),
                None,
            )
        if known is not None:
            return _seen_again(known, cell, as_of)
        held.signs.append(
            Sign(
                cell.kind, self.source, day, as_of, amount=cell.amount,
                detail=cell.detail[:200], reference=cell.reference,
            )
        )  # fmt: skip
        return True

    def of(self, parcel: Parcel) -> ParcelMarks | None:
        return self._held.get(parcel)

    def keep(self, parcel: Parcel, marks: ParcelMarks) -> None:
        self._held[parcel] = marks

    @property
    def all(self) -> dict[Parcel, ParcelMarks]:
        return self._held


def list_key(name: str) -> str:
    """Case and spacing do not make another list."""
    return " ".join(name.split()).casefold()[:120].strip()


def find_or_create_list(workspace_id: int, name: str, vendor: str = "") -> LeadList | None:
    """The list of that name, made on demand; None for an empty name."""
    key = list_key(name)
    if not key:
        return None
    rows = LeadList.objects.in_workspace(workspace_id)
    found, _ = rows.get_or_create(
        workspace_id=workspace_id,
        key=key,
        defaults={"name": " ".join(name.split())[:120], "vendor": vendor[:60]},
    )
    return found


def _signals(row: LeadRow) -> Sequence[SignalCell]:
    told = [cell for cell in row.signals if cell.kind in _KINDS]
    if row.is_vacant and all(cell.kind != VACANT for cell in told):
        told.append(SignalCell(VACANT))
    return told


def _of_source(held: ParcelMarks, kind: str, source: str) -> list[Sign]:
    return [sign for sign in held.signs if sign.kind == kind and sign.source == source]


def _match(signs: Sequence[Sign], cell: SignalCell, day: date) -> Sign | None:
    """The same case: by its number, or by its day where one of both has none."""
    if cell.reference:
        for sign in signs:
            if sign.reference == cell.reference:
                return sign
    for sign in signs:
        if sign.observed_on == day and not (cell.reference and sign.reference):
            return sign
    return None


def _seen_again(known: Sign, cell: SignalCell, as_of: date) -> bool:
    """Whether that is news: the case was over and is open again. A number it lacked it gets."""
    is_named = bool(cell.reference) and known.reference == cell.reference
    if is_named and known.ended_on is not None and known.ended_on < as_of:
        known.change(ended_on=None, reference=known.reference)
        return True
    if cell.reference and not known.reference:
        known.change(ended_on=known.ended_on, reference=cell.reference)
    return False


def _close(held: ParcelMarks, cell: SignalCell, source: str, as_of: date) -> list[str]:
    """End the open case the cell names; one that was never open here is no sign of distress.

    A cell that names neither number nor day speaks of all that stood open on the row's day.
    """
    mine = _of_source(held, cell.kind, source)
    if not (cell.observed_on or cell.reference):
        over = [sign for sign in mine if sign.observed_on <= as_of]
    else:
        known = _match(mine, cell, cell.observed_on or as_of)
        over = [known] if known else []
    over = [sign for sign in over if sign.ended_on is None]
    for sign in over:
        day = max(cell.ended_on or as_of, sign.observed_on)
        sign.change(ended_on=day, reference=sign.reference or cell.reference)
    return [cell.kind] * len(over)


def _end(held: ParcelMarks, kind: str, day: date) -> list[str]:
    """End what stood open on that day; what was seen later stays."""
    ended = []
    for sign in held.signs:
        if sign.kind == kind and sign.ended_on is None and sign.observed_on <= day:
            sign.change(ended_on=day, reference=sign.reference)
            ended.append(kind)
    return ended

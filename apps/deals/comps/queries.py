"""Reading the sales around a property, and what they say about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import F, FloatField
from django.db.models import Value as Literal
from django.db.models.functions import Power

from apps.deals.comps.rules import (
    Criteria,
    House,
    Policy,
    Sale,
    box_around,
    criteria_steps,
    policy_of,
)
from apps.deals.comps.selection import Likeness, compare
from apps.deals.comps.valuation import Value, market_trend, weigh
from apps.deals.models import ArvEstimate, ComparableSale, CompPolicy, Deal, Property
from apps.deals.sales.places import address_keys, center_of, keys_with_zip
from apps.deals.sales.rules import kind_of
from apps.workspaces.models import Workspace

NEAREST = 200
OTHERS = 12
HISTORY = 10
# From the middle of a ZIP nothing is half a mile away.
VAGUE_MILES = 1.5
VAGUE_WIDEST = 5.0
COLUMNS = (
    "public_id", "line", "unit", "city", "state", "address_key", "latitude", "longitude",
    "is_point_exact", "kind", "sold_on", "amount", "assessed_amount", "building_sqft", "lot_sqft",
    "bedrooms", "bathrooms", "year_built", "source", "is_arms_length",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """The property as it is compared, its own address keys, and what was assumed of it."""

    house: House
    keys: frozenset[str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What the sales say; `others` are near and were not chosen. `notes` are sentences."""

    value: Value
    subject: Subject
    criteria: Criteria
    others: tuple[Likeness, ...]
    notes: tuple[str, ...]
    policy: Policy
    today: date
    is_picked: bool


def find_comp_policy(workspace: Workspace) -> CompPolicy | None:
    """The workspace's settings; None while they are the shipped ones."""
    return CompPolicy.objects.in_workspace(workspace).first()


def list_arv_estimates(workspace: Workspace, deal: Deal) -> list[ArvEstimate]:
    """The newest estimates of a deal, newest first."""
    rows = ArvEstimate.objects.in_workspace(workspace).filter(deal=deal)
    return list(rows.order_by("-id")[:HISTORY])


def appraise(
    workspace: Workspace, held: Property, today: date, picked: Sequence[UUID] | None = None
) -> Appraisal:
    """Choose sales around a property, or take the picked ones, and weigh them. Stores nothing."""
    policy = policy_of(find_comp_policy(workspace))
    subject = subject_of(workspace, held)
    house = subject.house
    notes = list(subject.notes)
    if house.latitude is None or house.longitude is None or not house.kind:
        missing = "what kind of property this is" if not house.kind else "where this property lies"
        nothing = Value(None, None, None, 0.0, (f"Nobody knows {missing}.",))
        first = next(criteria_steps(policy))
        return Appraisal(nothing, subject, first, (), tuple(notes), policy, today, False)
    if not house.is_point_exact:
        policy = replace(
            policy,
            max_miles=max(policy.max_miles, VAGUE_MILES),
            widest_miles=max(policy.widest_miles, VAGUE_WIDEST),
        )
    likenesses, criteria = _around(workspace, subject, policy, today)
    fitting = [item for item in likenesses if not item.against]
    if picked is None:
        chosen = fitting[: policy.max_comps]
        notes += [
            f"Too few sales, so the search was widened: {', '.join(criteria.widened)}."
        ] * bool(criteria.widened)
    else:
        chosen = _picked(workspace, subject, criteria, policy, today, picked)
    taken = {item.sale.id for item in chosen}
    trend = market_trend(_of_area(workspace, subject, policy, today), policy, today)
    value = weigh(house, chosen, policy, trend, is_picked=picked is not None)
    others = [item for item in likenesses if item.sale.id not in taken and _is_pickable(item)]
    return Appraisal(
        value,
        subject,
        criteria,
        tuple(others[:OTHERS]),
        tuple(notes),
        policy,
        today,
        picked is not None,
    )


def _is_pickable(item: Likeness) -> bool:
    return item.against != "its size cannot be compared"


def _around(
    workspace: Workspace, subject: Subject, policy: Policy, today: date
) -> tuple[list[Likeness], Criteria]:
    likenesses: list[Likeness] = []
    criteria = next(criteria_steps(policy))
    asked: tuple[float, int] | None = None
    sales: list[Sale] = []
    for criteria in criteria_steps(policy):
        if asked != (criteria.miles, criteria.age_days):
            asked = (criteria.miles, criteria.age_days)
            sales = _near(workspace, subject, criteria.miles, criteria.since(today))
        likenesses = compare(subject.house, sales, criteria, policy, today)
        if sum(1 for item in likenesses if not item.against) >= policy.min_comps:
            break
    return likenesses, criteria


def _picked(
    workspace: Workspace,
    subject: Subject,
    criteria: Criteria,
    policy: Policy,
    today: date,
    picked: Sequence[UUID],
) -> list[Likeness]:
    rows = ComparableSale.objects.in_workspace(workspace).filter(public_id__in=list(picked)[:50])
    rows = rows.filter(latitude__isnull=False, is_arms_length=True)
    sales = _sales(workspace, rows.values_list(*COLUMNS), subject.keys)
    return compare(subject.house, sales, criteria, policy, today)


def _near(workspace: Workspace, subject: Subject, miles: float, since: date) -> list[Sale]:
    return _sales(
        workspace, _box(workspace, subject, miles, since).values_list(*COLUMNS), subject.keys
    )


def _of_area(workspace: Workspace, subject: Subject, policy: Policy, today: date) -> list[Sale]:
    """Sales that tell the trend: the same kind within the widest circle and time."""
    if policy.annual_trend is not None:
        return []
    wide = Criteria(policy.widest_age_days, policy.widest_miles, 0)
    rows = _box(workspace, subject, wide.miles, wide.since(today))
    return [_sale(row, {}, subject.keys) for row in rows.values_list(*COLUMNS)]


def _box(workspace: Workspace, subject: Subject, miles: float, since: date) -> Any:
    """The nearest sales of the subject's kind in a square, which an index can answer."""
    north, east = subject.house.latitude or 0.0, subject.house.longitude or 0.0
    distance = Power(F("latitude") - Literal(north), 2, output_field=FloatField()) + Power(
        (F("longitude") - Literal(east)) * Literal(0.75), 2, output_field=FloatField()
    )
    rows = ComparableSale.objects.in_workspace(workspace).filter(
        kind=subject.house.kind,
        is_arms_length=True,
        sold_on__gte=since,
        **box_around(north, east, miles),
    )
    return rows.order_by(distance, "id")[:NEAREST]


def _sales(
    workspace: Workspace, rows: Iterable[tuple[Any, ...]], own: frozenset[str]
) -> list[Sale]:
    found = list(rows)
    known = _areas(workspace, [row for row in found if row[13] is None])
    return [_sale(row, known, own) for row in found]


def _areas(workspace: Workspace, rows: Sequence[tuple[Any, ...]]) -> dict[str, Property]:
    """Our own properties at the addresses of sales that come without a living area."""
    keys = {row[5]: keys_with_zip(row[5], row[3], row[4]) for row in rows}
    wanted = set(chain.from_iterable(keys.values()))
    if not wanted:
        return {}
    held = Property.objects.in_workspace(workspace).filter(
        address_key__in=wanted, building_sqft__gt=0
    )
    columns = ("address_key", "building_sqft", "lot_sqft", "bedrooms", "bathrooms", "year_built")
    by_key = {one.address_key: one for one in held.only(*columns)}
    return {key: by_key[full] for key, fulls in keys.items() for full in fulls if full in by_key}


def _sale(row: tuple[Any, ...], known: dict[str, Property], own: frozenset[str]) -> Sale:
    (
        public_id, line, unit, city, _, key, latitude, longitude, is_exact, kind, sold_on, amount,
        assessed, area, lot, bedrooms, bathrooms, year, source, is_arms_length,
    ) = row  # fmt: skip
    ours = known.get(key)
    if ours is not None:
        area, lot = ours.building_sqft, lot or ours.lot_sqft
        bedrooms, bathrooms = bedrooms or ours.bedrooms, bathrooms or ours.bathrooms
        year = year or ours.year_built
    house = House(
        kind, city, latitude, longitude, is_exact, area, lot, bedrooms, bathrooms, year, assessed
    )
    address = ", ".join(part for part in (f"{line} {unit}".strip(), city) if part)
    return Sale(
        public_id, address, house, amount, sold_on, source, is_arms_length, bool(key) and key in own
    )


def subject_of(workspace: Workspace, held: Property) -> Subject:
    """A property ready to be compared; what it lacks comes from its own recorded sale or ZIP."""
    keys = frozenset(address_keys(held.line, held.unit, held.city, held.state, held.zip))
    keys |= {held.address_key} - {""}
    rows = ComparableSale.objects.in_workspace(workspace).filter(address_key__in=keys)
    own = next(iter(rows.order_by("-sold_on", "-id")[:1]), None)
    latitude, longitude, is_exact = held.latitude, held.longitude, True
    notes = []
    if latitude is None or longitude is None:
        latitude, longitude, is_exact = _point(held, own)
        if not is_exact and latitude is not None:
            notes.append(
                f"The property is placed at the middle of ZIP {held.zip}, so sales are looked for"
                " farther away."
            )
    # The sale's own assessment is of the same roll as those of its neighbors.
    assessed = (own.assessed_amount if own else None) or held.assessed_amount
    if not held.building_sqft:
        notes.append("No living area is known: assessed values tell how sizes differ.")
    house = House(
        kind=kind_of(held.property_type, held.units) or (own.kind if own else ""),
        city=(own.city if own and own.city else held.city),
        latitude=latitude,
        longitude=longitude,
        is_point_exact=is_exact,
        area=held.building_sqft,
        lot=held.lot_sqft,
        bedrooms=held.bedrooms,
        bathrooms=held.bathrooms,
        year_built=held.effective_year_built or held.year_built,
        assessed=assessed,
    )
    return Subject(house, keys, tuple(notes))


def _point(held: Property, own: ComparableSale | None) -> tuple[float | None, float | None, bool]:
    if own is not None and own.is_point_exact:
        return own.latitude, own.longitude, True
    center = center_of(held.zip)
    return (*center, False) if center else (None, None, False)

"""Persons know better than lists: facts of a property by hand, and conflicts of sources settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from apps.deals.actions.moving import lock_deal
from apps.deals.actions.taking import take_address, take_owners
from apps.deals.ingestion.claims import Origin, plain, read_origin, store_origin
from apps.deals.ingestion.pipeline import OWNER_PARTS
from apps.deals.ingestion.property_values import ADDRESS, OWNERS, VALUES
from apps.deals.models import Deal, DealParty, Property, Strength
from apps.deals.rules import business_day
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.deals import ConflictSettled, PropertyEdited
from apps.events.publish import publish
from apps.workspaces.models import Workspace

EDITABLE = frozenset(VALUES)
DISMISSED = "dismissed"


class EditRefused(ValueError):
    """A value that the property cannot have; the text says which and why."""


class NoSuchConflict(LookupError):
    """No other source says anything else of that field any more."""


@action
def edit_property(
    *,
    workspace: Workspace,
    actor: Actor,
    deal: Deal,
    changes: Mapping[str, Any],
    now: datetime,
) -> Property:
    """Set columns of the deal's property by hand; from then on no list overwrites them.

    `changes`: column -> value, None or '' for unknown. Columns outside EDITABLE and values the
    column cannot hold raise EditRefused.
    """
    held = _lock_property(workspace, deal)
    wanted = {column: _typed(column, value) for column, value in changes.items()}
    moved = {
        column: [getattr(held, column), value]
        for column, value in wanted.items()
        if getattr(held, column) != value
    }
    if not moved:
        unchanged("the property says so already")
        return held
    _set_by_hand(held, {column: new for column, (_, new) in moved.items()}, actor, now)
    held.save()
    publish(
        PropertyEdited(
            subject=deal.public_id,
            changes={column: [plain(old), plain(new)] for column, (old, new) in moved.items()},
            source=actor.label,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


@action
def settle_conflict(
    *, workspace: Workspace, actor: Actor, deal: Deal, column: str, take: bool, now: datetime
) -> Property:
    """Accept what the other source says, or keep what is held and hear no more of it.

    An address is taken whole, owners with their mailing address and phones. Raises NoSuchConflict,
    and ConflictNotTakeable where another property stands at that address or nothing can be read.
    """
    locked = lock_deal(workspace, deal.public_id)
    held = _property_of(workspace, locked)
    stored = held.conflicts.get(column)
    if stored is None or len(stored) > 4:
        raise NoSuchConflict(f"No source disagrees about “{column}” any more.")
    before = _whole(locked, held, column)
    if take:
        _take(locked, held, column, stored, actor, now)
    else:
        held.conflicts = held.conflicts | {column: [*stored, DISMISSED]}
    held.save()
    publish(
        ConflictSettled(
            subject=deal.public_id,
            column=column,
            is_taken=take,
            value=_whole(locked, held, column),
            other=stored[0],
            source=stored[1],
            before=before,
            seller=locked.seller.public_id if locked.seller else None,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return held


def _take(
    deal: Deal, held: Property, column: str, stored: list[Any], actor: Actor, now: datetime
) -> None:
    """The other source's value with its origin. A person chose it, so no list takes it back."""
    if column == ADDRESS:
        take_address(deal, held, stored)
    elif column == OWNERS:
        take_owners(deal, held, stored, actor, now)
    else:
        setattr(held, column, _typed(column, stored[0]))
    held.provenance = held.provenance | {column: store_origin(read_origin(stored[1:4]))}
    held.conflicts = {name: kept for name, kept in held.conflicts.items() if name != column}
    held.hand_edited = sorted({*held.hand_edited, column})


def _whole(deal: Deal, held: Property, column: str) -> Any:
    """What stands, as facts keep it."""
    if column == ADDRESS:
        return held.address
    if column == OWNERS:
        owners = DealParty.objects.in_workspace(deal.workspace_id).filter(
            deal=deal, part__in=OWNER_PARTS
        )
        return " & ".join(owners.order_by("rank").values_list("contact__name", flat=True))
    return plain(getattr(held, column))


def _set_by_hand(held: Property, values: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    origin = store_origin(Origin(actor.label[:80], business_day(now), Strength.HAND.value))
    for column, value in values.items():
        setattr(held, column, value)
    held.provenance = held.provenance | dict.fromkeys(values, origin)
    held.conflicts = {name: kept for name, kept in held.conflicts.items() if name not in values}
    held.hand_edited = sorted({*held.hand_edited, *values})


def _typed(column: str, value: Any) -> Any:
    if column not in EDITABLE:
        raise EditRefused(f"“{column}” is not a field to edit here.")
    field: models.Field[Any, Any] = Property._meta.get_field(column)  # type: ignore[assignment]
    if value in (None, ""):
        return None if field.null else field.get_default()
    label = str(field.verbose_name).capitalize()
    try:
        typed = field.clean(value, None)
    except ValidationError as error:
        raise EditRefused(f"{label}: {' '.join(error.messages)}") from error
    # SQLite would store any number, PostgreSQL refuse it late.
    if isinstance(field, models.IntegerField) and not 0 <= typed <= _highest(field):
        raise EditRefused(f"{label}: between 0 and {_highest(field):,}, please.")
    if isinstance(typed, str) and "\x00" in typed:
        raise EditRefused(f"{label}: not readable as text.")
    return typed


def _highest(field: models.IntegerField[Any, Any]) -> int:
    return 32_767 if isinstance(field, models.SmallIntegerField) else 2_147_483_647


def _lock_property(workspace: Workspace, deal: Deal) -> Property:
    return _property_of(workspace, lock_deal(workspace, deal.public_id))


def _property_of(workspace: Workspace, deal: Deal) -> Property:
    rows = Property.objects.in_workspace(workspace).select_for_update(no_key=True)
    return rows.get(pk=deal.property_id)

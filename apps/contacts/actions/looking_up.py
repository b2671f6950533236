"""Looking numbers up once: one purchase per number, however many contacts share it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from apps.common.phones import to_e164
from apps.contacts.models import Contact, NumberLookup, Phone
from apps.contacts.queries.traces import map_past_lookups
from apps.contacts.queries.vendors import lookup_reuse, spent_this_month
from apps.contacts.rules import USABLE, affordable, may_look_up, worse_standing
from apps.contacts.types import NumberResult
from apps.contacts.vendors import amount, price_of
from apps.events.actions import Actor, action, unchanged
from apps.events.catalog.contacts import (
    KnownLinesApplied,
    PhoneLookedUp,
    PhoneLookupFailed,
    PhoneLookupRequested,
)
from apps.events.publish import publish, publish_many
from apps.workspaces.models import Connection, Workspace
from apps.workspaces.types import Capability

State = NumberLookup.State


@action
def open_lookups(
    *,
    workspace: Workspace,
    actor: Actor,
    contact: Contact,
    numbers: Sequence[str],
    connection: Connection,
    now: datetime,
) -> list[NumberLookup]:
    """Note that look-ups of these numbers (E.164) are about to be bought, each at most once.

    A number answered for within 90 days (or `reuse_days`), or whose answer was lost then, is left
    out, whoever asked for it. All buyers wait for the connection's row, so two never buy one.
    """
    rows = Connection.objects.in_workspace(workspace).select_for_update()
    connection = rows.get(pk=connection.pk)
    kind = Capability.PHONE_LOOKUP
    reuse = lookup_reuse(connection)
    past = map_past_lookups(workspace, numbers, since=now - reuse)
    chosen = [one for one in dict.fromkeys(numbers) if may_look_up(past.get(one, ()), now, reuse)]
    price = price_of(kind, connection.provider, connection.settings)
    spent = spent_this_month(workspace, kind, connection.provider, now=now)
    room = affordable(amount(connection.settings.get("monthly_budget")), spent, price)
    chosen = chosen if room is None else chosen[:room]
    if not chosen:
        unchanged("earlier look-ups answer for these, or the budget is used up")
        return []
    open_rows = NumberLookup.objects.in_workspace(workspace).filter(state=State.REQUESTED)
    open_rows.filter(e164__in=chosen).update(state=State.LOST)
    lookups = NumberLookup.objects.bulk_create(
        NumberLookup(
            workspace=workspace,
            contact=contact,
            e164=e164,
            provider=connection.provider,
            requested_at=now,
            expires_at=now + reuse,
            cost_amount=price,
        )
        for e164 in chosen
    )
    facts = [
        PhoneLookupRequested(
            subject=contact.public_id,
            lookup=lookup.public_id,
            provider=lookup.provider,
            e164=lookup.e164,
        )
        for lookup in lookups
    ]
    publish_many(facts, workspace_id=workspace.pk, actor=actor, now=now)
    return list(lookups)


@action
def record_lookup(
    *,
    workspace: Workspace,
    actor: Actor,
    lookup: NumberLookup,
    result: NumberResult,
    now: datetime,
) -> NumberLookup:
    """Store the answer and write it to every phone with this number.

    A number that does not work is marked invalid, except where a person wrote from it or said that
    it works. A late answer is recorded too; a second one changes nothing.
    """
    lookup = NumberLookup.objects.in_workspace(workspace).select_for_update().get(pk=lookup.pk)
    if lookup.state not in (State.REQUESTED, State.LOST):
        unchanged("the answer is recorded already")
        return lookup
    lookup.state = State.ANSWERED
    lookup.cost_amount = result.cost_amount
    lookup.is_valid, lookup.is_reachable = result.is_valid, result.is_reachable
    lookup.line_type, lookup.carrier = result.line_type, result.carrier
    lookup.note = result.note[:400]
    lookup.save()
    phones = list(_phones(workspace).filter(e164=lookup.e164).select_related("contact"))
    for phone in phones:
        _apply(phone, lookup)
    publish(
        PhoneLookedUp(
            subject=_subject(lookup),
            lookup=lookup.public_id,
            provider=lookup.provider,
            e164=lookup.e164,
            line_type=lookup.line_type,
            is_bad=lookup.is_bad,
            note=lookup.note,
            cost_amount=lookup.cost_amount,
            contacts=[phone.contact.public_id for phone in phones],
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return lookup


@action
def fail_lookup(
    *,
    workspace: Workspace,
    actor: Actor,
    lookup: NumberLookup,
    reason: str,
    is_lost: bool,
    now: datetime,
) -> NumberLookup:
    """No answer came. `is_lost`: it may have been charged, so it is not repeated."""
    lookup = NumberLookup.objects.in_workspace(workspace).select_for_update().get(pk=lookup.pk)
    if lookup.state != State.REQUESTED:
        unchanged("the look-up ended already")
        return lookup
    lookup.state = State.LOST if is_lost else State.FAILED
    if not is_lost:
        lookup.expires_at, lookup.cost_amount = now, Decimal(0)
    lookup.note = reason[:400]
    lookup.save()
    publish(
        PhoneLookupFailed(
            subject=_subject(lookup),
            lookup=lookup.public_id,
            provider=lookup.provider,
            e164=lookup.e164,
            reason=reason[:400],
            is_lost=is_lost,
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return lookup


@action
def apply_known_lines(
    *, workspace: Workspace, actor: Actor, contact: Contact, now: datetime
) -> list[str]:
    """Write answers that were bought for others to this person's phones; returns the numbers."""
    contact = Contact.objects.in_workspace(workspace).select_for_update().get(pk=contact.pk)
    rows = _phones(workspace).filter(contact=contact)
    phones = {to_e164(phone.e164) or phone.e164: phone for phone in rows}
    answers = NumberLookup.objects.in_workspace(workspace).filter(
        e164__in=list(phones), state=State.ANSWERED, expires_at__gt=now
    )
    changed = [
        lookup.e164
        for lookup in {row.e164: row for row in answers.order_by("requested_at", "id")}.values()
        if _apply(phones[lookup.e164], lookup)
    ]
    if not changed:
        unchanged("nothing is known that does not stand there already")
        return []
    publish(
        KnownLinesApplied(subject=contact.public_id, phones=changed),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return changed


def _phones(workspace: Workspace) -> QuerySet[Phone]:
    rows: QuerySet[Phone] = Phone.objects.in_workspace(workspace).select_for_update(of=("self",))
    return rows.order_by("pk")


def _apply(phone: Phone, lookup: NumberLookup) -> bool:
    """True when the phone changed."""
    before = (phone.status, phone.line_type, phone.carrier)
    if lookup.is_bad and phone.status in USABLE - {Phone.Status.VERIFIED}:
        phone.status = worse_standing(phone.status, Phone.Status.INVALID)
        phone.status_note = (lookup.note or "The number does not work.")[:200]
    phone.line_type = lookup.line_type or phone.line_type
    phone.carrier = lookup.carrier or phone.carrier
    if before == (phone.status, phone.line_type, phone.carrier):
        return False
    phone.save()
    return True


def _subject(lookup: NumberLookup) -> UUID:
    return lookup.contact.public_id if lookup.contact else lookup.public_id

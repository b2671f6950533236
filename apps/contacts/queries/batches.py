"""Orders of skip traces: what one would cost, how far one is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Sum

from apps.channels.queries import list_suppressed
from apps.common.pagination import Page, keyset
from apps.contacts.models import Contact, Phone, SkipTrace, TraceBatch, TraceBatchItem
from apps.contacts.queries.traces import map_past_traces
from apps.contacts.queries.vendors import VendorState, exact, list_vendor_states
from apps.contacts.registry import owned_address
from apps.contacts.rules import has_answer, may_ask
from apps.workspaces.models import Workspace
from apps.workspaces.types import Capability

MOST_OWNERS = 10_000
PAGE_SIZE = 50
WAITING = TraceBatchItem.State.WAITING
LITIGATOR = "known litigator"
DECEASED = "deceased"
SUPPRESSED = "asked to stop"
TRACED = "looked up within 30 days"
NAMELESS = "no name or address to look for"


@dataclass(frozen=True)
class TracePlan:
    """What an order would do. `left_out`: (contact, reason); `blocked`: why nothing can start."""

    chosen: list[Contact]
    left_out: list[tuple[Contact, str]] = field(default_factory=list)
    most_cost_amount: Decimal = Decimal(0)
    vendors: list[VendorState] = field(default_factory=list)
    blocked: str = ""

    @property
    def total(self) -> int:
        return len(self.chosen) + len(self.left_out)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        counts: dict[str, int] = {}
        for _, reason in self.left_out:
            counts[reason] = counts.get(reason, 0) + 1
        return sorted(counts.items(), key=lambda entry: -entry[1])


def plan_traces(workspace: Workspace, contact_ids: Sequence[UUID], *, now: datetime) -> TracePlan:
    """Who would be looked up and for how much at most.

    Left out: litigators, the deceased and people who asked to stop (a number of theirs could not
    be used), owners traced within 30 days, and rows without a name or an address.
    """
    vendors = list_vendor_states(workspace, Capability.SKIP_TRACE, now=now)
    ready = [vendor for vendor in vendors if not vendor.why_not(now)]
    rows = Contact.objects.in_workspace(workspace).filter(
        public_id__in=contact_ids, merged_into__isnull=True
    )
    contacts = list(rows.order_by("pk")[:MOST_OWNERS])
    past = map_past_traces(workspace, [contact.pk for contact in contacts], now=now)
    suppressed = list_suppressed(workspace, [contact.public_id for contact in contacts])
    chosen, left_out, most = [], [], Decimal(0)
    for contact in contacts:
        traces = past.get(contact.pk, [])
        able = [vendor for vendor in ready if may_ask(vendor.names, traces, now)]
        reason = _why_left_out(contact, contact.public_id in suppressed)
        if not reason and (has_answer(traces, now) or (ready and not able)):
            reason = TRACED
        if reason:
            left_out.append((contact, reason))
        else:
            chosen.append(contact)
            most += sum((vendor.price for vendor in able), Decimal(0))
    return TracePlan(chosen, left_out, most, vendors, why_blocked(vendors, now))


def refused_meanwhile(workspace: Workspace, contacts: Sequence[Contact]) -> dict[int, str]:
    """Whom nobody may be asked about any more, by primary key with the reason, read anew."""
    rows = Contact.objects.in_workspace(workspace).filter(pk__in=[one.pk for one in contacts])
    fresh = list(rows)
    suppressed = list_suppressed(workspace, [contact.public_id for contact in fresh])
    found = {one.pk: _why_refused(one, one.public_id in suppressed) for one in fresh}
    return {key: reason for key, reason in found.items() if reason}


def why_blocked(vendors: Sequence[VendorState], now: datetime) -> str:
    """Why no vendor can be asked, as a sentence; '' where one can."""
    if not vendors:
        return "No skip-trace vendor is connected. Add one in the admin under Connections."
    reasons = [vendor.why_not(now) for vendor in vendors]
    return "" if not all(reasons) else " ".join(dict.fromkeys(reasons))


def _why_refused(contact: Contact, is_suppressed: bool) -> str:
    if contact.is_litigator:
        return LITIGATOR
    if contact.is_deceased:
        return DECEASED
    return SUPPRESSED if is_suppressed else ""


def _why_left_out(contact: Contact, is_suppressed: bool) -> str:
    if reason := _why_refused(contact, is_suppressed):
        return reason
    has_address = contact.mailing_line or owned_address(contact.workspace_id, contact.public_id)
    return "" if contact.name.strip() and has_address else NAMELESS


def get_batch(workspace: Workspace, public_id: UUID) -> TraceBatch:
    """Raises TraceBatch.DoesNotExist."""
    batch: TraceBatch = TraceBatch.objects.in_workspace(workspace).get(public_id=public_id)
    return batch


def is_ordered(workspace: Workspace, contact: Contact) -> bool:
    """Whether the person waits in an order that is under way."""
    rows = TraceBatch.objects.in_workspace(workspace).filter(
        state__in=[TraceBatch.State.QUEUED, TraceBatch.State.RUNNING],
        items__contact=contact,
        items__state=WAITING,
    )
    return rows.exists()


def list_batches(workspace: Workspace, *, cursor: str = "") -> Page[TraceBatch]:
    rows = TraceBatch.objects.in_workspace(workspace)
    return keyset(rows, ("pk",), cursor, PAGE_SIZE)


@dataclass(frozen=True)
class BatchProgress:
    """Counts by state of the items, money so far, and how it goes on."""

    counts: dict[str, int]
    cost: Decimal
    phones: int
    per_minute: float
    seconds_left: int | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return self.counts[WAITING]

    @property
    def done(self) -> int:
        return self.total - self.waiting


def batch_progress(batch: TraceBatch, *, now: datetime) -> BatchProgress:
    items = TraceBatchItem.objects.filter(batch=batch).values_list("state")
    found = dict(items.annotate(number=Count("id")).order_by())
    counts = {str(state): found.get(state, 0) for state in TraceBatchItem.State.values}
    sums = SkipTrace.objects.in_workspace(batch.workspace_id).filter(batch=batch)
    money = sums.aggregate(cost=Sum("cost_amount"), phones=Sum("phone_count"))
    bought = sum(counts[state] for state in ("matched", "no_match", "failed", "lost"))
    seconds = (now - batch.started_at).total_seconds() if batch.started_at else 0.0
    rate = bought / seconds if seconds > 0 else 0.0
    is_moving = batch.is_open and rate > 0
    return BatchProgress(
        counts=counts,
        cost=exact(money["cost"]),
        phones=money["phones"] or 0,
        per_minute=60 * rate,
        seconds_left=round(counts[WAITING] / rate) if is_moving else None,
    )


def list_items(batch: TraceBatch, *, state: str = "", cursor: str = "") -> Page[TraceBatchItem]:
    rows = TraceBatchItem.objects.filter(batch=batch).select_related("contact")
    if state in TraceBatchItem.State.values:
        rows = rows.filter(state=state)
    return keyset(rows, ("pk",), cursor, PAGE_SIZE, descending=False)


def stream_result(batch: TraceBatch) -> Iterator[list[object]]:
    """Rows of the result file, after RESULT_HEADER: one per owner, phones in their order."""
    items = TraceBatchItem.objects.filter(batch=batch).select_related("contact").order_by("pk")
    for item in items.prefetch_related("contact__phones", "contact__emails").iterator(500):
        contact = item.contact
        phones = sorted(contact.phones.all(), key=lambda phone: (phone.rank, phone.pk))
        yield [
            contact.name,
            contact.mailing_line,
            contact.mailing_city,
            contact.mailing_state,
            contact.mailing_zip,
            item.get_state_display(),
            item.reason,
            "yes" if contact.is_litigator else "",
            "yes" if contact.is_deceased else "",
            "; ".join(_phone_words(phone) for phone in phones),
            "; ".join(email.address for email in contact.emails.all()),
        ]


RESULT_HEADER = (
    "Owner", "Address", "City", "State", "ZIP", "Result", "Reason", "Litigator", "Deceased",
    "Phones", "E-mails",
)  # fmt: skip


def _phone_words(phone: Phone) -> str:
    marks = [phone.line_type if phone.line_type != "unknown" else ""]
    marks.append("DNC" if phone.is_dnc else "")
    marks.append(phone.status if phone.status not in ("unverified", "verified") else "")
    words = ", ".join(mark for mark in marks if mark)
    return f"{phone.e164} ({words})" if words else phone.e164

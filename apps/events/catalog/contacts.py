"""Facts about people and companies."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class ContactChecked(Fact):
    """Phones and e-mails of a contact were checked."""

    name: ClassVar[str] = "contacts.contact_checked.v1"
    subject_kind: ClassVar[str] = "contact"
    phones: list[str]
    emails: list[str]
    problems: list[str]
    is_suppressed: bool


@dataclass(frozen=True, kw_only=True)
class ContactTraceRequested(Fact):
    """A paid look-up is about to be bought."""

    name: ClassVar[str] = "contacts.contact_trace_requested.v1"
    subject_kind: ClassVar[str] = "contact"
    trace: UUID
    provider: str


@dataclass(frozen=True, kw_only=True)
class ContactTraceFailed(Fact):
    """A skip trace gave no answer and cost nothing."""

    name: ClassVar[str] = "contacts.contact_trace_failed.v1"
    subject_kind: ClassVar[str] = "contact"
    trace: UUID
    provider: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContactTraced(Fact):
    """A skip trace answered."""

    name: ClassVar[str] = "contacts.contact_traced.v1"
    subject_kind: ClassVar[str] = "contact"
    trace: UUID
    provider: str
    phones_added: int
    emails_added: int
    cost_amount: Decimal


@dataclass(frozen=True, kw_only=True)
class ContactResponded(Fact):
    """A contact wrote back."""

    name: ClassVar[str] = "contacts.contact_responded.v1"
    subject_kind: ClassVar[str] = "contact"
    deal: UUID | None = None
    channel: str
    body: str
    intent: str
    message: UUID


@dataclass(frozen=True, kw_only=True)
class PhoneMarked(Fact):
    """A number of a contact changed its standing; `parked` are those set aside for it."""

    name: ClassVar[str] = "contacts.phone_marked.v1"
    subject_kind: ClassVar[str] = "contact"
    e164: str
    status: str
    reason: str
    parked: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ContactCheckRequested(Fact):
    """A check of a contact is due."""

    name: ClassVar[str] = "contacts.contact_check_requested.v1"
    subject_kind: ClassVar[str] = "contact"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PhonesRanked(Fact):
    """A person put the numbers of a contact in another order."""

    name: ClassVar[str] = "contacts.phones_ranked.v1"
    subject_kind: ClassVar[str] = "contact"
    phones: list[str]


@dataclass(frozen=True, kw_only=True)
class MergeSuggested(Fact):
    """Two contacts may be one."""

    name: ClassVar[str] = "contacts.merge_suggested.v1"
    subject_kind: ClassVar[str] = "contact"
    other: UUID
    suggestion: UUID
    score: Decimal
    supports: list[str]


@dataclass(frozen=True, kw_only=True)
class MergeDismissed(Fact):
    """A person said that two contacts are not one."""

    name: ClassVar[str] = "contacts.merge_dismissed.v1"
    subject_kind: ClassVar[str] = "contact"
    other: UUID
    suggestion: UUID


@dataclass(frozen=True, kw_only=True)
class ContactsMerged(Fact):
    """`other` became part of the subject: every room moves its own rows."""

    name: ClassVar[str] = "contacts.contacts_merged.v1"
    subject_kind: ClassVar[str] = "contact"
    merge: UUID
    other: UUID
    other_name: str
    choices: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ContactsUnmerged(Fact):
    """A merge was taken back. `stays` says what came since and remains with the subject."""

    name: ClassVar[str] = "contacts.contacts_unmerged.v1"
    subject_kind: ClassVar[str] = "contact"
    merge: UUID
    other: UUID
    other_name: str
    stays: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactTraceLost(Fact):
    """A skip trace was asked for and its answer never came: it may have been charged."""

    name: ClassVar[str] = "contacts.contact_trace_lost.v1"
    subject_kind: ClassVar[str] = "contact"
    trace: UUID
    provider: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PhoneLookupRequested(Fact):
    """A paid look-up of a number is about to be bought; the subject is whose number it is."""

    name: ClassVar[str] = "contacts.phone_lookup_requested.v1"
    subject_kind: ClassVar[str] = "contact"
    lookup: UUID
    provider: str
    e164: str


@dataclass(frozen=True, kw_only=True)
class PhoneLookedUp(Fact):
    """`contacts` names everybody who has the number."""

    name: ClassVar[str] = "contacts.phone_looked_up.v1"
    subject_kind: ClassVar[str] = "contact"
    lookup: UUID
    provider: str
    e164: str
    line_type: str
    is_bad: bool
    note: str
    cost_amount: Decimal
    contacts: list[UUID]


@dataclass(frozen=True, kw_only=True)
class PhoneLookupFailed(Fact):
    """`is_lost`: the answer never came, so it may have been charged."""

    name: ClassVar[str] = "contacts.phone_lookup_failed.v1"
    subject_kind: ClassVar[str] = "contact"
    lookup: UUID
    provider: str
    e164: str
    reason: str
    is_lost: bool


@dataclass(frozen=True, kw_only=True)
class KnownLinesApplied(Fact):
    """Answers bought for somebody else's same number were written to this contact's phones."""

    name: ClassVar[str] = "contacts.known_lines_applied.v1"
    subject_kind: ClassVar[str] = "contact"
    phones: list[str]


@dataclass(frozen=True, kw_only=True)
class TraceBatchStarted(Fact):
    """`total` owners were asked for, `chosen` of them are looked up, for at most the amount."""

    name: ClassVar[str] = "contacts.trace_batch_started.v1"
    subject_kind: ClassVar[str] = "trace_batch"
    title: str
    total: int
    chosen: int
    most_cost_amount: Decimal


@dataclass(frozen=True, kw_only=True)
class TraceBatchMoved(Fact):
    """A batch changed its state: done, stopped, canceled or queued again."""

    name: ClassVar[str] = "contacts.trace_batch_moved.v1"
    subject_kind: ClassVar[str] = "trace_batch"
    state: str
    note: str


@dataclass(frozen=True, kw_only=True)
class TraceBatchItemsLeftOut(Fact):
    """Owners of a batch whom nobody had to, or might, be asked about when their turn came."""

    name: ClassVar[str] = "contacts.trace_batch_items_left_out.v1"
    subject_kind: ClassVar[str] = "trace_batch"
    contacts: list[UUID]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class VendorTroubled(Fact):
    """A vendor of look-ups does not serve us for the reason named."""

    name: ClassVar[str] = "contacts.vendor_troubled.v1"
    subject_kind: ClassVar[str] = "connection"
    provider: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class VendorRecovered(Fact):
    """A vendor of look-ups serves us again, or its connection was changed."""

    name: ClassVar[str] = "contacts.vendor_recovered.v1"
    subject_kind: ClassVar[str] = "connection"
    provider: str

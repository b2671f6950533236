"""Facts about conversations."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class ConversationOpened(Fact):
    """A contact's reply waits for a person."""

    name: ClassVar[str] = "inbox.conversation_opened.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None
    channel: str


@dataclass(frozen=True, kw_only=True)
class ConversationUpdated(Fact):
    """A further reply came in."""

    name: ClassVar[str] = "inbox.conversation_updated.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None
    unread: int


@dataclass(frozen=True, kw_only=True)
class ConversationRead(Fact):
    """A person read a conversation."""

    name: ClassVar[str] = "inbox.conversation_read.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ConversationAssigned(Fact):
    """A conversation got its person."""

    name: ClassVar[str] = "inbox.conversation_assigned.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ConversationClosed(Fact):
    """A conversation was closed."""

    name: ClassVar[str] = "inbox.conversation_closed.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(Fact):
    """A conversation was opened again."""

    name: ClassVar[str] = "inbox.conversation_reopened.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ConversationSnoozed(Fact):
    """A conversation was put aside until a time."""

    name: ClassVar[str] = "inbox.conversation_snoozed.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None
    until: datetime


@dataclass(frozen=True, kw_only=True)
class ConversationAnswered(Fact):
    """A person's answer reached the contact; `waited_seconds` is the speed to lead."""

    name: ClassVar[str] = "inbox.conversation_answered.v1"
    subject_kind: ClassVar[str] = "conversation"
    contact: UUID
    deal: UUID | None = None
    channel: str
    waited_seconds: int


@dataclass(frozen=True, kw_only=True)
class ConversationsReassigned(Fact):
    """Two conversations became one, or two again."""

    name: ClassVar[str] = "inbox.conversations_reassigned.v1"
    subject_kind: ClassVar[str] = "contact"
    merge: UUID
    conversations: list[UUID]

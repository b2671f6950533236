from apps.inbox.actions.desk import (
    AssigneeNotMember,
    assign_conversation,
    close_conversation,
    mark_read,
    reopen_conversation,
    snooze_conversation,
)
from apps.inbox.actions.exchange import record_answer, record_reply
from apps.inbox.actions.joining import join_conversations

__all__ = [
    "AssigneeNotMember",
    "assign_conversation",
    "close_conversation",
    "join_conversations",
    "mark_read",
    "record_answer",
    "record_reply",
    "reopen_conversation",
    "snooze_conversation",
]

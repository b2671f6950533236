from apps.inbox.views.handling import assign, close, read, reopen, snooze, stop_all
from apps.inbox.views.pages import badge, conversation_detail, conversation_list
from apps.inbox.views.replying import reply

__all__ = [
    "assign",
    "badge",
    "close",
    "conversation_detail",
    "conversation_list",
    "read",
    "reopen",
    "reply",
    "snooze",
    "stop_all",
]

"""Reads of the sending room."""

from apps.channels.queries.people import (
    count_messages_of,
    count_messages_since,
    has_reply_since,
    is_suppressed,
    list_consents,
    list_suppressed,
    list_suppressions,
)
from apps.channels.queries.phone import (
    PhoneEntry,
    Seller,
    list_sandbox_sellers,
    list_seller_screen,
    with_names,
)
from apps.channels.queries.threads import (
    ThreadEntry,
    count_blocked_since,
    find_message,
    get_message,
    list_thread,
)

__all__ = [
    "PhoneEntry",
    "Seller",
    "ThreadEntry",
    "count_blocked_since",
    "count_messages_of",
    "count_messages_since",
    "find_message",
    "get_message",
    "has_reply_since",
    "is_suppressed",
    "list_consents",
    "list_sandbox_sellers",
    "list_seller_screen",
    "list_suppressed",
    "list_suppressions",
    "list_thread",
    "with_names",
]

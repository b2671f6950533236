"""Cursor pages: a reader who follows `next` sees every row once, also while rows are added."""

from typing import Any

from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import Cursor, CursorPagination

_LARGEST_KEY = 2**63 - 1


class CursorPages(CursorPagination):
    """Newest first by the row's own number, 50 a page, `?page_size=` up to 200."""

    ordering: Any = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    invalid_cursor_message = "This cursor is not one of ours. Start again without it."

    def decode_cursor(self, request: Any) -> Cursor | None:
        """Raises ParseError. DRF itself passes any text to the database, which answers with 500."""
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except NotFound as error:
            raise ParseError(self.invalid_cursor_message) from error
        if cursor is None or cursor.position is None:
            return cursor
        position = str(cursor.position)
        if not position.isdecimal() or int(position) > _LARGEST_KEY:
            raise ParseError(self.invalid_cursor_message)
        return cursor


class FeedPages(CursorPages):
    """Oldest first by sealed number, which has no gaps and never fills in behind a reader."""

    ordering = "seq"

"""The one place that reads the time. Domain code takes `now=` instead of asking."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current instant, timezone-aware in UTC."""
    return datetime.now(UTC)

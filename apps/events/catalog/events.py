"""Facts about the log itself."""

from dataclasses import dataclass
from typing import ClassVar

from apps.events.catalog.base import Fact


@dataclass(frozen=True, kw_only=True)
class DeliveriesReplayed(Fact):
    """A person sent parked deliveries out again."""

    name: ClassVar[str] = "events.deliveries_replayed.v1"
    subject_kind: ClassVar[str] = "installation"
    count: int

"""Legal limits as dated rows. A workspace may only make them stricter.

Sources: federal hours 47 CFR 64.1200(c)(1); Florida 501.616(6)(a)-(b); Oklahoma title 15
section 775C.4; Washington RCW 80.36.390; Texas SB 140 (from 2025-09-01); Maryland and the other
states from calling-hour tables that call centers publish (reviewed 2025). Those rows only ever
narrow the federal hours, so an error in one costs minutes and never a violation.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

RULES_VERSION = "2025-11-01"

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


@dataclass(frozen=True)
class Window:
    """Local wall-clock hours: open from `start`, closed at `end` itself."""

    start: time
    end: time

    def __and__(self, other: "Window") -> "Window":
        return Window(max(self.start, other.start), min(self.end, other.end))

    @property
    def is_empty(self) -> bool:
        return self.start >= self.end


def hours(start: int, end: int) -> Window:
    return Window(time(start), time(end))


CLOSED = Window(time(12), time(12))
FEDERAL = hours(8, 21)
UNKNOWN_PLACE = hours(8, 20)


@dataclass(frozen=True)
class StateRule:
    weekdays: Window
    saturday: Window
    sunday: Window
    since: date
    max_per_day: int | None = None
    also_in_zone: str = ""

    def week(self) -> tuple[Window, ...]:
        """Seven windows, Monday first, as `date.weekday()` counts."""
        return (self.weekdays,) * 5 + (self.saturday, self.sunday)


def _state(
    all_week: Window,
    since: date = date(2000, 1, 1),
    *,
    saturday: Window | None = None,
    sunday: Window | None = None,
    cap: int | None = None,
    also_in_zone: str = "",
) -> StateRule:
    return StateRule(all_week, saturday or all_week, sunday or all_week, since, cap, also_in_zone)


STATE_RULES: dict[str, StateRule] = {
    "AL": _state(hours(8, 20), sunday=CLOSED),
    "CT": _state(hours(9, 20), date(2023, 10, 1)),
    "FL": _state(hours(8, 20), date(2021, 7, 1), cap=3),
    "KY": _state(hours(10, 21)),
    "LA": _state(hours(8, 20), sunday=CLOSED),
    "MA": _state(hours(8, 20)),
    "MD": _state(hours(8, 20), date(2024, 1, 1), cap=3),
    "MI": _state(hours(9, 21)),
    "MN": _state(hours(9, 21)),
    "MS": _state(hours(8, 20), sunday=CLOSED, also_in_zone="America/Chicago"),
    "NM": _state(hours(9, 21)),
    "NV": _state(hours(9, 20)),
    "OK": _state(hours(8, 20), date(2022, 11, 1), cap=3),
    "RI": _state(hours(9, 18), saturday=hours(10, 17), sunday=CLOSED),
    "SD": _state(hours(9, 21), sunday=CLOSED),
    # One reading of the Texas law says Central time, another the recipient's: both must hold.
    "TX": _state(
        hours(9, 21), date(2025, 9, 1), sunday=hours(12, 21), also_in_zone="America/Chicago"
    ),
    "UT": _state(hours(8, 21), sunday=CLOSED),
    "WA": _state(hours(8, 20), date(2022, 6, 9)),
    "WY": _state(hours(8, 20)),
}

GLOBAL_MAX_PER_DAY = 3
DNC_SCRUB_MAX_AGE_DAYS = 31
INQUIRY_MONTHS_AS_DAYS = 90
CONFIRMATION_WITHIN = timedelta(minutes=5)
DAY = timedelta(hours=24)

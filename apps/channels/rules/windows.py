"""Quiet hours: is this minute legal everywhere the person may be, and when is the next one.

A place is a (state, time zone) pair. A message may go out only at an instant that lies inside the
legal hours of every candidate place at once; an unknown person may be in any of the fifty states.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apps.channels import places
from apps.channels.rules.tables import (
    CLOSED,
    FEDERAL,
    STATE_RULES,
    SUNDAY,
    UNKNOWN_PLACE,
    Window,
)
from apps.channels.types import Policy

Week = tuple[Window, ...]
ZoneWeeks = tuple[tuple[str, Week], ...]
Sources = tuple[places.Places, ...]

# Two legal weeks without one shared minute means the windows never meet.
_HORIZON = timedelta(days=15)
_MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=4096)
def legal_weeks(sources: Sources, policy: Policy, on: date) -> ZoneWeeks:
    """The hours that bind on `on`, one week per time zone, the workspace's own limits included.

    Each source (the known addresses, the area code) narrows only its own states: a ZIP in Chicago
    says nothing of where in South Dakota another address lies.
    """
    weeks: dict[str, Week] = {}
    candidates = [pair for source in sources for pair in _candidate_weeks(*source, on)]
    for zone, week in candidates or _anywhere(on):
        known = weeks.get(zone)
        weeks[zone] = week if known is None else _both(known, week)
    own = _policy_week(policy)
    return tuple(sorted((zone, _both(week, own)) for zone, week in weeks.items()))


def is_open(at: datetime, weeks: ZoneWeeks) -> bool:
    """True when every zone's wall clock lies inside its window of that day."""
    return all(_opens(at, zone, week) <= at for zone, week in weeks)


def next_open(at: datetime, weeks: ZoneWeeks) -> datetime | None:
    """The earliest whole minute not before `at` that is legal in all zones; None if none comes.

    Each step moves to the latest of the zones' next openings, which cannot pass over a legal
    minute, so the first fixed point is the earliest one.
    """
    minute = at if not (at.second or at.microsecond) else _floor(at) + _MINUTE
    last = minute + _HORIZON
    while minute <= last:
        latest = max((_opens(minute, zone, week) for zone, week in weeks), default=minute)
        if latest <= minute:
            return minute
        minute = latest
    return None


def _opens(at: datetime, zone: str, week: Week) -> datetime:
    """`at` itself when the zone is open then, else the zone's next opening."""
    local = at.astimezone(ZoneInfo(zone))
    window = week[local.weekday()]
    if window.start <= local.time() < window.end:
        return at
    for ahead in range(15):
        day = local.date() + timedelta(days=ahead)
        window = week[day.weekday()]
        opens = datetime.combine(day, window.start, ZoneInfo(zone)).astimezone(at.tzinfo)
        if not window.is_empty and opens > at:
            return opens
    return at + _HORIZON + _MINUTE


def _candidate_weeks(
    states: frozenset[str], time_zones: frozenset[str], on: date
) -> Iterable[tuple[str, Week]]:
    claimed: set[str] = set()
    for state in states:
        of_state = places.zones_of_state(state)
        if not of_state:
            yield from _anywhere(on)
        narrowed = of_state & time_zones or of_state
        claimed |= narrowed
        yield from _state_weeks(state, narrowed, on)
    for zone in time_zones - claimed:
        yield zone, (UNKNOWN_PLACE,) * 7


@lru_cache(maxsize=64)
def _anywhere(on: date) -> tuple[tuple[str, Week], ...]:
    """All fifty states at once: 08-20 in each of their zones, and the Texan Sunday."""
    found: list[tuple[str, Week]] = []
    for state in sorted(places.FIFTY_STATES):
        found += [(zone, (UNKNOWN_PLACE,) * 7) for zone in places.zones_of_state(state)]
    found += _state_weeks("TX", places.zones_of_state("TX"), on)
    return tuple(found)


def _state_weeks(state: str, zones: frozenset[str], on: date) -> list[tuple[str, Week]]:
    rule = STATE_RULES.get(state)
    if rule is None or on < rule.since:
        return [(zone, (FEDERAL,) * 7) for zone in zones]
    week = _both((FEDERAL,) * 7, rule.week())
    bound = zones | {rule.also_in_zone} if rule.also_in_zone else zones
    return [(zone, week) for zone in bound]


def _policy_week(policy: Policy) -> Week:
    own = Window(policy.opens_at, policy.closes_at)
    return tuple(CLOSED if day == SUNDAY and policy.is_sunday_closed else own for day in range(7))


def _both(left: Week, right: Week) -> Week:
    return tuple(a & b for a, b in zip(left, right, strict=True))


def _floor(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def local_times(at: datetime, weeks: ZoneWeeks) -> dict[str, str]:
    """Wall clock per zone, for the stored decision."""
    return {zone: at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for zone, _ in weeks}

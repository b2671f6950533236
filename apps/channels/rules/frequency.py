"""How many messages one person may get in a rolling day, and when the next one fits (T3, T10)."""

from datetime import datetime

from apps.channels.rules.tables import DAY, GLOBAL_MAX_PER_DAY, STATE_RULES
from apps.channels.types import Attempt, Channel

PHONE_CHANNELS = frozenset({Channel.SMS, Channel.VOICEMAIL})


def free_at(attempt: Attempt, states: frozenset[str]) -> datetime | None:
    """When one more message fits under every rolling 24-hour cap; None if it never does.

    The general cap counts all channels and rests while the person writes back; the caps that
    states set count calls and texts and never rest. An unknown place has the strictest one.
    """
    now = attempt.now
    recent = [sent for sent in attempt.sent if sent.at > now - DAY]
    everything = sorted(sent.at for sent in recent)
    by_phone = sorted(sent.at for sent in recent if sent.channel in PHONE_CHANNELS)
    rooms: list[datetime | None] = [now]
    if attempt.last_inbound_at is None or attempt.last_inbound_at <= now - DAY:
        rooms.append(_room(everything, min(GLOBAL_MAX_PER_DAY, attempt.policy.max_per_day), now))
    if attempt.channel in PHONE_CHANNELS:
        rooms += [_room(by_phone, cap, now) for cap in _legal_caps(states)]
    known = [room for room in rooms if room is not None]
    return max(known) if len(known) == len(rooms) else None


def _legal_caps(states: frozenset[str]) -> list[int]:
    if not states:
        return [GLOBAL_MAX_PER_DAY]
    rules = [STATE_RULES[state] for state in states if state in STATE_RULES]
    return [rule.max_per_day for rule in rules if rule.max_per_day]


def _room(sent_at: list[datetime], cap: int, now: datetime) -> datetime | None:
    if cap < 1:
        return None
    return now if len(sent_at) < cap else sent_at[-cap] + DAY

"""What became of deals after one fact was first said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Min

from apps.events.models import Event
from apps.events.queries import Said, any_of


class Fate(StrEnum):
    """RIPE deals can be counted; the others say why not, by the first reason that fits."""

    # An outcome came before the start, so nothing after it can be its consequence.
    EARLY = "early"
    # There was no judgement before the start, or one that rested on nothing.
    UNJUDGED = "unjudged"
    # The time given to every deal has not passed yet.
    FRESH = "fresh"
    RIPE = "ripe"


@dataclass(frozen=True)
class Judged:
    """Facts named `name` judge a deal; `traits` are keys of their payload to tell deals apart by.

    A judgement whose payload has 0 under `weight` rests on nothing.
    """

    name: str
    traits: tuple[str, ...]
    weight: str


@dataclass(frozen=True)
class Sequel:
    """Deals alike in fate and in their last judgement before the start.

    `traits` as text by key, empty ones for want of a judgement; `outcomes`: how many of the deals
    had each in time.
    """

    fate: Fate
    traits: dict[str, str]
    deals: int
    outcomes: dict[str, int]


@dataclass(frozen=True)
class _Part:
    """A named part of the one query."""

    name: str
    text: str
    params: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.name} AS MATERIALIZED ({self.text})"


def follow_deals(
    workspace_id: int,
    *,
    start: Said,
    judged: Judged,
    outcomes: Mapping[str, Sequence[Said]],
    within: timedelta,
    leaving_out: str,
    until: datetime,
    since: datetime | None = None,
) -> list[Sequel]:
    """Count deals by what came of them within `within` of their first fact like `start`.

    An outcome is the first fact like any of those given for it. Deals whose start lies outside
    [since, until) or of which the fact named `leaving_out` was ever said do not count. One query,
    whose cost follows the facts like `start` and `outcomes`.
    """
    results = range(len(outcomes))
    parts = [
        _first("started", workspace_id, [start]),
        *(_first(f"outcome{n}", workspace_id, said) for n, said in enumerate(outcomes.values())),
        _begun(workspace_id, judged, leaving_out, since, until),
        _story(judged, len(outcomes)),
    ]
    keys = ", ".join(f"trait{n}" for n in range(len(judged.traits)))
    early = " OR ".join(f"at{n} < at" for n in results)
    hits = ", ".join(f"SUM(CASE WHEN {_lapse(f'at{n}')} THEN 1 ELSE 0 END)" for n in results)
    query = (
        f"WITH {', '.join(map(str, parts))}"
        f" SELECT CASE WHEN {early} THEN '{Fate.EARLY}'"
        f" WHEN weight IS NULL OR weight = 0 THEN '{Fate.UNJUDGED}'"
        f" WHEN at > %s THEN '{Fate.FRESH}' ELSE '{Fate.RIPE}' END AS fate,"
        f" {keys}, COUNT(*), {hits} FROM story GROUP BY fate, {keys} ORDER BY fate, {keys}"
    )
    params: list[Any] = [param for part in parts for param in part.params]
    params += [_moment(until - within), *[_length(within)] * len(results)]
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows = cursor.fetchall()
    return [_sequel(row, judged.traits, tuple(outcomes)) for row in rows]


def _first(name: str, workspace_id: int, said: Sequence[Said]) -> _Part:
    """When and where in the log something was first said of each deal."""
    rows = Event.objects.filter(any_of(said), workspace_id=workspace_id, deal__isnull=False)
    firsts = rows.order_by().values("deal").annotate(at=Min("occurred_at"), position=Min("pk"))
    text, params = firsts.query.sql_with_params()
    return _Part(name, text, params)


def _begun(
    workspace_id: int, judged: Judged, leaving_out: str, since: datetime | None, until: datetime
) -> _Part:
    """Deals that count, each with its last judgement in the log before the start."""
    lower = " AND s.at >= %s" if since else ""
    text = (
        "SELECT s.deal, s.at, (SELECT j.payload FROM events_event j WHERE j.workspace_id = %s"
        " AND j.deal = s.deal AND j.name = %s AND j.id < s.position ORDER BY j.id DESC LIMIT 1)"
        " AS judgement"
        f" FROM started s WHERE s.at < %s{lower} AND NOT EXISTS (SELECT 1 FROM events_event gone"
        " WHERE gone.workspace_id = %s AND gone.deal = s.deal AND gone.name = %s)"
    )
    bounds = [_moment(bound) for bound in (until, since) if bound]
    params = (workspace_id, judged.name, *bounds, workspace_id, leaving_out)
    return _Part("begun", text, params)


def _story(judged: Judged, outcomes: int) -> _Part:
    traits = ", ".join(f"{_text(key)} AS trait{n}" for n, key in enumerate(judged.traits))
    times = ", ".join(f"outcome{n}.at AS at{n}" for n in range(outcomes))
    joins = " ".join(f"LEFT JOIN outcome{n} ON outcome{n}.deal = b.deal" for n in range(outcomes))
    text = (
        f"SELECT b.at, CAST({_text(judged.weight)} AS integer) AS weight, {traits}, {times}"
        f" FROM begun b {joins}"
    )
    return _Part("story", text, ())


def _text(key: str) -> str:
    """A value of the judgement's payload; `key` comes from our own code."""
    if connection.vendor == "postgresql":
        return f"(b.judgement ->> '{key}')"
    return f"CAST(json_extract(b.judgement, '$.{key}') AS text)"


def _lapse(later: str) -> str:
    """Whether `later` came in time; one parameter, see `_length`."""
    if connection.vendor == "postgresql":
        return f"{later} - at <= %s"
    return f"julianday({later}) - julianday(at) <= %s"


def _length(within: timedelta) -> timedelta | float:
    # Julian days are doubles with a step of some 40 µs; half a second of grace keeps the edge in.
    is_postgres = connection.vendor == "postgresql"
    return within if is_postgres else (within + timedelta(seconds=0.5)) / timedelta(days=1)


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _sequel(row: tuple[Any, ...], traits: Sequence[str], outcomes: Sequence[str]) -> Sequel:
    fate, *rest = row
    values, (deals, *hits) = rest[: len(traits)], rest[len(traits) :]
    return Sequel(
        fate=Fate(fate),
        traits={key: value or "" for key, value in zip(traits, values, strict=True)},
        deals=deals,
        outcomes=dict(zip(outcomes, hits, strict=True)),
    )

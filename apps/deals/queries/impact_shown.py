"""The impact of other rules as tables that people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.deals.queries.impact import BANDS, NEVER, Impact
from apps.deals.types import VERDICT_LABELS

NOT_JUDGED = "Not judged yet"


@dataclass(frozen=True, slots=True)
class Moved:
    """A count now and then; `now` is None where nothing stood before."""

    label: str
    now: int | None
    then: int

    @property
    def difference(self) -> int:
        return self.then - (self.now or 0)


@dataclass(frozen=True, slots=True)
class Way:
    """Deals that would go from one verdict to another; the keys are those of the filter."""

    now: str
    then: str
    now_label: str
    then_label: str
    count: int


@dataclass(frozen=True, slots=True)
class RuleMoved:
    name: str
    passed: Moved
    failed: Moved
    unknown: Moved


def label_of(verdict: str) -> str:
    return VERDICT_LABELS.get(verdict, NOT_JUDGED)


def verdict_rows(impact: Impact) -> list[Moved]:
    return [
        Moved(label, impact.count_now(verdict), impact.count_then(verdict))
        for verdict, label in VERDICT_LABELS.items()
    ]


def ways(impact: Impact) -> list[Way]:
    """Who goes where, the most first; who stays is left out."""
    found = [
        Way(now or "never", then, label_of(now), label_of(then), count)
        for (now, then), count in impact.flips.items()
        if now != then and count
    ]
    return sorted(found, key=lambda way: (-way.count, way.now, way.then))


def band_rows(impact: Impact) -> list[Moved]:
    ends = [*(str(10 * n + 9) for n in range(BANDS - 1)), "100"]
    return [
        Moved(f"{10 * n}–{end}", impact.bands_now[n], impact.bands_then[n])
        for n, end in enumerate(ends)
    ]


def rule_rows(impact: Impact) -> list[RuleMoved]:
    judged = sum(impact.bands_now)
    rows = []
    for rate in impact.rates:
        failed_before: int | None = None
        if rate.passed_before is not None and rate.unknown_before is not None:
            failed_before = judged - rate.passed_before - rate.unknown_before
        rows.append(
            RuleMoved(
                name=rate.name,
                passed=Moved("passed", rate.passed_before, rate.passed),
                failed=Moved("failed", failed_before, rate.failed),
                unknown=Moved("unknown", rate.unknown_before, rate.unknown),
            )
        )
    return rows


def filter_choices(found: Sequence[Way]) -> list[tuple[str, str, int]]:
    """(value, words, deals) for each way that deals go."""
    return [
        (f"{way.now}-{way.then}", f"{way.now_label} → {way.then_label}", way.count) for way in found
    ]


def way_of(value: str) -> tuple[str | None, str | None]:
    """What a chosen way asks `list_flips` for; anything unknown asks for all."""
    now, _, then = value.partition("-")
    if (now not in VERDICT_LABELS and now != "never") or then not in VERDICT_LABELS:
        return None, None
    return (NEVER if now == "never" else now), then

"""What the published rules would say of a deal with other numbers; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.deals.models import Deal
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.explain import RuleReason, explain
from apps.deals.qualification.rows import find_active_rule_set
from apps.deals.qualification.types import Judgement
from apps.deals.qualification.versions import published_spec
from apps.deals.qualification.what_if import TURNED, with_changes
from apps.deals.queries.one import find_metrics
from apps.workspaces.models import Workspace

LABELS = {"arv": "ARV", "repairs": "Repairs", "asking_price": "Asking price"}
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Slider:
    """A number to turn, from 0 to about twice what stands; `value` None: unknown and untouched."""

    name: str
    label: str
    value: float | None
    stored: float | None
    top: int
    step: int = _STEP


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`now` and `then` by the same rules; `turned` are the rules that would say something else."""

    now: Judgement
    then: Judgement
    reasons: list[RuleReason]
    turned: frozenset[str]
    sliders: list[Slider]

    @property
    def is_changed(self) -> bool:
        return any(slider.value != slider.stored for slider in self.sliders)


def try_numbers(
    workspace: Workspace, deal: Deal, changes: Mapping[str, float | None]
) -> WhatIf | None:
    """None without active rules or before the deal's first metrics. `changes`: names of TURNED."""
    rule_set, metrics = find_active_rule_set(workspace), find_metrics(deal)
    if rule_set is None or metrics is None:
        return None
    spec, stored = published_spec(rule_set), vars(metrics)
    then = with_changes(stored, changes)
    before = {reason.name: reason.truth for reason in explain(spec, stored)}
    reasons = explain(spec, then)
    return WhatIf(
        now=judge(spec, stored),
        then=judge(spec, then),
        reasons=reasons,
        turned=frozenset(r.name for r in reasons if before[r.name] != r.truth),
        sliders=[_slider(name, changes, stored) for name in TURNED],
    )


def _slider(
    name: str, changes: Mapping[str, float | None], stored: Mapping[str, float | None]
) -> Slider:
    known = stored.get(name)
    value = changes.get(name, known)
    base = max(known or 0, stored.get("arv") or 0, value or 0, 10 * _STEP)
    if name == "repairs":
        base = max((known or 0) * 1.5, (stored.get("arv") or 0) / 2, value or 0, 10 * _STEP)
    top = -(-int(base * (1 if name == "repairs" else 2)) // _STEP) * _STEP
    return Slider(name, LABELS[name], value, known, top)

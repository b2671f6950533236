"""Published versions of a rule set: what they say, which judges, which was in force when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from apps.common.ids import digest
from apps.deals.models import RuleSet, RuleSetVersion
from apps.workspaces.models import Workspace

from .bits import settle_bits
from .rows import draft_row
from .shipped import RuleSetRow, plain_rule_set, read_plain, to_spec, usable_spec
from .types import RuleSetSpec

_CACHED = 256


def content_of(row: RuleSetRow) -> dict[str, Any]:
    """What a version keeps: the plain set, and of each rule its `id` and `bit`."""
    content = plain_rule_set(row)
    for plain, rule in zip(content["rules"], row.rules, strict=True):
        plain |= {"id": rule.id, "bit": rule.bit}
    return content


def row_of(content: dict[str, Any]) -> RuleSetRow:
    """The set that `content_of` wrote. Raises RuleFileRefused where the shape is wrong."""
    row = read_plain(content)
    named = zip(content["rules"], row.rules, strict=True)
    rules = tuple(replace(rule, id=plain["id"], bit=plain["bit"]) for plain, rule in named)
    return replace(row, rules=rules)


def canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal characters."""
    return digest(canonical(content))


def published_bits(rule_set: RuleSet) -> dict[str, int]:
    """Rule id -> bit in the version in use; empty before the first."""
    if rule_set.published is None:
        return {}
    return {rule["id"]: rule["bit"] for rule in rule_set.published.content["rules"]}


def draft_content(rule_set: RuleSet) -> dict[str, Any]:
    """What would be published now. Raises ValueError with more rules than a set can hold."""
    return content_of(settle_bits(draft_row(rule_set), published_bits(rule_set)))


def draft_spec(rule_set: RuleSet) -> RuleSetSpec:
    """The draft, its rules at the bits they would get. Raises ValueError with a sentence."""
    return usable_spec(settle_bits(draft_row(rule_set), published_bits(rule_set)))


def draft_digest(rule_set: RuleSet) -> str:
    """What a person saw: the draft, and the published version it was compared with."""
    return digest(f"{rule_set.version} {canonical(draft_content(rule_set))}")


def has_draft_changes(rule_set: RuleSet) -> bool:
    """Whether publishing the draft would change anything."""
    if rule_set.published is None:
        return True
    return draft_row(rule_set) != row_of(rule_set.published.content)


def spec_of(version: RuleSetVersion) -> RuleSetSpec:
    """Raises ValueError or UnknownMetric when this Dealwright cannot evaluate the version."""
    return _spec(canonical(version.content))


def published_version(rule_set: RuleSet) -> RuleSetVersion:
    """Raises ValueError for a set that was never published."""
    if rule_set.published is None:
        raise ValueError(f"“{rule_set.name}” was never published, so it judges nothing.")
    return rule_set.published


def published_spec(rule_set: RuleSet) -> RuleSetSpec:
    """What judges deals by this set. Raises ValueError for a set that was never published."""
    return spec_of(published_version(rule_set))


@lru_cache(maxsize=_CACHED)
def _spec(content: str) -> RuleSetSpec:
    """By content: a version is never changed, so neither is what it says."""
    return to_spec(row_of(json.loads(content)))


def find_version(rule_set: RuleSet, number: int) -> RuleSetVersion | None:
    rows = RuleSetVersion.objects.in_workspace(rule_set.workspace_id)
    return rows.filter(rule_set=rule_set, number=number).first()


def version_in_force(rule_set: RuleSet, at: datetime) -> RuleSetVersion | None:
    """The version of this set that was the published one at that moment; None before the first."""
    rows = RuleSetVersion.objects.in_workspace(rule_set.workspace_id)
    return rows.filter(rule_set=rule_set, published_at__lte=at).order_by("-number").first()


def workspace_version_at(workspace: Workspace, at: datetime) -> RuleSetVersion | None:
    """What judged the workspace's deals at that moment, of whichever set: publishing takes a set
    into use, so it is the last one published."""
    rows = RuleSetVersion.objects.in_workspace(workspace).filter(published_at__lte=at)
    return rows.order_by("-published_at", "-pk").first()

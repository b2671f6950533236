"""Which version judged a deal."""

from __future__ import annotations

from apps.deals.models import Deal, DealScore, RuleSet, RuleSetVersion
from apps.deals.qualification.versions import published_version


def judged_by(rule_set: RuleSet, deal: Deal, score: DealScore | None) -> RuleSetVersion:
    """The version the stored score stands by; `rule_set` is in use.

    Judging writes only what differs, so a score keeps the number of the version that last moved
    it; later ones that judged all deals confirmed it. Without a score: the version that will judge.
    """
    published = published_version(rule_set)
    if score is None or _is_through(rule_set, deal):
        return published
    if (score.rule_set_id, score.rule_set_version) == (rule_set.pk, rule_set.version):
        return published
    if rule_set.rescore_base is not None:
        return rule_set.rescore_base
    rows = RuleSetVersion.objects.in_workspace(rule_set.workspace_id)
    stamped = rows.filter(rule_set=score.rule_set_id, number=score.rule_set_version).first()
    return stamped or published


def _is_through(rule_set: RuleSet, deal: Deal) -> bool:
    return rule_set.rescore_from_deal is None or deal.pk <= rule_set.rescore_from_deal

"""Which rule sets have deals to judge anew."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from apps.deals.models import RuleSet
from apps.deals.rules import business_day


def is_refresh_due(rule_set: RuleSet, today: date) -> bool:
    """Estimates changed, or a day has passed: days on market and years owned grow by themselves."""
    return rule_set.refresh_from_deal is not None or rule_set.judged_on != today


def is_due(rule_set: RuleSet, today: date) -> bool:
    """Rules or metrics changed since every deal was judged."""
    if not rule_set.is_active or rule_set.published_id is None:
        return False
    return rule_set.rescore_from_deal is not None or is_refresh_due(rule_set, today)


def due_rule_sets(now: datetime) -> list[RuleSet]:
    rows = RuleSet.across_workspaces.filter(is_active=True, published__isnull=False)
    is_old = Q(judged_on__isnull=True) | Q(judged_on__lt=business_day(now))
    is_left = Q(rescore_from_deal__isnull=False) | Q(refresh_from_deal__isnull=False)
    return list(rows.filter(is_left | is_old).order_by("judged_on", "pk"))

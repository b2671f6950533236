"""Everything one deal page shows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from apps.contacts.models import Contact
from apps.deals.models import Deal, DealMetrics, DealParty, DealScore, Property, Stage
from apps.deals.qualification.arms import judging_version
from apps.deals.qualification.explain import explain
from apps.deals.qualification.metrics import get_metric
from apps.deals.qualification.rows import find_active_rule_set
from apps.deals.qualification.values import words
from apps.deals.qualification.versions import spec_of
from apps.deals.queries.judging import judged_by
from apps.deals.types import Explanation, Origin, PropertyFact
from apps.workspaces.models import Workspace

RECKONED = ("equity_pct", "is_absentee", "is_out_of_state", "ownership_years")
GUESSED = ("equity_pct",)


def get_deal(workspace: Workspace, public_id: UUID) -> Deal:
    """Raises Deal.DoesNotExist."""
    rows = Deal.objects.in_workspace(workspace).select_related(
        "property", "stage", "seller", "assigned_to", "score", "metrics"
    )
    return rows.get(public_id=public_id)


def primary_seller(deal: Deal) -> Contact | None:
    """The owner who is written to."""
    return deal.seller


def list_parties(workspace: Workspace, deal: Deal) -> list[DealParty]:
    rows = DealParty.objects.in_workspace(workspace).filter(deal=deal)
    return list(rows.select_related("contact").order_by("rank", "pk"))


def list_stages(workspace: Workspace) -> list[Stage]:
    return list(Stage.objects.in_workspace(workspace).order_by("position"))


def find_score(deal: Deal) -> DealScore | None:
    return getattr(deal, "score", None)


def find_metrics(deal: Deal) -> DealMetrics | None:
    return getattr(deal, "metrics", None)


def explain_deal(workspace: Workspace, deal: Deal) -> Explanation | None:
    """The rules that judged the deal read over its stored metrics; None with no rules in use."""
    rule_set = find_active_rule_set(workspace)
    if rule_set is None:
        return None
    metrics, score = find_metrics(deal), find_score(deal)
    version, due = judged_by(rule_set, deal, score), judging_version(rule_set, deal.pk)
    spec = spec_of(version)
    return Explanation(
        score=score,
        version=version,
        waits_for=None if version.pk == due.pk else due,
        rules=explain(spec, vars(metrics) if metrics else {}, metric_sources(deal, metrics)),
        qualified_from=spec.qualified_from,
        review_from=spec.review_from,
        min_coverage=spec.min_coverage,
    )


def metric_sources(deal: Deal, metrics: DealMetrics | None) -> dict[str, str]:
    """Where ARV and repairs, and what is reckoned from them, come from."""
    arv = deal.arv_source or arv_estimate_source(deal.property)
    repairs = deal.repairs_source or "estimated per square foot"
    sources = {"est_value": arv_estimate_source(deal.property), "arv": arv, "repairs": repairs}
    if metrics:
        sources |= dict.fromkeys(estimated_metrics(metrics), "estimate")
    return sources


# Flag of the metrics row -> what is an estimate while it is set.
_RESTS_ON = {
    "is_arv_estimate": (
        "repair_ratio", "asking_ratio", "mao", "mao_headroom", "arv_spread", "arv_uplift",
    ),
    "is_repairs_estimate": ("repair_ratio", "mao", "mao_headroom"),
    "is_rent_estimate": ("monthly_rent", "rent_to_price", "rent_to_piti", "rent_surplus"),
    "is_payment_estimate": ("loan_payment", "piti", "rent_to_piti", "rent_surplus"),
}  # fmt: skip


def estimated_metrics(metrics: DealMetrics) -> set[str]:
    """Names of metrics that rest on a figure nobody gave."""
    found = {name for flag, names in _RESTS_ON.items() if getattr(metrics, flag) for name in names}
    # Free and clear is known, and so is that nothing is paid.
    return found if metrics.loan_payment else found - {"loan_payment"}


def arv_estimate_source(held: Property) -> str:
    return f"list estimate{_as_of(held.as_of)}"


def _as_of(day: date | None) -> str:
    return f", {day:%b} {day.day}, {day.year}" if day else ""


def list_computed_facts(deal: Deal) -> list[PropertyFact]:
    """What follows from the facts of the property; unknown things are left out."""
    metrics = find_metrics(deal)
    if metrics is None:
        return []
    computed = Origin("Computed from these", metrics.computed_on)
    facts = [_metric_fact(metrics, name, computed) for name in RECKONED]
    return [fact for fact in facts if fact.value]


def _metric_fact(metrics: DealMetrics, name: str, origin: Origin) -> PropertyFact:
    metric, value = get_metric(name), getattr(metrics, name)
    shown = "" if value is None else words(metric, value)
    return PropertyFact(metric.label, shown, origin, is_estimate=name in GUESSED)

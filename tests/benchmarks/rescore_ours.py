"""Our side of the re-scoring benchmark: versions published and deals judged as workers do it."""

from __future__ import annotations

from typing import Any

from apps.common.clock import now
from apps.deals.actions import due_rule_sets, publish_rule_set
from apps.deals.models import Condition, DealScore, Rule, RuleSet
from apps.deals.qualification.compile import Sql, compile_judgement, count_masks
from apps.deals.qualification.evaluate import judge
from apps.deals.qualification.scoring import METRICS
from apps.deals.qualification.types import ConditionSpec, RuleSetSpec
from apps.deals.qualification.versions import draft_digest, draft_spec, published_spec
from apps.deals.queries.impact import Impact, measure_impact
from apps.deals.rules import business_day
from apps.deals.tasks import rescore_due
from apps.events.actions import Actor
from tests.benchmarks.rescore_rows import NOW, is_postgres, run

ACTOR = Actor.system("bench")


class Ours:
    """A rule set that judges all deals of a workspace; rules stand at the bits of their order."""

    def __init__(self, workspace: Any, spec: RuleSetSpec) -> None:
        self.workspace = workspace
        # A set of its own: its rules take their places in the masks from the first on.
        self._key = RuleSet.objects.create(workspace=workspace, name="Bench", is_active=False).pk
        self.publish(spec)
        RuleSet.objects.in_workspace(workspace).update(
            judged_on=business_day(now()), refresh_from_deal=None
        )
        self.judge()
        run(f"VACUUM ANALYZE {DealScore._meta.db_table}" if is_postgres() else "ANALYZE")

    @property
    def rule_set(self) -> RuleSet:
        rows = RuleSet.objects.in_workspace(self.workspace)
        return rows.select_related("published").get(pk=self._key)

    def publish(self, spec: RuleSetSpec) -> None:
        """Write the draft so that it says `spec`, and publish it."""
        held = self.rule_set
        self._write(held, spec)
        held = self.rule_set
        publish_rule_set(
            workspace=self.workspace, actor=ACTOR, rule_set=held, note="bench",
            seen_digest=draft_digest(held), now=NOW,
        )  # fmt: skip

    def publish_unseen(self, spec: RuleSetSpec) -> None:
        """As a first publication: nothing is known of how deals were judged before."""
        self.publish(spec)
        RuleSet.objects.in_workspace(self.workspace).update(rescore_base=None)

    def change(self, spec: RuleSetSpec) -> None:
        self.publish(spec)
        self.judge()

    def impact(self, spec: RuleSetSpec) -> Impact:
        self._write(self.rule_set, spec)
        held = self.rule_set
        return measure_impact(self.workspace, draft_spec(held), published_spec(held))

    def count_verdicts(self) -> dict[str, int]:
        """Every deal judged and nothing else told but how many got which verdict."""
        spec = published_spec(self.rule_set)
        scope = Sql("m.workspace_id = %s", (self.workspace.pk,))
        counted = count_masks(spec, source=f"{METRICS} m", scope=scope, carried={})
        judged = compile_judgement(spec, counted, ("deals",))
        return dict(
            run(
                f"SELECT verdict, SUM(deals) FROM ({judged.text}) j GROUP BY verdict", judged.params
            )
        )

    def adopt(self) -> None:
        """Somebody else wrote the scores of the published version."""
        RuleSet.objects.in_workspace(self.workspace).update(
            rescore_from_deal=None, rescore_base=None
        )

    def check(self, spec: RuleSetSpec) -> None:
        """Every 997th stored score is what a plain reading of the rules says."""
        rows = DealScore.objects.filter(workspace_id=self.workspace.pk).select_related(
            "deal__metrics"
        )
        first = rows.order_by("pk").values_list("pk", flat=True)[0]
        for held in rows.filter(pk__in=range(first, first + 997 * 300, 997)):
            one = judge(spec, vars(held.deal.metrics))
            said = (one.score, one.coverage, one.verdict.value, one.pass_mask)
            stored = (held.score, held.coverage, held.verdict, held.pass_mask)
            if said != stored:
                raise SystemExit(f"deal {held.pk} is stored as {stored}, the rules say {said}")

    def judge(self) -> None:
        """As the worker does it, with batches that grow to what it deems fitting."""
        while due_rule_sets(now()):
            rescore_due()

    def _write(self, rule_set: RuleSet, spec: RuleSetSpec) -> None:
        RuleSet.objects.in_workspace(self.workspace).filter(pk=rule_set.pk).update(
            qualified_from=spec.qualified_from, review_from=spec.review_from,
            min_coverage=spec.min_coverage, unknown=spec.unknown_policy.value,
        )  # fmt: skip
        rows = Rule.objects.in_workspace(self.workspace).filter(rule_set=rule_set)
        held = {rule.name: rule for rule in rows}
        for name in held.keys() - {rule.name for rule in spec.rules}:
            held.pop(name).delete()
        for position, rule in enumerate(spec.rules):
            row = held.get(rule.name) or Rule(
                workspace=self.workspace, rule_set=rule_set, name=rule.name
            )
            row.weight, row.is_knock_out = rule.weight, rule.is_knock_out
            row.join, row.position = rule.match.value, position
            row.save()
            row.conditions.all().delete()
            for condition in rule.conditions:
                Condition.objects.create(
                    workspace=self.workspace, rule=row, metric=condition.metric,
                    operator=condition.operator.value, value=_typed(condition),
                )  # fmt: skip


def _typed(condition: ConditionSpec) -> str:
    """As an admin would type it."""
    value = condition.value
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)

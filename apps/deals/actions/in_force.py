"""What publishing does to the rows, within the transaction of the action that publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.common.locking import lock_rows
from apps.deals.actions.deriving import write_missing
from apps.deals.models import (
    Condition,
    Rule,
    RuleProposal,
    RuleSet,
    RuleSetVersion,
    RuleTrial,
)
from apps.deals.qualification.bits import reuses_a_bit, settle_bits
from apps.deals.qualification.shipped import RuleRow, RuleSetRow, usable_spec
from apps.deals.qualification.versions import (
    content_of,
    digest_of,
    next_number,
    published_bits,
)
from apps.deals.queries.trials import figures_of
from apps.events.actions import Actor
from apps.workspaces.models import Workspace

NOTE_LENGTH = 500


class PublishRefused(ValueError):
    """Nothing was published; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who published, who approved, and why."""

    note: str
    by: int | None
    by_name: str
    approved_by: int | None = None
    approved_by_name: str = ""

    @classmethod
    def of(cls, actor: Actor, note: str) -> Signature:
        return cls(note, actor.user_id, actor.label)


def lock_rule_sets(workspace: Workspace, rule_set: RuleSet) -> RuleSet:
    """The set as it stands now; all sets of the workspace are held, since one rests another.

    Raises RuleSet.DoesNotExist.
    """
    rows = RuleSet.objects.in_workspace(workspace)
    # NO KEY: scores that name a set are written by others meanwhile.
    lock_rows(rows, no_key=True)
    for row in rows.select_related("published"):
        if row.pk == rule_set.pk:
            return row
    raise RuleSet.DoesNotExist


def clean_note(note: str) -> str:
    """Raises PublishRefused without a word."""
    text = " ".join(note.split())
    if not text:
        raise PublishRefused("Say in a sentence why the rules change; the history keeps it.")
    if len(text) > NOTE_LENGTH:
        raise PublishRefused(f"Keep the reason to {NOTE_LENGTH} characters; nothing was published.")
    return text


def settle_usable(row: RuleSetRow, bits: Mapping[str, int]) -> RuleSetRow:
    """The rules with their bits. Raises PublishRefused for rules that cannot judge."""
    try:
        settled = settle_bits(row, bits)
        usable_spec(settled)
    except ValueError as error:
        raise PublishRefused(f"These rules cannot judge a deal. {error}") from error
    return settled


def put_in_force(
    rule_set: RuleSet,
    row: RuleSetRow,
    signature: Signature,
    *,
    now: datetime,
    restores: RuleSetVersion | None = None,
) -> RuleSetVersion:
    """Store `row` as the next version of a held set, take the set into use, rest the others.

    Every deal is due to be judged by it. Raises PublishRefused for rules that cannot judge.
    """
    bits = published_bits(rule_set)
    settled = settle_usable(row, bits)
    version = store_version(rule_set, settled, signature, now=now, restores=restores)
    was_tried = end_trials(rule_set, signature, now)
    _keep_bits(rule_set, settled)
    _rest_others(rule_set)
    _overtake(rule_set, now)
    is_judged = rule_set.is_active and rule_set.rescore_from_deal is None and rule_set.judged_on
    # After a trial deals stand judged by two versions, so every one is judged in full.
    comparable = bool(is_judged) and not was_tried and not reuses_a_bit(settled.rules, bits)
    if not rule_set.is_active:
        # Estimates may have changed while it rested: only the set in use heard of it.
        rule_set.judged_on = rule_set.refresh_from_deal = None
    rule_set.rescore_base = rule_set.published if comparable else None
    rule_set.rescore_from_deal = 0
    rule_set.published = version
    rule_set.version = version.number
    rule_set.is_active = True
    rule_set.save()
    return version


def store_version(
    rule_set: RuleSet,
    settled: RuleSetRow,
    signature: Signature,
    *,
    now: datetime,
    restores: RuleSetVersion | None = None,
) -> RuleSetVersion:
    """Keep rules that have their bits as the next version; it judges nothing yet."""
    content = content_of(settled)
    return RuleSetVersion.objects.create(
        workspace=rule_set.workspace,
        rule_set=rule_set,
        number=next_number(rule_set),
        content=content,
        digest=digest_of(content),
        note=signature.note,
        published_at=now,
        published_by_id=signature.by,
        published_by_name=signature.by_name,
        approved_by_id=signature.approved_by,
        approved_by_name=signature.approved_by_name,
        restores=restores,
    )


def end_trials(rule_set: RuleSet, signature: Signature, now: datetime) -> bool:
    """End what is tried against rules that now go; whether there was any.

    A trial that its own action has ended already is none any more.
    """
    rows = RuleTrial.objects.in_workspace(rule_set.workspace_id).filter(ended_at__isnull=True)
    trials = list(rows.select_related("champion", "challenger", "rule_set"))
    for trial in trials:
        close_trial(trial, RuleTrial.Outcome.OVERTAKEN, signature, now)
    return bool(trials)


def close_trial(trial: RuleTrial, outcome: str, signature: Signature, now: datetime) -> None:
    """Keep what both sides came to: afterwards all deals are judged by one version again."""
    trial.figures = figures_of(trial, until=now).to_plain()
    trial.ended_at = now
    trial.ended_by_name = signature.by_name
    trial.outcome = outcome
    trial.answer = signature.note
    trial.save()


def _keep_bits(rule_set: RuleSet, row: RuleSetRow) -> None:
    rules = Rule.objects.in_workspace(rule_set.workspace_id).filter(rule_set=rule_set)
    for rule in row.rules:
        rules.filter(public_id=rule.id).exclude(bit=rule.bit).update(bit=rule.bit)


def _rest_others(rule_set: RuleSet) -> None:
    rows = RuleSet.objects.in_workspace(rule_set.workspace_id).filter(is_active=True)
    for other in rows.exclude(pk=rule_set.pk):
        other.is_active = False
        other.rescore_base = None
        other.save()


def _overtake(rule_set: RuleSet, now: datetime) -> None:
    rows = RuleProposal.objects.in_workspace(rule_set.workspace_id).filter(rule_set=rule_set)
    for proposal in rows.filter(state=RuleProposal.State.WAITING):
        proposal.state = RuleProposal.State.OVERTAKEN
        proposal.decided_at = now
        proposal.save()


def follow(rule_set: RuleSet, row: RuleSetRow) -> None:
    """Make the draft say what `row` says: its rules come back as the rules they were.

    Rules that are switched off stay; active ones that `row` has not go. An own metric that was
    deleted since comes back; one that was changed stays changed.
    """
    rule_set.name, rule_set.description = row.name, row.description
    rule_set.qualified_from, rule_set.review_from = row.qualified_from, row.review_from
    rule_set.min_coverage, rule_set.unknown = row.min_coverage, row.unknown_policy
    rule_set.save()
    write_missing(rule_set.workspace, row.derived)
    rules = Rule.objects.in_workspace(rule_set.workspace_id).filter(rule_set=rule_set)
    held = {str(rule.public_id): rule for rule in rules}
    wanted = {rule.id for rule in row.rules}
    for key, rule in held.items():
        if rule.is_active and key not in wanted:
            rule.delete()
    for position, rule in enumerate(row.rules, start=1):
        _write_rule(rule_set, held.get(rule.id), rule, position)


def _write_rule(rule_set: RuleSet, held: Rule | None, row: RuleRow, position: int) -> None:
    rule = held or Rule(workspace=rule_set.workspace, rule_set=rule_set, public_id=row.id)
    values: dict[str, Any] = {
        "name": row.name,
        "weight": row.weight,
        "join": row.match,
        "is_knock_out": row.is_knock_out,
        "position": position,
        "is_active": True,
        "bit": row.bit,
    }
    if held is None or any(getattr(rule, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(rule, name, value)
        rule.save()
    wanted = [(c.metric, c.operator, c.value) for c in row.conditions]
    stored = list(rule.conditions.all())
    if [(c.metric, c.operator, c.value) for c in stored] == wanted:
        return
    for condition in stored:
        condition.delete()
    for metric, operator, value in wanted:
        Condition.objects.create(
            workspace=rule_set.workspace, rule=rule, metric=metric, operator=operator, value=value
        )

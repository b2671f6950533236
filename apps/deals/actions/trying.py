"""Two versions side by side: starting a trial and deciding it."""

from __future__ import annotations

from datetime import datetime

from apps.deals.actions.in_force import (
    PublishRefused,
    Signature,
    clean_note,
    close_trial,
    follow,
    lock_rule_sets,
    put_in_force,
    settle_usable,
    store_version,
)
from apps.deals.actions.publishing import seen_draft
from apps.deals.models import RuleSet, RuleSetVersion, RuleTrial
from apps.deals.qualification.arms import (
    LEAST_SHARE,
    MOST_SALT,
    MOST_SHARE,
    find_running_trial,
)
from apps.deals.qualification.bits import reuses_a_bit
from apps.deals.qualification.rows import needs_second_person
from apps.deals.qualification.versions import (
    find_version,
    has_draft_changes,
    is_only_tried,
    published_bits,
    row_of,
    spec_of,
)
from apps.events.actions import Actor, action
from apps.events.catalog.rules import RuleTrialEnded, RuleTrialStarted
from apps.events.publish import publish
from apps.workspaces.models import Workspace


class TrialRefused(PublishRefused):
    """No trial was started or ended; the message says why and what to do."""


@action
def start_trial(
    *,
    workspace: Workspace,
    actor: Actor,
    rule_set: RuleSet,
    challenger: int | None,
    share: int,
    salt: int,
    note: str,
    seen_digest: str = "",
    now: datetime,
) -> RuleTrial:
    """Let a version judge `share` percent of the deals beside the one in use.

    `challenger` is the number of a version that was published, or None for the draft, which is
    kept as the next version; `seen_digest` is then the `draft_digest` of what the person looked at.
    `salt`, 1 to MOST_SALT, chooses which deals. Raises PublishRefused, TrialRefused among them.
    """
    reason = clean_note(note)
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise TrialRefused(f"The challenger judges {LEAST_SHARE} to {MOST_SHARE} percent of deals.")
    if not 1 <= salt <= MOST_SALT:
        raise ValueError(f"{salt} is no salt")
    held = lock_rule_sets(workspace, rule_set)
    champion = _champion(held)
    signature = Signature.of(actor, reason)
    tried = _challenger(held, champion, challenger, seen_digest, signature, now)
    trial = RuleTrial.objects.create(
        workspace=workspace,
        rule_set=held,
        champion=champion,
        challenger=tried,
        is_from_draft=challenger is None,
        share=share,
        salt=salt,
        note=reason,
        started_at=now,
        started_by_name=signature.by_name,
    )
    _make_due(held, base=_base(held, champion, tried))
    publish(
        RuleTrialStarted(
            subject=held.public_id,
            set_name=held.name,
            trial=trial.public_id,
            champion=champion.number,
            challenger=tried.number,
            share=share,
            salt=salt,
            note=reason,
            digest=tried.digest,
            content=tried.content if challenger is None else {},
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return trial


def _champion(held: RuleSet) -> RuleSetVersion:
    if held.published is None or not held.is_active:
        raise TrialRefused(f"“{held.name}” is not in use. Publish it first, then try against it.")
    if find_running_trial(held):
        raise TrialRefused(
            f"A trial of “{held.name}” is running; it stays as it is. Decide it before you start "
            "another."
        )
    return held.published


def _challenger(
    held: RuleSet,
    champion: RuleSetVersion,
    number: int | None,
    seen_digest: str,
    signature: Signature,
    now: datetime,
) -> RuleSetVersion:
    if number is None:
        if needs_second_person(held):
            raise TrialRefused(
                "A draft of these rules judges no deal before a second person approved it. "
                "Try a version that was published."
            )
        settled = settle_usable(seen_draft(held, seen_digest), published_bits(held))
        return store_version(held, settled, signature, now=now)
    version = find_version(held, number)
    if version is None:
        raise TrialRefused(f"“{held.name}” has no version {number}.")
    if needs_second_person(held) and is_only_tried(version):
        raise TrialRefused(
            f"Version {number} was only tried and never approved. Ask for approval of its rules, "
            "or try a version that was published."
        )
    if row_of(version.content) == row_of(champion.content):
        raise TrialRefused(
            f"Version {number} says the same as version {champion.number}, which is in use. "
            "Choose another one."
        )
    try:
        spec_of(version)
    except (ValueError, LookupError) as error:
        raise TrialRefused(f"Version {number} cannot judge a deal any more. {error}") from error
    return version


def _base(
    held: RuleSet, champion: RuleSetVersion, challenger: RuleSetVersion
) -> RuleSetVersion | None:
    """What every deal stands judged by, if only the difference to it has to be judged."""
    is_judged = held.rescore_from_deal is None and held.judged_on is not None
    reuses = reuses_a_bit(row_of(challenger.content).rules, published_bits(held))
    return champion if is_judged and not reuses else None


def _make_due(held: RuleSet, base: RuleSetVersion | None) -> None:
    held.rescore_base = base
    held.rescore_from_deal = 0
    held.save()


@action
def end_trial(
    *,
    workspace: Workspace,
    actor: Actor,
    trial: RuleTrial,
    adopt: bool,
    note: str,
    now: datetime,
) -> RuleTrial:
    """Decide a trial: the challenger's rules are taken into use as a new version, or the champion
    judges all deals again. What both sides came to is kept. Raises PublishRefused.

    A set that needs a second person adopts only what was published once.
    """
    reason = clean_note(note)
    held = lock_rule_sets(workspace, trial.rule_set)
    running = find_running_trial(held)
    if running is None or running.pk != trial.pk:
        raise TrialRefused("This trial is over already; nothing was changed.")
    if adopt and needs_second_person(held) and is_only_tried(running.challenger):
        raise TrialRefused(
            "These rules are published only after a second person approved them. Keep the "
            "champion, then ask for approval of the draft."
        )
    outcome = RuleTrial.Outcome.ADOPTED if adopt else RuleTrial.Outcome.KEPT
    signature = Signature.of(actor, reason)
    close_trial(running, outcome, signature, now)
    # Deals stand judged by two versions: each is judged in full.
    version = None
    if adopt:
        row = row_of(running.challenger.content)
        keeps_draft = has_draft_changes(held)
        version = put_in_force(held, row, signature, now=now, restores=running.challenger)
        if not keeps_draft:
            follow(held, row_of(version.content))
    _make_due(held, base=None)
    publish(
        RuleTrialEnded(
            subject=held.public_id,
            set_name=held.name,
            trial=running.public_id,
            outcome=outcome,
            note=reason,
            figures=running.figures,
            version=version.number if version else None,
            content=version.content if version else {},
        ),
        workspace_id=workspace.pk,
        actor=actor,
        now=now,
    )
    return running

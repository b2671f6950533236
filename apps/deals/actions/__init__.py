"""Everything that changes a deal or the rules deals are judged by."""

from apps.deals.actions.adding import ADDABLE, take_candidate
from apps.deals.actions.configuration import (
    RuleSetNotUsable,
    save_estimate_policy,
    save_rule_set,
    save_stage,
)
from apps.deals.actions.correcting import (
    EditRefused,
    NoSuchConflict,
    edit_property,
    settle_conflict,
)
from apps.deals.actions.deriving import (
    DerivedMetricInUse,
    delete_derived_metric,
    save_derived_metric,
)
from apps.deals.actions.due import due_rule_sets
from apps.deals.actions.in_force import PublishRefused
from apps.deals.actions.laying import lay_pipeline
from apps.deals.actions.moving import (
    AssigneeNotMember,
    DealNotMovable,
    StageMissing,
    advance_deal,
    assign_deal,
    lock_deal,
    move_deal,
)
from apps.deals.actions.naming import ListNameRefused, rename_list
from apps.deals.actions.proposing import (
    approve_proposal,
    decline_proposal,
    propose_rule_set,
)
from apps.deals.actions.publishing import (
    SecondPersonNeeded,
    publish_rule_set,
    roll_back_rule_set,
)
from apps.deals.actions.repairing import (
    estimate_repairs,
    install_repair_costs,
    reckon_repairs,
    save_repair_cost,
)
from apps.deals.actions.scoring import rescore_batch, score_deals
from apps.deals.actions.taking import ConflictNotTakeable
from apps.deals.actions.trying import TrialRefused, end_trial, start_trial
from apps.deals.actions.valuing import ValueRefused, value_deal

__all__ = [
    "ADDABLE",
    "AssigneeNotMember",
    "ConflictNotTakeable",
    "DealNotMovable",
    "DerivedMetricInUse",
    "EditRefused",
    "ListNameRefused",
    "NoSuchConflict",
    "PublishRefused",
    "RuleSetNotUsable",
    "SecondPersonNeeded",
    "StageMissing",
    "TrialRefused",
    "ValueRefused",
    "advance_deal",
    "approve_proposal",
    "assign_deal",
    "decline_proposal",
    "delete_derived_metric",
    "due_rule_sets",
    "edit_property",
    "end_trial",
    "estimate_repairs",
    "install_repair_costs",
    "lay_pipeline",
    "lock_deal",
    "move_deal",
    "propose_rule_set",
    "publish_rule_set",
    "reckon_repairs",
    "rename_list",
    "rescore_batch",
    "roll_back_rule_set",
    "save_derived_metric",
    "save_estimate_policy",
    "save_repair_cost",
    "save_rule_set",
    "save_stage",
    "score_deals",
    "settle_conflict",
    "start_trial",
    "take_candidate",
    "value_deal",
]

"""What admins tune (rules, estimates, stages) and what they may look at (deals)."""

from apps.deals.admin.comps import ArvEstimateAdmin, ComparableSaleAdmin, CompPolicyAdmin
from apps.deals.admin.configuration import EstimatePolicyAdmin, StageAdmin
from apps.deals.admin.derived import DerivedMetricAdmin
from apps.deals.admin.presets import ListPresetAdmin
from apps.deals.admin.records import (
    DealAdmin,
    DealScoreAdmin,
    LeadImportAdmin,
    PropertyAdmin,
    RuleProposalAdmin,
    RuleSetVersionAdmin,
    RuleTrialAdmin,
)
from apps.deals.admin.rule_sets import RuleSetAdmin

__all__ = [
    "ArvEstimateAdmin",
    "CompPolicyAdmin",
    "ComparableSaleAdmin",
    "DealAdmin",
    "DealScoreAdmin",
    "DerivedMetricAdmin",
    "EstimatePolicyAdmin",
    "LeadImportAdmin",
    "ListPresetAdmin",
    "PropertyAdmin",
    "RuleProposalAdmin",
    "RuleSetAdmin",
    "RuleSetVersionAdmin",
    "RuleTrialAdmin",
    "StageAdmin",
]

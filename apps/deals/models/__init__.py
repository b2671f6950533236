"""Rows of the pipeline, of imports and of qualification."""

from apps.deals.models.comps import ArvEstimate, CompPolicy
from apps.deals.models.derived import DerivedMetric
from apps.deals.models.imports import ImportChunk, ImportRow, LeadImport
from apps.deals.models.lists import LeadList, ListMembership, Signal
from apps.deals.models.metrics import DealMetrics
from apps.deals.models.pipeline import Deal, DealParty, Stage
from apps.deals.models.presets import ListPreset
from apps.deals.models.previews import ImportPreview
from apps.deals.models.property import Property, Strength
from apps.deals.models.qualification import (
    Condition,
    DealScore,
    EstimatePolicy,
    Rule,
    RuleSet,
)
from apps.deals.models.repairs import RepairCost, RepairEstimate
from apps.deals.models.sales import (
    ComparableSale,
    SaleImport,
    SaleImportChunk,
    SaleImportRow,
    SaleKind,
)
from apps.deals.models.sources import LeadSource, SourceRecord, SourceRun
from apps.deals.models.tallies import DealTally
from apps.deals.models.trials import RuleTrial
from apps.deals.models.undoing import ImportBefore
from apps.deals.models.versions import RuleProposal, RuleSetVersion
from apps.deals.models.webhooks import WebhookCall

__all__ = [
    "ArvEstimate",
    "CompPolicy",
    "ComparableSale",
    "Condition",
    "Deal",
    "DealMetrics",
    "DealParty",
    "DealScore",
    "DealTally",
    "DerivedMetric",
    "EstimatePolicy",
    "ImportBefore",
    "ImportChunk",
    "ImportPreview",
    "ImportRow",
    "LeadImport",
    "LeadList",
    "LeadSource",
    "ListMembership",
    "ListPreset",
    "Property",
    "RepairCost",
    "RepairEstimate",
    "Rule",
    "RuleProposal",
    "RuleSet",
    "RuleSetVersion",
    "RuleTrial",
    "SaleImport",
    "SaleImportChunk",
    "SaleImportRow",
    "SaleKind",
    "Signal",
    "SourceRecord",
    "SourceRun",
    "Stage",
    "Strength",
    "WebhookCall",
]

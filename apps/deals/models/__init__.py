"""Rows of the pipeline, of imports and of qualification."""

from apps.deals.models.imports import ImportChunk, ImportRow, LeadImport
from apps.deals.models.metrics import DealMetrics
from apps.deals.models.pipeline import Deal, DealParty, Stage
from apps.deals.models.property import Property
from apps.deals.models.qualification import (
    Condition,
    DealScore,
    EstimatePolicy,
    Rule,
    RuleSet,
)

__all__ = [
    "Condition",
    "Deal",
    "DealMetrics",
    "DealParty",
    "DealScore",
    "EstimatePolicy",
    "ImportChunk",
    "ImportRow",
    "LeadImport",
    "Property",
    "Rule",
    "RuleSet",
    "Stage",
]

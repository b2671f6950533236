"""The tables of people. One file per noun."""

from apps.contacts.models.batches import TraceBatch, TraceBatchItem
from apps.contacts.models.emails import EmailAddress
from apps.contacts.models.lookups import NumberLookup, VendorTrouble
from apps.contacts.models.merges import Merge, MergeMove, MergeSuggestion
from apps.contacts.models.people import Contact
from apps.contacts.models.phones import Phone
from apps.contacts.models.traces import SkipTrace

__all__ = [
    "Contact",
    "EmailAddress",
    "Merge",
    "MergeMove",
    "MergeSuggestion",
    "NumberLookup",
    "Phone",
    "SkipTrace",
    "TraceBatch",
    "TraceBatchItem",
    "VendorTrouble",
]

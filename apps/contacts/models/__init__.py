"""The tables of people. One file per noun."""

from apps.contacts.models.emails import EmailAddress
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
    "Phone",
    "SkipTrace",
]

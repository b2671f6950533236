from __future__ import annotations

from apps.deals.qualification.metric import text

TEXTS = (
    text(
        "property_kind",
        "Kind of property",
        "As the list names it, in lower case.",
        "the list gave no kind",
    ),
    text(
        "mls_status",
        "Listing status",
        "As the list names it, in lower case.",
        "the list tells nothing about a listing",
    ),
    text("state", "State", "Two letters, in lower case.", "the state is missing"),
    text("county", "County", "In lower case.", "the county is missing"),
    text("city", "City", "In lower case.", "the city is missing"),
    text("zip", "ZIP", "Five digits.", "the ZIP is missing"),
)

from __future__ import annotations

from apps.deals.qualification.metric import Metric, count, flag
from apps.deals.qualification.types import Kind, Unit

TIMES = (
    count(
        "days_on_market",
        "Days on market",
        "Days since the listing's date, while it is active.",
        "the property has no active listing with a date",
        Unit.DAYS,
    ),
    count(
        "days_since_listing",
        "Days since listing",
        "Days since the date of the last listing, whatever became of it.",
        "the list gave no listing date",
        Unit.DAYS,
    ),
    flag(
        "is_listed",
        "Listed now",
        "The last listing is active.",
        "the list tells nothing about a listing",
    ),
    flag(
        "has_failed_listing",
        "Listing failed",
        "The last listing expired, failed, or was withdrawn or removed.",
        "no source says anything about a listing",
    ),
    count(
        "list_age",
        "Days since last on a list",
        "Days since a file that names the property on one of your lists was last taken in.",
        "none of your lists names the property",
        Unit.DAYS,
    ),
    count(
        "data_age",
        "Age of the data",
        "Days since the as-of day of the property's source.",
        "the source gave no day",
        Unit.DAYS,
    ),
    count(
        "stack_count",
        "Stacked lists",
        "Your own lists that name the property.",
        "the deal was not looked at yet; without lists it is 0",
    ),
    count(
        "list_count",
        "Vendor's lists",
        "Marketing lists of the vendor that name the property.",
        "the list gave no number",
    ),
    count(
        "ownership_years",
        "Years owned",
        "Full years since the last recorded sale.",
        "the list gave no date of the last sale",
        Unit.YEARS,
    ),
    Metric(
        "last_sale_on",
        "Last sold on",
        Kind.DATE,
        Unit.NONE,
        "Date of the last recorded sale.",
        "the list gave no date of the last sale",
    ),
    count("loan_count", "Number of open loans", "Open loans.", "the list gave no number"),
    flag(
        "is_free_and_clear",
        "Free and clear",
        "No open loan is recorded.",
        "the list gave neither loans nor a balance",
    ),
)
HOUSE = (
    count("lot_sqft", "Lot size", "Size of the lot.", "the list gave no lot size", Unit.SQFT),
    count(
        "building_sqft",
        "Building size",
        "Living area.",
        "the list gave no building size",
        Unit.SQFT,
    ),
    count("year_built", "Year built", "Year built.", "the list gave no year", Unit.CALENDAR_YEAR),
    count(
        "effective_year_built",
        "Effective year built",
        "Year built as the county reckons it after a renovation.",
        "the list gave no such year",
        Unit.CALENDAR_YEAR,
    ),
    count(
        "building_age",
        "Age of the building",
        "This year − year built.",
        "the list gave no year",
        Unit.YEARS,
    ),
    count("units", "Units", "Dwellings in the building.", "the list gave no number"),
    count("bedrooms", "Bedrooms", "Bedrooms.", "the list gave no number"),
    Metric(
        "bathrooms", "Bathrooms", Kind.FLOAT, Unit.NONE, "Bathrooms.", "the list gave no number"
    ),
)

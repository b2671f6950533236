"""The typed registry of what a rule may ask about a deal.

Each metric is a column of the same name on `DealMetrics`; NULL there means unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from .types import Kind, Operator, Unit

NUMBER_OPERATORS = (
    Operator.MORE_THAN,
    Operator.AT_LEAST,
    Operator.LESS_THAN,
    Operator.AT_MOST,
)
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    # Equality of computed fractions is a trap (0.1 + 0.2), so floats only compare by order.
    Kind.FLOAT: NUMBER_OPERATORS,
    Kind.INT: (*NUMBER_OPERATORS, Operator.IS, Operator.IS_NOT),
    Kind.BOOL: (Operator.IS,),
    Kind.TEXT: (Operator.IS, Operator.IS_NOT, Operator.ONE_OF, Operator.NONE_OF),
    Kind.DATE: NUMBER_OPERATORS,
}


class UnknownMetric(KeyError):
    """No metric of that name is registered."""


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    label: str
    kind: Kind
    unit: Unit
    description: str
    unknown_when: str

    @property
    def operators(self) -> tuple[Operator, ...]:
        return OPERATORS[self.kind]


def _float(name: str, label: str, unit: Unit, description: str, unknown_when: str) -> Metric:
    return Metric(name, label, Kind.FLOAT, unit, description, unknown_when)


def _int(name: str, label: str, unit: Unit, description: str, unknown_when: str) -> Metric:
    return Metric(name, label, Kind.INT, unit, description, unknown_when)


def _bool(name: str, label: str, description: str, unknown_when: str) -> Metric:
    return Metric(name, label, Kind.BOOL, Unit.NONE, description, unknown_when)


def _text(name: str, label: str, description: str, unknown_when: str) -> Metric:
    return Metric(name, label, Kind.TEXT, Unit.NONE, description, unknown_when)


_MONEY = (
    _float(
        "est_value",
        "Estimated value",
        Unit.DOLLARS,
        "What the list vendor thinks the property is worth as it stands.",
        "the list gave no estimated value",
    ),
    _float(
        "arv",
        "ARV",
        Unit.DOLLARS,
        "Value after repair: set by a person, else the list's estimate standing in for it.",
        "nobody set an ARV and the list gave no estimated value",
    ),
    _float(
        "repairs",
        "Repairs",
        Unit.DOLLARS,
        "Cost of repairs: set by a person, else estimated per square foot.",
        "nobody set repairs and the building's size is missing",
    ),
    _float(
        "loan_balance",
        "Open loans",
        Unit.DOLLARS,
        "Remaining balance of all open loans.",
        "the list gave no loan balance",
    ),
    _float(
        "asking_price",
        "Asking price",
        Unit.DOLLARS,
        "Price of the last listing.",
        "there is no listing price",
    ),
    _float(
        "assessed",
        "Assessed value",
        Unit.DOLLARS,
        "Value the county taxes.",
        "the list gave no assessed value",
    ),
    _float(
        "lien",
        "Liens",
        Unit.DOLLARS,
        "Sum of recorded liens other than mortgages.",
        "the list gave no lien amount",
    ),
)
_RATIOS = (
    _float(
        "equity_pct",
        "Equity",
        Unit.PERCENT,
        "(estimated value − open loans) ÷ estimated value.",
        "the estimated value or the loan balance is missing",
    ),
    _float(
        "ltv",
        "Loan to value",
        Unit.PERCENT,
        "Open loans ÷ estimated value; 0% is free and clear, above 100% is under water.",
        "the estimated value or the loan balance is missing",
    ),
    _float(
        "repair_ratio",
        "Repairs ÷ ARV",
        Unit.PERCENT,
        "Repairs as a share of the ARV.",
        "the ARV or the repairs are missing",
    ),
    _float(
        "asking_ratio",
        "Asking price ÷ ARV",
        Unit.PERCENT,
        "Last listing price as a share of the ARV.",
        "the listing price or the ARV is missing",
    ),
    _float(
        "price_reduction_pct",
        "Price cut",
        Unit.PERCENT,
        "How far the asking price fell below the highest one seen in your lists.",
        "no earlier, higher price of this listing was seen",
    ),
)
_COUNTS = (
    _int(
        "days_on_market",
        "Days on market",
        Unit.DAYS,
        "Days since the listing's date, while it is active.",
        "the property has no active listing with a date",
    ),
    _int(
        "ownership_years",
        "Years owned",
        Unit.YEARS,
        "Full years since the last recorded sale.",
        "the list gave no date of the last sale",
    ),
    _int("loan_count", "Number of open loans", Unit.NONE, "Open loans.", "the list gave no number"),
    _int(
        "phone_count",
        "Phone numbers",
        Unit.NONE,
        "Usable phone numbers of the owners.",
        "the deal has no owner",
    ),
    _int(
        "stack_count",
        "Stacked lists",
        Unit.NONE,
        "Your own lists that name the property.",
        "the deal was not looked at yet; without lists it is 0",
    ),
    _int(
        "signal_count",
        "Signals of distress",
        Unit.NONE,
        "Open signals: tax liens, violations, vacancy and the like.",
        "the deal was not looked at yet; without signals it is 0",
    ),
    _int(
        "list_count",
        "Vendor's lists",
        Unit.NONE,
        "Marketing lists of the vendor that name the property.",
        "the list gave no number",
    ),
    _int("lot_sqft", "Lot size", Unit.SQFT, "Size of the lot.", "the list gave no lot size"),
    _int(
        "building_sqft",
        "Building size",
        Unit.SQFT,
        "Living area.",
        "the list gave no building size",
    ),
    _int("year_built", "Year built", Unit.CALENDAR_YEAR, "Year built.", "the list gave no year"),
    _int("bedrooms", "Bedrooms", Unit.NONE, "Bedrooms.", "the list gave no number"),
    _float("bathrooms", "Bathrooms", Unit.NONE, "Bathrooms.", "the list gave no number"),
)
_FLAGS = (
    _bool(
        "is_absentee",
        "Absentee owner",
        "The owner's mailing address is not the property's.",
        "the owner's mailing address is missing",
    ),
    _bool(
        "is_out_of_state",
        "Owner out of state",
        "The owner gets mail in another state.",
        "the owner's mailing state is missing",
    ),
    _bool(
        "is_owner_occupied",
        "Owner-occupied by the list",
        "The vendor's own flag, kept apart from the computed one.",
        "the list has no such flag",
    ),
    _bool(
        "is_free_and_clear",
        "Free and clear",
        "No open loan is recorded.",
        "the list gave neither loans nor a balance",
    ),
    _bool(
        "has_failed_listing",
        "Listing failed",
        "The last listing expired, failed, or was withdrawn or removed.",
        "the list tells nothing about a listing",
    ),
    _bool(
        "is_vacant",
        "Vacant",
        "Nobody lives there, by a list's flag or an open signal.",
        "no source says anything about vacancy",
    ),
    _bool(
        "is_tax_delinquent",
        "Tax delinquent",
        "An open signal of unpaid property tax or a tax lien.",
        "no source says anything about unpaid tax",
    ),
    _bool(
        "is_pre_foreclosure",
        "Pre-foreclosure",
        "An open notice of default or a scheduled auction.",
        "no source says anything about a foreclosure",
    ),
    _bool(
        "has_violation",
        "Code violation",
        "An open code violation or vacate order.",
        "no source says anything about violations",
    ),
    _bool("do_not_mail", "Do not mail", "The vendor's flag.", "the list has no such flag"),
)
_TEXTS = (
    _text(
        "owner_kind",
        "Kind of owner",
        "person, company or trust.",
        "the deal has no owner",
    ),
    _text(
        "property_kind",
        "Kind of property",
        "As the list names it, in lower case.",
        "the list gave no kind",
    ),
    _text(
        "mls_status",
        "Listing status",
        "As the list names it, in lower case.",
        "the list tells nothing about a listing",
    ),
    _text("state", "State", "Two letters, in lower case.", "the state is missing"),
    _text("county", "County", "In lower case.", "the county is missing"),
)

METRICS: dict[str, Metric] = {
    metric.name: metric for metric in (*_RATIOS, *_MONEY, *_COUNTS, *_FLAGS, *_TEXTS)
}


def get_metric(name: str) -> Metric:
    """Raises UnknownMetric."""
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownMetric(name) from None

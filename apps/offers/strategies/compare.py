"""All ways of buying one house side by side, and which of them no other beats for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from apps.offers.strategies import lease_option, novation, seller_finance, subject_to
from apps.offers.strategies.cash import Quote
from apps.offers.strategies.lease_option import LeaseOptionTerms
from apps.offers.strategies.novation import NovationTerms
from apps.offers.strategies.seller_finance import SellerFinanceTerms
from apps.offers.strategies.structure import (
    HouseFacts,
    StructureKind,
    StructureQuote,
    line,
)
from apps.offers.strategies.subject_to import SubjectToTerms

CreativeTerms: TypeAlias = SellerFinanceTerms | SubjectToTerms | LeaseOptionTerms | NovationTerms
TERMS: dict[StructureKind, type[CreativeTerms]] = {
    StructureKind.SELLER_FINANCE: SellerFinanceTerms,
    StructureKind.SUBJECT_TO: SubjectToTerms,
    StructureKind.LEASE_OPTION: LeaseOptionTerms,
    StructureKind.NOVATION: NovationTerms,
}


class TermsRefused(ValueError):
    """Values no formula can work with; the message is a sentence for the form."""


def read_terms(kind: StructureKind, values: Mapping[str, Any]) -> CreativeTerms:
    """Terms from stored text; a name that is missing takes its default. Raises TermsRefused."""
    known = TERMS[kind]
    given: dict[str, Any] = {}
    for item in fields(known):
        if item.name in values:
            given[item.name] = _read(item.name, item.default, values[item.name])
    try:
        return known(**given)
    except ValueError as error:
        raise TermsRefused(f"{error}.") from error


def write_terms(terms: CreativeTerms) -> dict[str, str]:
    """Every value as text, equal numbers as equal text."""
    return {item.name: _plain(getattr(terms, item.name)) for item in fields(terms)}


def _read(name: str, default: Any, value: Any) -> Any:
    try:
        if isinstance(default, bool):
            return value in (True, "True", "true")
        return int(value) if isinstance(default, int) else Decimal(str(value))
    except (ValueError, InvalidOperation) as error:
        raise TermsRefused(f"{name} is not a number.") from error


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


# Which figures that may be estimated each structure reckons with.
_RESTS_ON = {
    StructureKind.SELLER_FINANCE: ("rent_amount",),
    StructureKind.SUBJECT_TO: ("rent_amount", "piti_amount"),
    StructureKind.LEASE_OPTION: ("rent_amount", "piti_amount"),
    StructureKind.NOVATION: (),
}


def quote_creative(terms: CreativeTerms, facts: HouseFacts) -> StructureQuote:
    """One structure for one house; a figure that was estimated is told as a warning."""
    quote = _quote(terms, facts)
    told = [facts.estimates[name] for name in _RESTS_ON[quote.kind] if name in facts.estimates]
    return replace(quote, warnings=(*quote.warnings, *told)) if told else quote


def _quote(terms: CreativeTerms, facts: HouseFacts) -> StructureQuote:
    if isinstance(terms, SellerFinanceTerms):
        return seller_finance.quote(terms, facts)
    if isinstance(terms, SubjectToTerms):
        return subject_to.quote(terms, facts)
    if isinstance(terms, LeaseOptionTerms):
        return lease_option.quote(terms, facts)
    return novation.quote(terms, facts)


def quote_cash(
    price: Quote, facts: HouseFacts, *, fee_amount: Decimal, emd_amount: Decimal, closing_days: int
) -> StructureQuote:
    """The cash offer as an assignment: we put in the earnest money and earn the fee (spread)."""
    kind = StructureKind.CASH
    owed = facts.loan_balance_amount or Decimal(0)
    if price.amount is None:
        return StructureQuote(
            kind=kind,
            is_feasible=False,
            reasons=(price.reason,),
            missing=price.missing,
            lines=price.lines,
        )
    short = price.amount < owed
    return StructureQuote(
        kind=kind,
        is_feasible=not short,
        reasons=("The offer does not pay off the open loans.",) if short else (),
        warnings=_owed_warning(facts),
        offer_amount=price.amount,
        seller_now_amount=price.amount - owed,
        seller_total_amount=price.amount - owed,
        entry_amount=min(emd_amount, price.amount),
        profit_amount=fee_amount,
        months=max(1, round(closing_days / 30)),
        lines=(*price.lines, line("Assignment fee", fee_amount)),
    )


def _owed_warning(facts: HouseFacts) -> tuple[str, ...]:
    if facts.loan_balance_amount is None:
        return ("The loan balance is unknown; it was taken as none.",)
    return ()


def frontier(quotes: Sequence[StructureQuote]) -> frozenset[StructureKind]:
    """Feasible ways that no other feasible way beats for the seller's total and for our profit."""
    points = [
        (quote.kind, quote.seller_total_amount, quote.profit_amount)
        for quote in quotes
        if quote.is_feasible
        and quote.seller_total_amount is not None
        and quote.profit_amount is not None
    ]
    return frozenset(
        kind
        for kind, seller, ours in points
        if not any(
            other_seller >= seller
            and other_ours >= ours
            and (other_seller > seller or other_ours > ours)
            for _, other_seller, other_ours in points
        )
    )

"""A deal through every way of buying it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from apps.common.amortization import Payment
from apps.deals.models import Deal
from apps.deals.queries.monthly import monthly_figures
from apps.deals.queries.one import find_metrics
from apps.offers.models import Strategy, StructureTerms
from apps.offers.pricing import arv_of, price_deal, repairs_of
from apps.offers.queries import list_strategies, list_structures
from apps.offers.strategies import seller_finance
from apps.offers.strategies.compare import frontier, quote_cash, quote_creative
from apps.offers.strategies.seller_finance import SellerFinanceTerms
from apps.offers.strategies.structure import HouseFacts, StructureKind, StructureQuote, cents
from apps.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every active way of buying, in the order people know them; `best` are on the frontier."""

    facts: HouseFacts
    quotes: tuple[StructureQuote, ...]
    best: frozenset[StructureKind]

    @property
    def is_any_feasible(self) -> bool:
        return any(quote.is_feasible for quote in self.quotes)


def facts_of(deal: Deal) -> HouseFacts:
    """What is known of the deal's house. The loan payment a list gives is taken as whole PITI;
    rent and payment that no list gives are estimated as the workspace's policy says.
    """
    home, metrics, monthly = deal.property, find_metrics(deal), monthly_figures(deal)
    value = metrics.est_value if metrics else None
    estimates = {"rent_amount": monthly.rent_estimate, "piti_amount": monthly.payment_estimate}
    return HouseFacts(
        value_amount=None if value is None else cents(Decimal(str(value))),
        arv_amount=arv_of(deal).amount,
        repairs_amount=repairs_of(deal).amount,
        loan_balance_amount=_balance(deal),
        loan_rate_pct=home.loan_rate_pct,
        piti_amount=monthly.payment_amount,
        rent_amount=monthly.rent_amount,
        estimates={name: words for name, words in estimates.items() if words},
    )


def _balance(deal: Deal) -> Decimal | None:
    balance = deal.property.loan_balance_amount
    if balance is None and deal.property.open_loans == 0:
        return Decimal(0)
    return balance


def compare_deal(workspace: Workspace, deal: Deal) -> Comparison:
    """All at once, by today's numbers and terms; nothing is stored."""
    facts = facts_of(deal)
    quotes = [_cash(deal, facts, strategy) for strategy in list_strategies(workspace)[:1]]
    quotes += [quote_creative(row.terms(), facts) for row in list_structures(workspace)]
    return Comparison(facts, tuple(quotes), frontier(quotes))


def _cash(deal: Deal, facts: HouseFacts, strategy: Strategy) -> StructureQuote:
    return quote_cash(
        price_deal(deal, strategy),
        facts,
        fee_amount=strategy.fee_amount,
        emd_amount=strategy.emd_amount,
        closing_days=strategy.closing_days,
    )


class NoSchedule(LookupError):
    """The deal cannot be financed by its seller on the present terms, so there is none."""


def list_payments(workspace: Workspace, deal: Deal) -> Iterator[Payment]:
    """The seller-finance schedule of the deal to the cent. Raises NoSchedule."""
    kind = StructureKind.SELLER_FINANCE
    rows = StructureTerms.objects.in_workspace(workspace).filter(kind=kind, is_active=True)
    row = rows.first()
    terms = row.terms() if row else None
    if not isinstance(terms, SellerFinanceTerms):
        raise NoSchedule("Seller finance is switched off.")
    quote = seller_finance.quote(terms, facts_of(deal))
    if quote.offer_amount is None:
        raise NoSchedule(quote.reasons[0])
    loan = quote.offer_amount - cents(quote.offer_amount * terms.down_pct)
    return seller_finance.payments(terms, loan)

"""Each column of the metrics as SQL over a deal `d`, its property `p`, owner `c`, policy `e`, the
metrics row `o` that stands and the gathered sources of `refresh_sources`.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from apps.contacts.models import Contact

from .compile import Sql
from .registry.flags import SIGNAL_FLAGS

FAILED_LISTINGS = (
    "fail",
    "failed",
    "removed",
    "expired",
    "withdrawn",
    "canceled",
    "cancelled",
    "off market",
)
ACTIVE_LISTINGS = ("active", "new", "for sale", "price change", "back on market")
# Deeds between relatives name $1 or $10; no market paid that.
TOKEN_PRICE = 1000

_STATUS = "lower(trim(p.mls_status))"
_ASKING = "CAST(p.mls_amount AS double precision)"
_VALUE = "CAST(NULLIF(p.est_value_amount, 0) AS double precision)"
_LOANS = (
    "COALESCE(CAST(p.loan_balance_amount AS double precision),"
    " CASE WHEN p.open_loans = 0 THEN 0.0 END)"
)
# A rate beyond these is a misread cell; a payment by it would be senseless or overflow.
_RATE = (
    "CASE WHEN p.loan_rate_pct > 0 AND p.loan_rate_pct <= 1"
    " THEN CAST(p.loan_rate_pct AS double precision) END"
)


def columns(today: date) -> dict[str, Sql]:
    """Name -> expression, in the order of the statement."""
    return {
        "deal_id": Sql("d.id"),
        "workspace_id": Sql("d.workspace_id"),
        **_money(today),
        **_monthly(),
        **_listing(today),
        **_ages_and_sizes(today),
        **_owner(),
        **_distress(today),
        "property_kind": _lowered("p.property_type"),
        "state": _lowered("p.state"),
        "county": _lowered("p.county"),
        "city": _lowered("p.city"),
        "zip": _lowered("p.zip"),
        "computed_on": Sql("CAST(%s AS date)" if _is_postgres() else "%s", (today.isoformat(),)),
    }


def _money(today: date) -> dict[str, Sql]:
    age = f"{today.year} - p.year_built"
    rate = (
        "CASE WHEN p.year_built IS NULL THEN e.repair_per_sqft_mid"
        f" WHEN {age} >= e.old_age_years THEN e.repair_per_sqft_old"
        f" WHEN {age} >= e.mid_age_years THEN e.repair_per_sqft_mid"
        " ELSE e.repair_per_sqft_new END"
    )
    repairs = f"CAST(NULLIF(p.building_sqft, 0) * ({rate}) AS double precision)"
    arv = f"{_VALUE} * e.arv_share_of_value"
    return {
        "est_value": Sql(_VALUE),
        "arv": Sql(f"COALESCE(CAST(d.arv_amount AS double precision), {arv})"),
        "is_arv_estimate": Sql("d.arv_amount IS NULL"),
        "repairs": Sql(f"COALESCE(CAST(d.repairs_amount AS double precision), {repairs})"),
        "is_repairs_estimate": Sql("d.repairs_amount IS NULL"),
        "mao_share": Sql("e.mao_share_of_arv"),
        "loan_balance": Sql(_LOANS),
        "assessed": Sql("CAST(p.assessed_amount AS double precision)"),
        "lien": Sql("CAST(p.lien_amount AS double precision)"),
        "last_sale_price": Sql(
            f"CASE WHEN p.last_sale_amount >= {TOKEN_PRICE}"
            " THEN CAST(p.last_sale_amount AS double precision) END"
        ),
        "loan_count": Sql("p.open_loans"),
        "is_free_and_clear": Sql(
            "CASE WHEN p.loan_balance_amount > 0 OR p.open_loans > 0 THEN FALSE"
            " WHEN p.loan_balance_amount = 0 OR p.open_loans = 0 THEN TRUE END"
        ),
    }


def _monthly() -> dict[str, Sql]:
    """Rent and payments: the list's, else reckoned by the policy.

    The estimated loan payment is the ordinary annuity of `apps.common.amortization` at the loan's
    rate, else the market's: P = L·i / (1 − (1 + i)^−n), i = rate / 12.
    """
    rent = "CAST(NULLIF(p.rent_amount, 0) AS double precision)"
    given = "CAST(NULLIF(p.loan_payment_amount, 0) AS double precision)"
    monthly = f"(COALESCE({_RATE}, e.market_rate_pct) / 12)"
    months = "CAST(-12 * e.loan_term_years AS double precision)"
    level = f"{monthly} / NULLIF(1 - power(1 + {monthly}, {months}), 0)"
    payment = f"CASE WHEN {_LOANS} = 0 THEN 0.0 ELSE {_LOANS} * {level} END"
    return {
        "monthly_rent": Sql(f"COALESCE({rent}, {_VALUE} * e.rent_share_of_value)"),
        "is_rent_estimate": Sql(f"{rent} IS NULL"),
        "loan_payment": Sql(f"COALESCE({given}, {payment})"),
        "piti": Sql(
            f"COALESCE({given}, {payment} + {_VALUE} * e.tax_insurance_share_of_value / 12)"
        ),
        "is_payment_estimate": Sql(f"{given} IS NULL"),
        "loan_rate": Sql(_RATE),
        "loan_rate_below_market": Sql(f"e.market_rate_pct - {_RATE}"),
    }


def _listing(today: date) -> dict[str, Sql]:
    failed, active = (_marks(known) for known in (FAILED_LISTINGS, ACTIVE_LISTINGS))
    # A new listing after a failed one starts its price history anew.
    carried = f"o.has_failed_listing IS NOT TRUE AND o.peak_asking_price > {_ASKING}"
    days = _days_since("p.mls_on", today)
    return {
        "mls_status": _lowered("p.mls_status"),
        "asking_price": Sql(_ASKING),
        "peak_asking_price": Sql(
            f"CASE WHEN {_ASKING} IS NULL THEN NULL"
            f" WHEN {carried} THEN o.peak_asking_price ELSE {_ASKING} END"
        ),
        "has_failed_listing": Sql(
            f"CASE WHEN {_STATUS} <> '' THEN {_STATUS} IN ({failed})"
            " ELSE sg.has_failed_listing = 1 END",
            FAILED_LISTINGS,
        ),
        "is_listed": Sql(
            f"CASE WHEN {_STATUS} <> '' THEN {_STATUS} IN ({active}) END", ACTIVE_LISTINGS
        ),
        "days_on_market": Sql(
            f"CASE WHEN {_STATUS} IN ({active}) THEN {days.text} END",
            (*ACTIVE_LISTINGS, *days.params),
        ),
        "days_since_listing": days,
    }


def _ages_and_sizes(today: date) -> dict[str, Sql]:
    return {
        "ownership_years": _years_since("p.last_sale_on", today),
        "last_sale_on": Sql("p.last_sale_on"),
        "list_age": _days_since("li.last_on", today),
        "data_age": _days_since("p.as_of", today),
        "stack_count": Sql("COALESCE(li.named, 0)"),
        "list_count": Sql("p.list_count"),
        "lot_sqft": Sql("NULLIF(p.lot_sqft, 0)"),
        "building_sqft": Sql("NULLIF(p.building_sqft, 0)"),
        "year_built": Sql("NULLIF(p.year_built, 0)"),
        "effective_year_built": Sql("NULLIF(p.effective_year_built, 0)"),
        "building_age": Sql(
            f"CASE WHEN p.year_built BETWEEN 1 AND {today.year}"
            f" THEN {today.year} - p.year_built END"
        ),
        "units": Sql("NULLIF(p.units, 0)"),
        "bedrooms": Sql("CAST(p.bedrooms AS double precision)"),
        "bathrooms": Sql("CAST(p.bathrooms AS double precision)"),
    }


def _distress(today: date) -> dict[str, Sql]:
    """A signal that ended says no, a property without any says nothing."""
    flags = {name: Sql(f"sg.{name} = 1") for name in SIGNAL_FLAGS if name != "has_failed_listing"}
    years = _years_since("sg.tax_since", today)
    to_auction = (
        "(sg.auction_on - CAST(%s AS date))"
        if _is_postgres()
        else "CAST(julianday(sg.auction_on) - julianday(%s) AS integer)"
    )
    return {
        **flags,
        "is_vacant": Sql("COALESCE(p.is_vacant, sg.is_vacant = 1)"),
        "has_deceased_owner": Sql(
            "CASE WHEN c.is_deceased THEN TRUE ELSE sg.has_deceased_owner = 1 END"
        ),
        "signal_count": Sql("COALESCE(sg.open_count, 0)"),
        "signal_age": _days_since("sg.newest_on", today),
        "tax_delinquent_years": Sql(
            f"CASE WHEN sg.is_tax_delinquent IS NOT NULL THEN COALESCE({years.text}, 0) END",
            years.params,
        ),
        "tax_owed": Sql(
            "CASE WHEN sg.is_tax_delinquent = 0 THEN 0.0"
            " ELSE CAST(sg.tax_owed AS double precision) END"
        ),
        "days_to_auction": Sql(to_auction, (today.isoformat(),)),
    }


def _owner() -> dict[str, Sql]:
    def counted(name: str) -> Sql:
        return Sql(f"CASE WHEN d.seller_id IS NOT NULL THEN COALESCE({name}, 0) END")

    contactability = (
        "CASE WHEN ph.callable_verified > 0 THEN 50 WHEN ph.callable_mobile > 0 THEN 35"
        " WHEN ph.callable > 0 THEN 20 ELSE 0 END"
        " + CASE WHEN ph.callable > 1 THEN 10 ELSE 0 END"
        " + CASE WHEN em.usable > 0 THEN 20 ELSE 0 END"
        " + CASE WHEN c.mailing_line <> '' AND NOT c.is_do_not_mail AND NOT p.is_do_not_mail"
        " THEN 20 ELSE 0 END"
    )
    return {
        "phone_count": counted("ph.usable"),
        "mobile_count": counted("ph.mobile"),
        "verified_phone_count": counted("ph.verified"),
        "callable_phone_count": counted("ph.callable"),
        "email_count": counted("em.usable"),
        "portfolio_count": counted("ow.held"),
        "contactability": Sql(f"CASE WHEN d.seller_id IS NOT NULL THEN {contactability} END"),
        "is_litigator": Sql(
            "CASE WHEN d.seller_id IS NOT NULL THEN"
            " c.is_litigator OR COALESCE(ph.litigator, 0) = 1 END"
        ),
        "is_absentee": Sql("NOT p.is_mailing_same"),
        "is_out_of_state": Sql(
            "CASE WHEN c.mailing_state <> '' AND p.state <> ''"
            " THEN lower(c.mailing_state) <> lower(p.state) END"
        ),
        "is_owner_occupied": Sql("p.is_owner_occupied_by_vendor"),
        "do_not_mail": Sql("p.is_do_not_mail"),
        "owner_kind": Sql("c.kind"),
        "is_owner_company": Sql(f"c.kind = '{Contact.Kind.COMPANY}'"),
        "is_owner_trust": Sql(f"c.kind = '{Contact.Kind.TRUST}'"),
    }


def _days_since(column: str, today: date) -> Sql:
    """Unknown for a day to come."""
    day = today.isoformat()
    days = (
        f"(CAST(%s AS date) - {column})"
        if _is_postgres()
        else f"CAST(julianday(%s) - julianday({column}) AS integer)"
    )
    return Sql(f"CASE WHEN {column} <= %s THEN {days} END", (day, day))


def _years_since(column: str, today: date) -> Sql:
    """Full years; unknown for a day to come."""
    day = (
        f"CAST(to_char({column}, 'YYYYMMDD') AS integer)"
        if _is_postgres()
        else f"CAST(strftime('%%Y%%m%%d', {column}) AS integer)"
    )
    # Subtracting dates written as yyyymmdd and dropping four digits counts full years.
    years = f"({today:%Y%m%d} - {day}) / 10000"
    return Sql(f"CASE WHEN {column} <= %s THEN {years} END", (today.isoformat(),))


def _marks(known: tuple[str, ...]) -> str:
    return ", ".join(["%s"] * len(known))


def _lowered(column: str) -> Sql:
    return Sql(f"NULLIF(lower(trim({column})), '')")


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"

"""DealMetrics from properties, owners, persons' values and the estimate policy, set-based.

One INSERT … SELECT … ON CONFLICT per call, which writes only the rows that differ.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from .compile import Sql

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
DEAD_PHONES = ("invalid", "wrong_number", "parked")

_STATUS = "lower(trim(p.mls_status))"
_ASKING = "CAST(p.mls_amount AS double precision)"
_LOANS = (
    "COALESCE(CAST(p.loan_balance_amount AS double precision),"
    " CASE WHEN p.open_loans = 0 THEN 0.0 END)"
)
_FAILED = (
    f"CASE WHEN {_STATUS} = '' THEN NULL WHEN {_STATUS} IN"
    f" ({', '.join(['%s'] * len(FAILED_LISTINGS))}) THEN TRUE ELSE FALSE END"
)


def refresh_metrics(*, scope: Sql, today: date) -> None:
    """Compute the metrics row of every deal in `scope`, a WHERE text over the deal `d`.

    Repeatable. ARV and repairs set by a person win; else the estimates of the policy stand in.
    """
    columns = _columns(today)
    names = ", ".join(columns)
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    compared = [name for name in columns if name not in ("deal_id", "computed_on")]
    old = ", ".join(f"deals_dealmetrics.{name}" for name in compared)
    new = ", ".join(f"excluded.{name}" for name in compared)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "deal_id")
    selected = ", ".join(expression.text for expression in columns.values())
    params = [param for expression in columns.values() for param in expression.params]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO deals_dealmetrics ({names}) SELECT {selected}"
            " FROM deals_deal d JOIN deals_property p ON p.id = d.property_id"
            " LEFT JOIN contacts_contact c ON c.id = d.seller_id"
            " LEFT JOIN deals_estimatepolicy e ON e.workspace_id = d.workspace_id"
            " LEFT JOIN deals_dealmetrics o ON o.deal_id = d.id"
            f" WHERE {scope.text} ORDER BY d.id"
            f" ON CONFLICT (deal_id) DO UPDATE SET {updates} WHERE ({old}) {differs} ({new})",
            [*params, *scope.params],
        )


def _columns(today: date) -> dict[str, Sql]:
    return {
        "deal_id": Sql("d.id"),
        "workspace_id": Sql("d.workspace_id"),
        **_money(today),
        **_listing(today),
        **_ages_and_sizes(today),
        **_owner(),
        **_distress(today),
        "property_kind": _lowered("p.property_type"),
        "state": _lowered("p.state"),
        "county": _lowered("p.county"),
        "computed_on": Sql("CAST(%s AS date)" if _is_postgres() else "%s", (today.isoformat(),)),
    }


def _money(today: date) -> dict[str, Sql]:
    est_value = "CAST(NULLIF(p.est_value_amount, 0) AS double precision)"
    age = f"{today.year} - p.year_built"
    rate = (
        "CASE WHEN p.year_built IS NULL THEN e.repair_per_sqft_mid"
        f" WHEN {age} >= e.old_age_years THEN e.repair_per_sqft_old"
        f" WHEN {age} >= e.mid_age_years THEN e.repair_per_sqft_mid"
        " ELSE e.repair_per_sqft_new END"
    )
    repairs = f"CAST(NULLIF(p.building_sqft, 0) * ({rate}) AS double precision)"
    arv = f"{est_value} * e.arv_share_of_value"
    return {
        "est_value": Sql(est_value),
        "arv": Sql(f"COALESCE(CAST(d.arv_amount AS double precision), {arv})"),
        "is_arv_estimate": Sql("d.arv_amount IS NULL"),
        "repairs": Sql(f"COALESCE(CAST(d.repairs_amount AS double precision), {repairs})"),
        "is_repairs_estimate": Sql("d.repairs_amount IS NULL"),
        "loan_balance": Sql(_LOANS),
        "assessed": Sql("CAST(p.assessed_amount AS double precision)"),
        "lien": Sql("CAST(p.lien_amount AS double precision)"),
        "loan_count": Sql("p.open_loans"),
        "is_free_and_clear": Sql(
            "CASE WHEN p.loan_balance_amount > 0 OR p.open_loans > 0 THEN FALSE"
            " WHEN p.loan_balance_amount = 0 OR p.open_loans = 0 THEN TRUE END"
        ),
    }


def _listing(today: date) -> dict[str, Sql]:
    active = ", ".join(["%s"] * len(ACTIVE_LISTINGS))
    days = (
        "(CAST(%s AS date) - p.mls_on)"
        if _is_postgres()
        else ("CAST(julianday(%s) - julianday(p.mls_on) AS integer)")
    )
    # A new listing after a failed one starts its price history anew.
    carried = f"o.has_failed_listing IS NOT TRUE AND o.peak_asking_price > {_ASKING}"
    return {
        "mls_status": _lowered("p.mls_status"),
        "asking_price": Sql(_ASKING),
        "peak_asking_price": Sql(
            f"CASE WHEN {_ASKING} IS NULL THEN NULL"
            f" WHEN {carried} THEN o.peak_asking_price ELSE {_ASKING} END"
        ),
        "has_failed_listing": Sql(_FAILED, FAILED_LISTINGS),
        "days_on_market": Sql(
            f"CASE WHEN {_STATUS} IN ({active}) AND p.mls_on <= %s THEN {days} END",
            (*ACTIVE_LISTINGS, today.isoformat(), today.isoformat()),
        ),
    }


def _ages_and_sizes(today: date) -> dict[str, Sql]:
    day = (
        "CAST(to_char(p.last_sale_on, 'YYYYMMDD') AS integer)"
        if _is_postgres()
        else "CAST(strftime('%%Y%%m%%d', p.last_sale_on) AS integer)"
    )
    # Subtracting dates written as yyyymmdd and dropping four digits counts full years.
    years = f"({today:%Y%m%d} - {day}) / 10000"
    return {
        "ownership_years": Sql(
            f"CASE WHEN p.last_sale_on <= %s THEN {years} END", (today.isoformat(),)
        ),
        "list_count": Sql("p.list_count"),
        "lot_sqft": Sql("NULLIF(p.lot_sqft, 0)"),
        "building_sqft": Sql("NULLIF(p.building_sqft, 0)"),
        "year_built": Sql("NULLIF(p.year_built, 0)"),
        "bedrooms": Sql("CAST(p.bedrooms AS double precision)"),
        "bathrooms": Sql("CAST(p.bathrooms AS double precision)"),
    }


def _distress(today: date) -> dict[str, Sql]:
    """Lists and signals. A signal that ended says no, a property without any says nothing."""
    is_open = "(s.ended_on IS NULL OR s.ended_on > %s)"
    day = today.isoformat()

    def shows(*kinds: str) -> Sql:
        marks = ", ".join(["%s"] * len(kinds))
        return Sql(
            f"(SELECT CASE WHEN SUM(CASE WHEN {is_open} THEN 1 ELSE 0 END) > 0 THEN TRUE"
            " WHEN COUNT(*) > 0 THEN FALSE END FROM deals_signal s"
            f" WHERE s.property_id = p.id AND s.kind IN ({marks}))",
            (day, *kinds),
        )

    vacant = shows("vacant")
    return {
        "stack_count": Sql(
            "(SELECT COUNT(*) FROM deals_listmembership lm WHERE lm.property_id = p.id)"
        ),
        "signal_count": Sql(
            f"(SELECT COUNT(*) FROM deals_signal s WHERE s.property_id = p.id AND {is_open})",
            (day,),
        ),
        "is_vacant": Sql(f"COALESCE(p.is_vacant, {vacant.text})", vacant.params),
        "is_tax_delinquent": shows("tax_delinquent", "tax_lien"),
        "is_pre_foreclosure": shows("pre_foreclosure", "auction"),
        "has_violation": shows("violation", "vacate_order"),
    }


def _owner() -> dict[str, Sql]:
    phones = (
        "SELECT COUNT(DISTINCT ph.e164) FROM deals_dealparty dp"
        " JOIN contacts_phone ph ON ph.contact_id = dp.contact_id"
        f" WHERE dp.deal_id = d.id AND ph.status NOT IN ({', '.join(['%s'] * len(DEAD_PHONES))})"
    )
    return {
        "phone_count": Sql(f"CASE WHEN d.seller_id IS NOT NULL THEN ({phones}) END", DEAD_PHONES),
        "is_absentee": Sql("NOT p.is_mailing_same"),
        "is_out_of_state": Sql(
            "CASE WHEN c.mailing_state <> '' AND p.state <> ''"
            " THEN lower(c.mailing_state) <> lower(p.state) END"
        ),
        "is_owner_occupied": Sql("p.is_owner_occupied_by_vendor"),
        "do_not_mail": Sql("p.is_do_not_mail"),
        "owner_kind": Sql("c.kind"),
    }


def _lowered(column: str) -> Sql:
    return Sql(f"NULLIF(lower(trim({column})), '')")


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"

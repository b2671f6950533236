"""The numbers rules read, one narrow row per deal."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.expressions import Combinable

from apps.deals.models.pipeline import Deal


def _share(part: Combinable, whole: str) -> Case:
    """part ÷ whole, NULL unless the whole is above zero."""
    return Case(When(**{f"{whole}__gt": Value(0.0)}, then=part / F(whole)), default=None)


def _derived(expression: Case) -> models.GeneratedField:
    return models.GeneratedField(
        expression=expression, output_field=models.FloatField(null=True), db_persist=True
    )


class DealMetrics(models.Model):
    """Column names are the metric names of the registry; NULL is unknown.

    Doubles, not decimals: comparing them is several times cheaper, and no money is paid from here.
    """

    deal = models.OneToOneField(
        Deal, primary_key=True, on_delete=models.CASCADE, related_name="metrics"
    )
    workspace_id = models.BigIntegerField()

    est_value = models.FloatField(null=True)
    arv = models.FloatField(null=True)
    is_arv_estimate = models.BooleanField(default=True)
    repairs = models.FloatField(null=True)
    is_repairs_estimate = models.BooleanField(default=True)
    loan_balance = models.FloatField(null=True)
    asking_price = models.FloatField(null=True)
    # The highest asking price any list gave: what a price cut is measured from.
    peak_asking_price = models.FloatField(null=True)
    assessed = models.FloatField(null=True)
    lien = models.FloatField(null=True)
    tax_owed = models.FloatField(null=True)
    last_sale_price = models.FloatField(null=True)
    monthly_rent = models.FloatField(null=True)
    is_rent_estimate = models.BooleanField(default=True)
    loan_payment = models.FloatField(null=True)
    piti = models.FloatField(null=True)
    is_payment_estimate = models.BooleanField(default=True)
    # The policy's share of ARV at the last refresh: what-if reckons the MAO anew with it.
    mao_share = models.FloatField(null=True)
    loan_rate = models.FloatField(null=True)
    loan_rate_below_market = models.FloatField(null=True)

    # Reckoned from the columns above by the formulas in `qualification.reckoned`.
    mao = models.FloatField(null=True)
    mao_headroom = models.FloatField(null=True)
    arv_spread = models.FloatField(null=True)
    arv_uplift = models.FloatField(null=True)
    equity_amount = models.FloatField(null=True)
    price_per_sqft = models.FloatField(null=True)
    asking_per_sqft = models.FloatField(null=True)
    rent_surplus = models.FloatField(null=True)
    rent_to_piti = models.FloatField(null=True)
    rent_to_price = models.FloatField(null=True)
    assessed_ratio = models.FloatField(null=True)
    lien_ratio = models.FloatField(null=True)
    appreciation_pct = models.FloatField(null=True)

    equity_pct = _derived(_share(F("est_value") - F("loan_balance"), "est_value"))
    ltv = _derived(_share(F("loan_balance") / Value(1.0), "est_value"))
    repair_ratio = _derived(_share(F("repairs") / Value(1.0), "arv"))
    asking_ratio = _derived(_share(F("asking_price") / Value(1.0), "arv"))
    # Equal to the peak says nothing: the first list seen may already show a lowered price.
    price_reduction_pct = _derived(
        Case(
            When(
                peak_asking_price__gt=F("asking_price"),
                then=(F("peak_asking_price") - F("asking_price")) / F("peak_asking_price"),
            ),
            default=None,
        )
    )

    days_on_market = models.IntegerField(null=True)
    days_since_listing = models.IntegerField(null=True)
    days_to_auction = models.IntegerField(null=True)
    list_age = models.IntegerField(null=True)
    data_age = models.IntegerField(null=True)
    signal_age = models.IntegerField(null=True)
    tax_delinquent_years = models.IntegerField(null=True)
    ownership_years = models.IntegerField(null=True)
    last_sale_on = models.DateField(null=True)
    loan_count = models.IntegerField(null=True)
    portfolio_count = models.IntegerField(null=True)
    phone_count = models.IntegerField(null=True)
    mobile_count = models.IntegerField(null=True)
    verified_phone_count = models.IntegerField(null=True)
    callable_phone_count = models.IntegerField(null=True)
    email_count = models.IntegerField(null=True)
    contactability = models.IntegerField(null=True)
    # Named lists that the workspace has seen the property on; 0 is known.
    stack_count = models.IntegerField(null=True)
    signal_count = models.IntegerField(null=True)
    list_count = models.IntegerField(null=True)
    lot_sqft = models.IntegerField(null=True)
    building_sqft = models.IntegerField(null=True)
    year_built = models.IntegerField(null=True)
    effective_year_built = models.IntegerField(null=True)
    building_age = models.IntegerField(null=True)
    units = models.IntegerField(null=True)
    bedrooms = models.FloatField(null=True)
    bathrooms = models.FloatField(null=True)

    is_absentee = models.BooleanField(null=True)
    is_out_of_state = models.BooleanField(null=True)
    is_owner_occupied = models.BooleanField(null=True)
    is_free_and_clear = models.BooleanField(null=True)
    is_vacant = models.BooleanField(null=True)
    is_tax_delinquent = models.BooleanField(null=True)
    is_pre_foreclosure = models.BooleanField(null=True)
    has_violation = models.BooleanField(null=True)
    has_failed_listing = models.BooleanField(null=True)
    is_listed = models.BooleanField(null=True)
    is_owner_company = models.BooleanField(null=True)
    is_owner_trust = models.BooleanField(null=True)
    is_litigator = models.BooleanField(null=True)
    has_tax_lien = models.BooleanField(null=True)
    has_lien = models.BooleanField(null=True)
    has_foreclosure = models.BooleanField(null=True)
    has_auction = models.BooleanField(null=True)
    has_bankruptcy = models.BooleanField(null=True)
    has_divorce = models.BooleanField(null=True)
    has_probate = models.BooleanField(null=True)
    has_deceased_owner = models.BooleanField(null=True)
    has_vacate_order = models.BooleanField(null=True)
    has_eviction = models.BooleanField(null=True)
    is_tired_landlord = models.BooleanField(null=True)
    has_other_signal = models.BooleanField(null=True)
    do_not_mail = models.BooleanField(null=True)

    owner_kind = models.CharField(max_length=8, null=True)
    property_kind = models.CharField(max_length=80, null=True)
    mls_status = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=2, null=True)
    county = models.CharField(max_length=80, null=True)
    city = models.CharField(max_length=80, null=True)
    zip = models.CharField(max_length=5, null=True)
    computed_on = models.DateField()

    class Meta:
        verbose_name_plural = "deal metrics"
        indexes = [models.Index(fields=["workspace_id", "deal"], name="metrics_by_workspace")]

    def __str__(self) -> str:
        return f"metrics of deal {self.deal_id}"

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
    ownership_years = models.IntegerField(null=True)
    loan_count = models.IntegerField(null=True)
    phone_count = models.IntegerField(null=True)
    # Named lists that the workspace has seen the property on; 0 is known.
    stack_count = models.IntegerField(null=True)
    signal_count = models.IntegerField(null=True)
    list_count = models.IntegerField(null=True)
    lot_sqft = models.IntegerField(null=True)
    building_sqft = models.IntegerField(null=True)
    year_built = models.IntegerField(null=True)
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
    do_not_mail = models.BooleanField(null=True)

    owner_kind = models.CharField(max_length=8, null=True)
    property_kind = models.CharField(max_length=80, null=True)
    mls_status = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=2, null=True)
    county = models.CharField(max_length=80, null=True)
    computed_on = models.DateField()

    class Meta:
        verbose_name_plural = "deal metrics"
        indexes = [models.Index(fields=["workspace_id", "deal"], name="metrics_by_workspace")]

    def __str__(self) -> str:
        return f"metrics of deal {self.deal_id}"

"""A parcel and what lists say about it."""

from __future__ import annotations

from django.db import models

from apps.events.history import history
from apps.workspaces.scoping import WorkspaceRow


class Strength(models.IntegerChoices):
    """How far a source is trusted. A weaker or staler one never overwrites what stands."""

    ESTIMATE = 20, "Estimate"
    WEB_FORM = 30, "Web form or call"
    LIST = 50, "List vendor"
    DATA_API = 60, "Property data service"
    MLS = 70, "MLS"
    COUNTY = 80, "County record"
    HAND = 100, "Entered by hand"


class Property(WorkspaceRow):
    """One parcel. Identity: (county, APN) where known, else the normalized address."""

    line = models.CharField(max_length=160, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField(max_length=5, blank=True)
    county = models.CharField(max_length=80, blank=True)
    apn = models.CharField(max_length=80, blank=True)
    county_key = models.CharField(max_length=100, blank=True)
    apn_key = models.CharField(max_length=80, blank=True)
    address_key = models.CharField(max_length=240, blank=True)

    fips = models.CharField(max_length=5, blank=True, help_text="State and county, five digits.")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    property_type = models.CharField(max_length=80, blank=True)
    bedrooms = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    bathrooms = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    building_sqft = models.IntegerField(null=True)
    lot_sqft = models.IntegerField(null=True)
    year_built = models.SmallIntegerField(null=True)
    # Differs from the year built after a renovation; many lists give only this one.
    effective_year_built = models.SmallIntegerField(null=True)
    units = models.SmallIntegerField(null=True)
    assessed_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    last_sale_on = models.DateField(null=True)
    last_sale_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    open_loans = models.SmallIntegerField(null=True)
    loan_balance_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    est_value_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    rent_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    # A fraction of one: 0.065 is 6.5 %.
    loan_rate_pct = models.DecimalField(max_digits=7, decimal_places=5, null=True)
    loan_payment_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    lien_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    mls_status = models.CharField(max_length=40, blank=True)
    mls_on = models.DateField(null=True)
    mls_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    # The vendor's flag and the computed one are kept apart: lists contradict themselves.
    is_owner_occupied_by_vendor = models.BooleanField(null=True)
    is_mailing_same = models.BooleanField(null=True)
    is_do_not_mail = models.BooleanField(default=False)
    is_vacant = models.BooleanField(null=True)
    list_count = models.SmallIntegerField(null=True)

    source = models.CharField(max_length=80, blank=True)
    as_of = models.DateField(null=True)
    # How far this property's source is trusted: see `Strength`.
    strength = models.SmallIntegerField(default=50)
    # Facts that come from elsewhere than `source` and `as_of`: {column: [source, as_of, strength]}.
    provenance = models.JSONField(default=dict)
    # What other sources said and was not taken: {column: [value, source, as_of, strength]}.
    conflicts = models.JSONField(default=dict)
    hand_edited = models.JSONField(default=list, help_text="Fields an import never overwrites.")
    history = history(unindexed=["workspace", "public_id"])

    class Meta(WorkspaceRow.Meta):
        verbose_name_plural = "properties"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "county_key", "apn_key"],
                condition=~models.Q(apn_key=""),
                name="property_parcel_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "address_key"],
                condition=models.Q(apn_key=""),
                name="property_address_once",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "address_key"], name="property_by_address")]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """One line for people: street, unit, city, state and ZIP."""
        return one_line(self.line, self.unit, self.city, self.state, self.zip, self.apn)


def one_line(line: str, unit: str, city: str, state: str, zip_code: str, apn: str) -> str:
    """An address for people; the parcel number where there is none."""
    street = f"{line} {unit}".strip()
    place = f"{city}, {state} {zip_code}".strip(" ,")
    return ", ".join(part for part in (street, place) if part) or f"APN {apn}"

"""Recorded sales and the files they come in: what the market paid, and when."""

from __future__ import annotations

from django.db import models

from apps.deals.models.files import FileImport
from apps.workspaces.scoping import WorkspaceRow


class SaleKind(models.TextChoices):
    """Kinds of property that are compared among themselves only."""

    SINGLE_FAMILY = "single_family", "Single family"
    CONDO = "condo", "Condo"
    TWO_FAMILY = "two_family", "Two family"
    THREE_FAMILY = "three_family", "Three family"
    FOUR_FAMILY = "four_family", "Four family"
    APARTMENTS = "apartments", "Apartments"
    LAND = "land", "Land"
    COMMERCIAL = "commercial", "Commercial"
    UNKNOWN = "", "Unknown"


class ComparableSale(WorkspaceRow):
    """One recorded sale. Identity: (source, external id)."""

    source = models.CharField(max_length=80)
    external_id = models.CharField(max_length=120)
    line = models.CharField(max_length=160)
    unit = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip = models.CharField(max_length=5, blank=True)
    address_key = models.CharField(max_length=240)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    # A point of the source is the house's own; else it is the centre of the ZIP.
    is_point_exact = models.BooleanField(default=False)
    sold_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    assessed_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    building_sqft = models.IntegerField(null=True)
    lot_sqft = models.IntegerField(null=True)
    bedrooms = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    bathrooms = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    year_built = models.SmallIntegerField(null=True)
    kind = models.CharField(max_length=16, choices=SaleKind, blank=True)
    is_arms_length = models.BooleanField(default=True)
    not_arms_length_because = models.CharField(max_length=200, blank=True)
    remarks = models.CharField(max_length=400, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source", "external_id"], name="comparable_sale_once"
            )
        ]
        indexes = [
            # Only sales that may be compared are looked for by place.
            models.Index(
                fields=["workspace", "kind", "latitude", "longitude"],
                condition=models.Q(is_arms_length=True, latitude__isnull=False),
                name="comparable_sale_place",
            ),
            models.Index(fields=["workspace", "-sold_on"], name="comparable_sale_newest"),
            models.Index(fields=["workspace", "address_key"], name="comparable_sale_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address}, {self.sold_on}"

    @property
    def address(self) -> str:
        """One line for people."""
        street = f"{self.line} {self.unit}".strip()
        return ", ".join(part for part in (street, self.city) if part)


class SaleImport(FileImport):
    """One file of sales and how far it has come."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELED = "canceled"

    preset = models.CharField(max_length=40)
    # What its sales give as their source.
    source_label = models.CharField(max_length=80)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    # {field: number of its column}
    columns = models.JSONField(default=dict)
    default_state = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    last_row = models.IntegerField(default=0)

    class Meta(FileImport.Meta):
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="sale_import_open",
            )
        ]


class SaleImportChunk(models.Model):
    """A piece of the file, so that any worker machine can go on with it."""

    sale_import = models.ForeignKey(SaleImport, on_delete=models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sale_import", "number"], name="sale_chunk_once")
        ]

    def __str__(self) -> str:
        return f"chunk {self.number} of sales file {self.sale_import_id}"


class SaleImportRow(models.Model):
    """A row of the file that became no sale of its own: rejected or a duplicate, and why."""

    sale_import = models.ForeignKey(SaleImport, on_delete=models.CASCADE, related_name="rows")
    row_no = models.IntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=400)
    raw = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sale_import", "row_no"], name="sale_row_once")
        ]

    def __str__(self) -> str:
        return f"row {self.row_no}: {self.outcome}"

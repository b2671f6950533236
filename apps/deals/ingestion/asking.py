"""A preview that a worker is to count: asked for, or wanted no more."""

from apps.deals.ingestion import limits
from apps.deals.models import ImportPreview, LeadImport


def ask_preview(lead_import: LeadImport) -> None:
    """Have all rows of a long draft looked at, from the first; a worker under way stops."""
    drop_preview(lead_import)
    if lead_import.rows_total > limits.PREVIEW_ROWS:
        ImportPreview.objects.create(lead_import=lead_import)


def drop_preview(lead_import: LeadImport) -> None:
    ImportPreview.objects.filter(lead_import=lead_import).delete()

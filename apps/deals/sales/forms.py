"""Validation of an uploaded file of sales."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from apps.common.addresses import normalize_state
from apps.deals.ingestion.reader import LARGEST_FILE, FileRefused
from apps.deals.sales.file import SaleFile, inspect_sales

NAMED = {
    "address": "Column of the address",
    "sold_on": "Column of the sale date",
    "amount": "Column of the price",
}


class SalesUploadForm(forms.Form):
    """`sale_file` is the checked file once the form is valid."""

    file = forms.FileField(
        label="File of sales",
        allow_empty_file=True,
        error_messages={"required": "Choose a file first."},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    address = forms.CharField(label=NAMED["address"], required=False, max_length=120)
    sold_on = forms.CharField(label=NAMED["sold_on"], required=False, max_length=120)
    amount = forms.CharField(label=NAMED["amount"], required=False, max_length=120)
    state = forms.CharField(label="State, if no column tells", required=False, max_length=20)
    sale_file: SaleFile

    def clean_state(self) -> str:
        written = self.cleaned_data["state"]
        state = normalize_state(written)
        if written and not state:
            raise forms.ValidationError("This is no US state.")
        return state

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        upload: UploadedFile | None = cleaned.get("file")
        if upload is None:
            return cleaned
        named = {name: cleaned[name] for name in NAMED if cleaned.get(name)}
        try:
            if (upload.size or 0) > LARGEST_FILE:
                raise FileRefused("The file is larger than 20 MB; split it.")
            self.sale_file = inspect_sales(upload.file, named)  # type: ignore[arg-type]
        except FileRefused as refusal:
            self.add_error("file", str(refusal))
        return cleaned

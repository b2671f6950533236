"""Validation of an uploaded list."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from apps.deals.ingestion.limits import LARGEST_UPLOAD, MEGABYTE
from apps.deals.ingestion.reader import FileRefused, ListFile, inspect


class UploadForm(forms.Form):
    """`list_file` is the checked file once the form is valid."""

    file = forms.FileField(
        label="List of leads",
        allow_empty_file=True,
        error_messages={"required": "Choose a file first."},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )
    list_name = forms.CharField(
        label="Name of the list",
        required=False,
        max_length=120,
        help_text="Properties on several lists stack. Empty: on no list.",
    )
    as_of = forms.DateField(
        label="As of",
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="The day the list tells of. Empty: today, unless its rows say.",
    )
    list_file: ListFile

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST_UPLOAD:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST_UPLOAD // MEGABYTE} MB; split it."
            )
        try:
            self.list_file = inspect(upload.file, largest=LARGEST_UPLOAD)  # type: ignore[arg-type]
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload

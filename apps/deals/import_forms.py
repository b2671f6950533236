"""Validation of an uploaded list."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from apps.deals.ingestion.reader import LARGEST_FILE, FileRefused, ListFile, inspect


class UploadForm(forms.Form):
    """`list_file` is the checked file once the form is valid."""

    file = forms.FileField(
        label="List of leads",
        allow_empty_file=True,
        error_messages={"required": "Choose a file first."},
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    list_file: ListFile

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 20 MB; split it.")
        try:
            self.list_file = inspect(upload.file)  # type: ignore[arg-type]
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload

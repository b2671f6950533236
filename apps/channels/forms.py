"""Validation of what people type."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.channels.rules import content
from apps.channels.types import AddressOption, Channel


class MessageForm(forms.Form):
    """A message written by hand to one of a person's addresses."""

    address = forms.ChoiceField(label="To")
    subject = forms.CharField(
        label="Subject", max_length=200, required=False, help_text="For e-mail only."
    )
    body = forms.CharField(
        label="Message", max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    # Made with the form: the same form sent twice is one message.
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, options: tuple[AddressOption, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = {f"{option.channel}|{option.address}": option for option in options}
        choices = [(value, option.label) for value, option in self.options.items()]
        self.fields["address"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        option = self.options.get(cleaned.get("address", ""))
        if option is None or "body" not in cleaned:
            return cleaned
        cleaned["option"] = option
        if option.channel == Channel.EMAIL and not cleaned.get("subject", "").strip():
            self.add_error("subject", "An e-mail needs a subject.")
        if problem := content.length_problem(option.channel, cleaned["body"]):
            self.add_error("body", problem)
        return cleaned


class AnswerForm(forms.Form):
    """What somebody types as the seller."""

    channel = forms.ChoiceField(label="Answer by")
    body = forms.CharField(label="Answer", max_length=1600)
    contact = forms.UUIDField(widget=forms.HiddenInput)
    token = forms.SlugField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {Channel.SMS: "Text", Channel.EMAIL: "E-mail"}
        choices = [(str(channel), labels[channel]) for channel in channels]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]
        self.fields["channel"].initial = choices[0][0] if choices else None

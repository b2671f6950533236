"""What may be written in the inbox."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from apps.channels.models.choices import Channel
from apps.common.phones import phone_text
from apps.inbox.types import SNOOZES
from apps.workspaces.models import Membership


class ReplyForm(forms.Form):
    """`nonce` names this one answer: a second click or a resent form sends nothing twice."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    channel = forms.ChoiceField(label="By")
    subject = forms.CharField(label="Subject (e-mail only)", max_length=200, required=False)
    body = forms.CharField(
        label="Your answer", max_length=1500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, addresses: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addresses = addresses
        channel: Any = self.fields["channel"]
        channel.choices = [
            (name, f"{Channel(name).label} to {phone_text(address)}")
            for name, address in addresses.items()
        ]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("channel") == "email" and not values.get("subject", "").strip():
            self.add_error("subject", "An e-mail needs a subject.")
        return values


class AssignForm(forms.Form):
    """Members of the workspace only; empty puts it back on nobody's desk."""

    member = forms.ChoiceField(label="Assigned to", required=False)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(each.user_id): each.user for each in members}
        member: Any = self.fields["member"]
        member.choices = [("", "Nobody"), *((key, str(user)) for key, user in self.users.items())]


class SnoozeForm(forms.Form):
    period = forms.ChoiceField(choices=[(key, label) for key, (label, _) in SNOOZES.items()])
